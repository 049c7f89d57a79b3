// Who watches a loop: any number of observers, of which each is on its own. One that throws is taken away, the others go on.
import { GuardedObserver, type LoopObserver } from './observer.ts';

/** Every hook there is: each has its guard. */
const HOOKS = Object.getOwnPropertyNames(GuardedObserver.prototype).filter((name) => name !== 'constructor') as readonly (keyof LoopObserver)[];

/** The observers of one loop, oldest first. */
export class Watching {
  readonly #changed: (observer: GuardedObserver | null) => void;
  readonly #failed: (hook: keyof LoopObserver, error: unknown) => void;
  readonly #observers = new Map<LoopObserver, GuardedObserver>();
  #set: LoopObserver | undefined;

  /** `changed` is given whom the loop calls from now on; `failed` what a hook threw, its observer being gone. */
  constructor(changed: (observer: GuardedObserver | null) => void, failed: (hook: keyof LoopObserver, error: unknown) => void) {
    this.#changed = changed;
    this.#failed = failed;
  }

  add(observer: LoopObserver): void {
    const failed = (hook: keyof LoopObserver, error: unknown): void => {
      if (this.remove(observer)) this.#failed(hook, error);
    };
    this.#observers.set(observer, new GuardedObserver(observer, failed));
    this.#tell();
  }

  /** False where it does not watch. */
  remove(observer: LoopObserver): boolean {
    const removed = this.#observers.delete(observer);
    if (removed) this.#tell();
    return removed;
  }

  /** Puts an observer in the place of the one that was set before. */
  set(observer: LoopObserver | undefined): void {
    if (this.#set !== undefined) this.remove(this.#set);
    this.#set = observer;
    if (observer !== undefined) this.add(observer);
  }

  #tell(): void {
    const [first, ...others] = this.#observers.values();
    if (first === undefined) this.#changed(null);
    else this.#changed(others.length === 0 ? first : new GuardedObserver(others.reduce<LoopObserver>(both, first), never));
  }
}

/** Two observers that never throw as one. No hook takes more than two things. */
function both(first: LoopObserver, second: LoopObserver): LoopObserver {
  type Hook = ((a: unknown, b: unknown) => void) | undefined;
  const joined: Partial<Record<keyof LoopObserver, Hook>> = {};
  for (const hook of HOOKS) {
    joined[hook] = (a, b) => {
      (first[hook] as Hook)?.call(first, a, b);
      (second[hook] as Hook)?.call(second, a, b);
    };
  }
  return joined as LoopObserver;
}

function never(): void {}
