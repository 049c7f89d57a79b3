// Every example there is: what it is called, where the article has it, what it takes. Pure data, so that help and lists
// are made without loading an example; its code is loaded when it runs.
import type { Run } from './demo.ts';

/** What an option takes, for the command line to check. */
export type Kind =
  | { readonly type: 'whole'; readonly from: number; readonly to: number }
  | { readonly type: 'duration'; readonly above?: number }
  | { readonly type: 'text'; readonly filled?: true }
  | { readonly type: 'flag' };

export interface Option {
  /** As commander takes it: `-n, --count <n>`. */
  readonly flags: string;
  readonly help: string;
  readonly kind: Kind;
  /** As it would be typed. */
  readonly fallback?: string;
}

/** What an option's value is called: `--virtual-time <x>` is `virtualTime`, `[delay]` is `delay`. */
export function nameOf({ flags }: Option): string {
  const name = /--([\w-]+)/.exec(flags)?.[1] ?? flags.replace(/[^\w-]/g, '');
  return name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}

export interface Example {
  readonly name: string;
  readonly alias?: string;
  /** The article's section. */
  readonly section: string;
  readonly summary: string;
  /** A positional argument. */
  readonly argument?: Option;
  /** Whether it fetches: it then takes URLs, and the options of every HTTP example. */
  readonly http: boolean;
  readonly options: readonly Option[];
  /** Command lines worth trying, with what they show. */
  readonly tries: readonly (readonly [command: string, shows: string])[];
  load(): Promise<{ readonly run: Run<never> }>;
}

const MOST_REQUESTS = 100_000;

/** What every HTTP example takes besides its own options. */
export const httpOptions: readonly Option[] = [
  { flags: '--input <file>', help: 'fetch the URLs in this file, one a line (- for stdin)', kind: { type: 'text' } },
  { flags: '--timeout <duration>', help: 'how long one attempt may take', kind: { type: 'duration', above: 0 }, fallback: '30s' },
  { flags: '--retries <n>', help: 'how often a failed request is tried again', kind: { type: 'whole', from: 0, to: 100 }, fallback: '0' },
  { flags: '--online', help: "fetch the article's own addresses on the internet", kind: { type: 'flag' } },
];

function count(fallback: string, help: string): Option {
  return { flags: '-n, --count <n>', help, kind: { type: 'whole', from: 1, to: MOST_REQUESTS }, fallback };
}

export const examples: readonly Example[] = [
  {
    name: 'reuse-loop',
    section: '1',
    summary: 'run one loop twice, close it, see it refuse',
    http: false,
    options: [],
    tries: [['asyncdemo reuse-loop --virtual-time', 'the same output, without the waiting']],
    load: () => import('./reuse-loop.ts'),
  },
  {
    name: 'gather-wait',
    section: '2',
    summary: 'two ways to start two tasks, and what each gives back',
    http: false,
    options: [],
    tries: [['asyncdemo gather-wait --json', 'each result as an object']],
    load: () => import('./gather-wait.ts'),
  },
  {
    name: 'cancel-all',
    section: '3',
    summary: 'cancel every task on Ctrl-C, restart the loop, drain it',
    http: false,
    options: [
      { flags: '-n, --count <n>', help: 'how many tasks wait', kind: { type: 'whole', from: 1, to: MOST_REQUESTS }, fallback: '3' },
      { flags: '--after <duration>', help: 'interrupt itself after this long', kind: { type: 'duration' }, fallback: '1s' },
    ],
    tries: [['asyncdemo cancel-all -n 5 --after 1m', 'press Ctrl-C: every task says that it was cancelled']],
    load: () => import('./cancel-all.ts'),
  },
  {
    name: 'timer',
    section: '4',
    summary: 'a callback when a time has passed',
    argument: { flags: '[delay]', help: 'how long to wait', kind: { type: 'duration' }, fallback: '30s' },
    http: false,
    options: [],
    tries: [
      ['asyncdemo timer 3', 'three seconds'],
      ['asyncdemo timer 2m --virtual-time', 'two minutes, at once'],
    ],
    load: () => import('./timer.ts'),
  },
  {
    name: 'async-for',
    section: '5',
    summary: 'iterate over digits that arrive one by one',
    http: false,
    options: [{ flags: '-n, --count <n>', help: 'how many digits', kind: { type: 'whole', from: 0, to: MOST_REQUESTS }, fallback: '5' }],
    tries: [['asyncdemo async-for -n 3 --seed 7', 'the same three digits every time']],
    load: () => import('./async-for.ts'),
  },
  {
    name: 'async-with',
    section: '5',
    summary: 'enter and leave a context, driven by hand, without a loop',
    http: false,
    options: [],
    tries: [['asyncdemo async-with', 'four lines']],
    load: () => import('./async-with.ts'),
  },
  {
    name: 'fetch-status',
    section: '6',
    summary: 'many requests at once, in the order of completion',
    http: true,
    options: [count('10', 'how many requests the example makes')],
    tries: [
      ['asyncdemo fetch-status https://example.com https://nodejs.org', 'the status of your own URLs'],
      ['asyncdemo fetch-status --input urls.txt --timeout 5s --retries 2', 'a file of them'],
    ],
    load: () => import('./fetch-status.ts'),
  },
  {
    name: 'spinner',
    section: '6.1',
    summary: 'a spinner beside something slow',
    http: false,
    options: [
      { flags: '--duration <duration>', help: 'how long the slow function takes', kind: { type: 'duration' }, fallback: '10s' },
      { flags: '--message <text>', help: 'what stands beside the spinner', kind: { type: 'text' }, fallback: 'thinking!' },
    ],
    tries: [['asyncdemo spinner --duration 3 --message "almost there"', 'press Ctrl-C meanwhile']],
    load: () => import('./spinner.ts'),
  },
  {
    name: 'progress',
    section: '6.2',
    summary: 'a progress bar over results as they come in',
    http: true,
    options: [
      count('10', 'how many requests the example makes'),
      { flags: '--pause <duration>', help: 'how long to wait before each result is taken', kind: { type: 'duration' }, fallback: '2s' },
    ],
    tries: [['asyncdemo progress -n 50 --pause 100ms', 'a faster bar']],
    load: () => import('./progress.ts'),
  },
  {
    name: 'semaphore-fetch',
    alias: 'fetch',
    section: '6.3',
    summary: 'fetch with at most so many requests at once',
    http: true,
    options: [
      count('12', 'how many requests the example makes'),
      { flags: '-c, --concurrency <n>', help: 'how many requests may run at once', kind: { type: 'whole', from: 1, to: 10_000 }, fallback: '3' },
      { flags: '--field <path>', help: 'show this field of each JSON answer, args.a say', kind: { type: 'text', filled: true } },
    ],
    tries: [
      ['asyncdemo fetch --concurrency 3', "the article's twelve requests"],
      ['cat urls.txt | asyncdemo fetch - -c 50', 'a status checker for thousands of URLs'],
    ],
    load: () => import('./semaphore-fetch.ts'),
  },
];
