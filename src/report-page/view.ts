// The run, the moment of it that is shown, and the task that is looked at: what all parts of the page share.
import { joined, type Part, partsOf } from '../observe/critical-path.ts';
import type { EventOf } from '../observe/lanes.ts';
import type { LogEvent } from '../observe/log.ts';
import type { Moment } from '../observe/moment.ts';
import { partitionPoint } from '../observe/partition-point.ts';
import { Replay } from '../observe/replay.ts';
import type { ReportData } from '../observe/report-data.ts';
import { Story } from '../observe/story.ts';
import { Player } from './player.ts';

/** A step of a task, or a callback: what runs at a time. */
export type Step = EventOf<'step'> | EventOf<'handle'>;

export class View {
  readonly story: Story;
  readonly sources: ReportData['sources'];
  readonly player: Player;
  /** The critical path, event by event, and what its time was spent on. */
  readonly path: readonly LogEvent[];
  readonly parts: readonly Part[];
  /** The same with neighbours that are alike as one. */
  readonly stretches: readonly Part[];
  readonly #replay: Replay;
  readonly #steps: readonly Step[];
  readonly #changed: () => void;
  /** The task that was chosen; undefined to follow whoever runs. */
  #chosen: number | undefined;

  /** `changed` is called whenever another moment or another task is to be shown. */
  constructor({ log, sources }: ReportData, changed: () => void) {
    this.story = new Story(log);
    this.sources = sources;
    this.player = new Player(this.story, changed);
    this.path = this.story.criticalPath();
    this.parts = partsOf(this.story, this.path);
    this.stretches = joined(this.parts);
    this.#replay = new Replay(this.story);
    this.#replay.at(Number.POSITIVE_INFINITY); // Through all of it once, so that no moment is far away later.
    this.#steps = log.events.filter((event) => event.event === 'step' || event.event === 'handle');
    this.#changed = changed;
  }

  /** How everything stands. */
  get moment(): Moment {
    return this.#replay.at(this.player.n);
  }

  /** The event that has just happened; undefined in an empty log. */
  get event(): LogEvent | undefined {
    return this.story.event(this.player.n);
  }

  get chosen(): number | undefined {
    return this.#chosen;
  }

  choose(task: number | undefined): void {
    this.#chosen = task;
    this.#changed();
  }

  /** The task that is looked at: the chosen one, or the one that runs or ran last. */
  get task(): number | undefined {
    if (this.#chosen !== undefined) return this.#chosen;
    const running = this.moment.open.findLast((open) => open.event === 'step');
    return (running ?? this.#lastStep())?.task ?? this.story.lanes.keys().next().value;
  }

  /** The step to be explained: the last of the task that is chosen, or what runs. */
  get explained(): LogEvent | undefined {
    if (this.#chosen === undefined) return this.moment.open.at(-1) ?? this.event;
    const span = this.story.lanes.get(this.#chosen)?.spans.findLast(({ state, first }) => state === 'running' && first <= this.player.n);
    return span === undefined ? undefined : this.story.event(span.first);
  }

  /** The last step of a task up to this moment. */
  #lastStep(): EventOf<'step'> | undefined {
    const begun = partitionPoint(this.#steps.length, (place) => (this.#steps[place] as Step).n <= this.player.n);
    for (let i = begun - 1; i >= 0; i--) {
      const step = this.#steps[i] as Step;
      if (step.event === 'step') return step;
    }
    return undefined;
  }

  /** How many steps there are in the log. */
  get steps(): number {
    return this.#steps.length;
  }
}
