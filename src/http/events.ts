// What `/events` answers: a list in the shape of GitHub's public events, made up.

interface Event {
  readonly id: string;
  readonly type: string;
  readonly actor: { readonly id: number; readonly login: string; readonly display_login: string; readonly url: string };
  readonly repo: { readonly id: number; readonly name: string; readonly url: string };
  readonly payload: Readonly<Record<string, unknown>>;
  readonly public: true;
  readonly created_at: string;
}

const EVENTS: readonly (readonly [type: string, login: string, repo: string, payload: Record<string, unknown>])[] = [
  ['PushEvent', 'ada', 'ada/engine', { size: 2, ref: 'refs/heads/main' }],
  ['WatchEvent', 'grace', 'ada/engine', { action: 'started' }],
  ['CreateEvent', 'edsger', 'edsger/semaphore', { ref: 'v1.0.0', ref_type: 'tag' }],
  ['IssuesEvent', 'barbara', 'edsger/semaphore', { action: 'opened', issue: { number: 3, title: 'A permit is lost on cancel' } }],
  ['PullRequestEvent', 'tony', 'edsger/semaphore', { action: 'closed', number: 4, merged: true }],
  ['ForkEvent', 'donald', 'ada/engine', { forkee: { full_name: 'donald/engine' } }],
  ['IssueCommentEvent', 'edsger', 'edsger/semaphore', { action: 'created', comment: { body: 'Fixed in 1.0.1.' } }],
  ['ReleaseEvent', 'edsger', 'edsger/semaphore', { action: 'published', release: { tag_name: 'v1.0.1' } }],
];

const FIRST = Date.UTC(2024, 0, 1, 12);

/** The events, newest first. */
export const events: readonly Event[] = EVENTS.map(([type, login, repo, payload], index) => ({
  id: String(34_000_000_000 + index),
  type,
  actor: { id: 100 + index, login, display_login: login, url: `https://api.example.com/users/${login}` },
  repo: { id: 500 + repo.length, name: repo, url: `https://api.example.com/repos/${repo}` },
  payload,
  public: true as const,
  created_at: new Date(FIRST + index * 1000).toISOString().replace('.000Z', 'Z'),
})).reverse();
