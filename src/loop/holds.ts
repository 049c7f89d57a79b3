// How much work of the host is in flight for a loop: what may still wake it, and what virtual time waits for.

/** Counts what is held and what is lent. Tells when the count changes. */
export class Holds {
  readonly #changed: () => void;
  #count = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Whether anything is in flight that does not itself wait for the loop. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** Counts `weight` until the returned function is called. */
  add(weight: 1 | -1): () => void {
    this.#change(weight);
    let counted = true;
    return () => {
      if (counted) this.#change(-weight);
      counted = false;
    };
  }

  #change(by: number): void {
    this.#count += by;
    this.#changed();
  }
}
