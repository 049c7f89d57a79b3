// Several errors as one, for what fails in more than one place at once. Knows nothing of tasks.

/** Whether an error is meant: the stand-in for the type behind `except*`. Asked of groups too, before their members. */
export type ErrorPredicate = (error: unknown) => boolean;

/**
 * Errors that happened side by side. Stands for `ExceptionGroup`, and is an `AggregateError` to whoever knows only those.
 * JavaScript has no `except*`: catch the group, {@link split} it, and throw the rest again.
 *
 * @example
 * ```ts
 * import { ExceptionGroup } from 'asyncdemo';
 *
 * const group = new ExceptionGroup('two at once', [new TypeError('mine'), new RangeError('not mine')]);
 * const [mine, rest] = group.split((error) => error instanceof TypeError);
 * console.log(mine?.errors.length, rest?.message); // 1 two at once (1 sub-exception)
 * ```
 */
export class ExceptionGroup extends AggregateError {
  override readonly name = 'ExceptionGroup';
  /** The message without the count. */
  readonly title: string;

  /**
   * @param message what they have in common; how many there are is added.
   * @throws RangeError for no errors at all.
   */
  constructor(message: string, errors: Iterable<unknown>, options?: ErrorOptions) {
    const all = [...errors];
    if (all.length === 0) throw new RangeError('ExceptionGroup: expected at least one error, got none');
    super(all, `${message} (${all.length} sub-exception${all.length === 1 ? '' : 's'})`, options);
    this.title = message;
  }

  /** The errors that `predicate` means, in groups nested as they were; `undefined` where there are none. */
  subgroup(predicate: ErrorPredicate): ExceptionGroup | undefined {
    return this.split(predicate)[0];
  }

  /** The errors that `predicate` means, and the others; either is `undefined` where it would be empty. */
  split(predicate: ErrorPredicate): [ExceptionGroup | undefined, ExceptionGroup | undefined] {
    if (predicate(this)) return [this, undefined];
    const [meant, others]: [unknown[], unknown[]] = [[], []];
    for (const error of this.errors) {
      if (error instanceof ExceptionGroup) {
        const [inside, outside] = error.split(predicate);
        if (inside !== undefined) meant.push(inside);
        if (outside !== undefined) others.push(outside);
      } else {
        (predicate(error) ? meant : others).push(error);
      }
    }
    return [this.#of(meant), this.#of(others)];
  }

  /** A group of some of its errors, which happened where this one did and for the same cause. */
  #of(errors: readonly unknown[]): ExceptionGroup | undefined {
    if (errors.length === 0) return undefined;
    const group = new ExceptionGroup(this.title, errors, 'cause' in this ? { cause: this.cause } : undefined);
    if (this.stack !== undefined) group.stack = this.stack.replace(this.message, () => group.message);
    return group;
  }
}
