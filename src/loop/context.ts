/// <reference lib="esnext.disposable" preserve="true" />
// Values that belong to a flow of control instead of a scope of the source: each task has its own, each callback those of
// whoever scheduled it. Knows nothing of either: whoever runs something enters its context before and leaves it behind.
import { LoopError } from './errors.ts';
import { running, runningWithin, runWithin } from './ground.ts';

/** The values of a context. Never changed in place, so that a snapshot costs nothing. */
type Values = ReadonlyMap<ContextVar<unknown>, unknown>;

/** The context something runs in; or the values for one that nobody has needed as an object yet, which most never are. */
export type Scope = Context | Values;

/** Whatever runs in a context of its own: a task, a handle. */
export interface InContext {
  /** @internal */
  scope: Scope;
}

export const NO_VALUES: Values = new Map();

/** What runs where no task and no handle does. */
const PROGRAM: InContext = { scope: NO_VALUES };

/** What runs right now. */
function current(): InContext {
  return (running() as InContext | undefined) ?? PROGRAM;
}

/**
 * The values of all context variables at one place. Stands for `contextvars.Context`; made by `copyContext()`. Whatever
 * is set while it is entered, by `run` or by the steps of a task, stays in it.
 *
 * @example
 * ```ts
 * import { Context, ContextVar } from 'asyncdemo';
 *
 * const user = new ContextVar<string>('user');
 * const context = new Context();
 * context.run(() => user.set('ada'));
 * console.log(context.get(user), user.get('nobody')); // ada nobody
 * ```
 */
export class Context {
  /** @internal */
  values: Values;
  /** @internal Whether code is running in it. */
  entered = false;

  /** An empty one, or (for the library) one of given values. */
  constructor(values: Values = NO_VALUES) {
    this.values = values;
  }

  /**
   * Calls `body(...args)` in this context; returns what it returns.
   * @throws LoopError when code is running in it already.
   */
  run<Args extends unknown[], T>(body: (...args: Args) => T, ...args: Args): T {
    if (isEntered(this)) throw new LoopError('cannot enter context: it is entered already');
    const runner = { scope: this };
    return runWithin(runner, () => {
      enterContext(runner);
      try {
        return body(...args);
      } finally {
        leaveContext(runner);
      }
    });
  }

  /** The value a variable was given in it, `fallback` where it was given none; defaults of variables do not count. */
  get<T>(variable: ContextVar<T>): T | undefined;
  get<T, Fallback>(variable: ContextVar<T>, fallback: Fallback): T | Fallback;
  get(variable: ContextVar<unknown>, fallback?: unknown): unknown {
    return this.values.has(variable) ? this.values.get(variable) : fallback;
  }

  /** Whether a variable was given a value in it. */
  has<T>(variable: ContextVar<T>): boolean {
    return this.values.has(variable as ContextVar<unknown>);
  }

  /** How many variables were given a value. */
  get size(): number {
    return this.values.size;
  }

  /** The variables with their values, in the order they were first set. */
  [Symbol.iterator](): IterableIterator<[ContextVar<unknown>, unknown]> {
    return this.values.entries();
  }

  /** A context with the same values that goes its own way from here. */
  copy(): Context {
    return new Context(this.values);
  }
}

/**
 * What `ContextVar.set` returns: the way back to the value before. Stands for `contextvars.Token`. With `using` the value
 * is reset at the end of the block.
 */
export class Token<T> implements Disposable {
  /** What {@link oldValue} is where the variable had no value. */
  static readonly MISSING: unique symbol = Symbol('Token.MISSING');
  readonly variable: ContextVar<T>;
  /** The value before the set, or {@link Token.MISSING}. */
  readonly oldValue: T | typeof Token.MISSING;
  /** @internal */
  readonly context: Context;
  /** @internal */
  used = false;

  /** @internal */
  constructor(variable: ContextVar<T>, oldValue: T | typeof Token.MISSING, context: Context) {
    this.variable = variable;
    this.oldValue = oldValue;
    this.context = context;
  }

  [Symbol.dispose](): void {
    this.variable.reset(this);
  }
}

