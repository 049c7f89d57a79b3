// What a future waits for that others settle: said by whoever makes it, for whoever looks in. Kept beside the futures, of
// which most wait for nothing that could be told.

/** `every`: it is done when all are; `any`: when the first is. What is done already does not count. */
export interface Dependence {
  readonly on: Iterable<object>;
  readonly needs: 'every' | 'any';
  /** Whether it is done as soon as one of them has failed, without the others. */
  readonly failsFast?: boolean;
  /** The timer by which the wait ends all the same. */
  readonly until?: { readonly pending: boolean } | undefined;
}

/** It waits for work of the host that is in flight: a socket, a promise. */
export const HOST: Dependence = { on: [], needs: 'any' };

const known = new WeakMap<object, Dependence>();

/** Says of a future, or of what coroutines stand in line at, what it waits for. */
export function dependsOn(waits: object, dependence: Dependence): void {
  known.set(waits, dependence);
}

/** Undefined where nothing was said. */
export function dependenceOf(waits: object): Dependence | undefined {
  return known.get(waits) ?? (waits as { readonly dependence?: Dependence }).dependence;
}
