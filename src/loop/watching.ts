// Who watches a loop: any number of observers, of which each is on its own. One that throws is taken away, the others go on.
import { GuardedObserver, type LoopObserver } from './observer.ts';

/** Every hook there is: each has its guard. */
const HOOKS = Object.getOwnPropertyNames(GuardedObserver.prototype).filter((name) => name !== 'constructor') as readonly (keyof LoopObserver)[];

/** The observers of one loop, oldest first. */
export class Watching {
  readonly #changed: (observer: GuardedObserver | null) => void;
  readonly #failed: (hook: keyof LoopObserver, error: unknown) => void;
  /** One that was added twice stands here twice, and each time is ended by itself. */
  readonly #observers = new Set<GuardedObserver>();
  #removeSet: (() => void) | undefined;

  /** `changed` is given whom the loop calls from now on; `failed` what a hook threw, its observer being gone. */
  constructor(changed: (observer: GuardedObserver | null) => void, failed: (hook: keyof LoopObserver, error: unknown) => void) {
    this.#changed = changed;
    this.#failed = failed;
  }

  /** Returns what ends that. */
  add(observer: LoopObserver): () => void {
    const guarded = new GuardedObserver(observer, (hook, error) => {
      if (this.#remove(guarded)) this.#failed(hook, error);
    });
    this.#observers.add(guarded);
    this.#tell();
    return () => void this.#remove(guarded);
  }

  /** Puts an observer in the place of the one that was set before. */
  set(observer: LoopObserver | undefined): void {
    this.#removeSet?.();
    this.#removeSet = observer && this.add(observer);
  }

  /** False where it watches no more. */
  #remove(observer: GuardedObserver): boolean {
    const removed = this.#observers.delete(observer);
    if (removed) this.#tell();
    return removed;
  }

  #tell(): void {
    const [first, ...others] = this.#observers;
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