/**
 * A variable with a value for each context. Stands for `contextvars.ContextVar`. A task starts with the values of whoever
 * created it, and what it sets is its own.
 *
 * @example
 * ```ts
 * import { ContextVar, type Coroutine, createTask, run } from 'asyncdemo';
 *
 * const request = new ContextVar<number>('request');
 * function* handle(id: number): Coroutine<void> {
 *   request.set(id);
 *   yield* answer();
 * }
 * function* answer(): Coroutine<void> {
 *   console.log('answers', request.get());
 * }
 * function* main(): Coroutine<void> {
 *   yield* createTask(handle(1));
 *   yield* createTask(handle(2));
 *   console.log(request.get(0));
 * }
 * await run(main());
 * // answers 1
 * // answers 2
 * // 0
 * ```
 */
export class ContextVar<T> {
  readonly name: string;
  readonly #defaults: { readonly defaultValue?: T };

  /** @param options.defaultValue what `get()` gives where no value was set. */
  constructor(name: string, options: { defaultValue?: T } = {}) {
    this.name = name;
    this.#defaults = options;
  }

  /**
   * The value in the context that is current; else `fallback`, else the default.
   * @throws ReferenceError where there is none of them. Stands for `LookupError`.
   */
  get(): T;
  get<Fallback>(fallback: Fallback): T | Fallback;
  get(...fallback: unknown[]): unknown {
    const values = snapshot();
    if (values.has(this as ContextVar<unknown>)) return values.get(this as ContextVar<unknown>);
    if (fallback.length > 0) return fallback[0];
    if ('defaultValue' in this.#defaults) return this.#defaults.defaultValue;
    throw new ReferenceError(`ContextVar '${this.name}' has no value in this context, and no default`);
  }

  /** Gives it a value in the context that is current. The token takes it back. */
  set(value: T): Token<T> {
    const context = contextOf(current());
    const old = context.values.has(this as ContextVar<unknown>) ? (context.values.get(this as ContextVar<unknown>) as T) : Token.MISSING;
    context.values = new Map(context.values).set(this as ContextVar<unknown>, value);
    return new Token(this, old, context);
  }

  /**
   * Goes back to the value before the `set` that gave `token`.
   * @throws LoopError for a token used before; RangeError for one of another variable or another context.
   */
  reset(token: Token<T>): void {
    if (token.used) throw new LoopError(`ContextVar '${this.name}': the token has already been used once`);
    if (token.variable !== this) throw new RangeError(`ContextVar '${this.name}': the token was created by a different ContextVar, '${token.variable.name}'`);
    const context = contextOf(current());
    if (token.context !== context) throw new RangeError(`ContextVar '${this.name}': the token was created in a different Context`);
    token.used = true;
    const values = new Map(context.values);
    if (token.oldValue === Token.MISSING) values.delete(this as ContextVar<unknown>);
    else values.set(this as ContextVar<unknown>, token.oldValue);
    context.values = values;
  }
}

/**
 * A copy of the context that is current. Stands for `contextvars.copy_context`.
 *
 * @example
 * ```ts
 * import { ContextVar, copyContext } from 'asyncdemo';
 *
 * const depth = new ContextVar('depth', { defaultValue: 0 });
 * const context = copyContext();
 * context.run(() => depth.set(1));
 * console.log(depth.get(), context.get(depth)); // 0 1
 * ```
 */
export function copyContext(): Context {
  return new Context(snapshot());
}

/** The values of now, for what will run later. */
export function snapshot(): Values {
  const { scope } = current();
  return scope instanceof Context ? scope.values : scope;
}

/** Whether no variable was given a value where we are: as in most programs. */
export function nothingIsSet(): boolean {
  return snapshot() === NO_VALUES;
}

/** The context something runs in, from now on as an object. */
export function contextOf(runner: InContext): Context {
  if (runner.scope instanceof Context) return runner.scope;
  const context = new Context(runner.scope);
  context.entered = runner === PROGRAM || runningWithin(runner) !== undefined;
  runner.scope = context;
  return context;
}

/** Whether code is running in this context, which then cannot be entered. */
export function isEntered(scope: Scope): boolean {
  return scope !== NO_VALUES && scope instanceof Context && scope.entered;
}

/** Its context is entered from now on. */
export function enterContext(runner: InContext): void {
  if (runner.scope !== NO_VALUES) setEntered(runner.scope, true);
}

/** Its context, which it may have been given meanwhile, is left. */
export function leaveContext(runner: InContext): void {
  if (runner.scope !== NO_VALUES) setEntered(runner.scope, false);
}

/** Apart from the two above, which every step calls and which are small enough to be inlined so: 5 to 10 % of a switch. */
function setEntered(scope: Scope, entered: boolean): void {
  if (scope instanceof Context) scope.entered = entered;
}
