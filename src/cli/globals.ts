// The options every command takes.

export interface Globals {
  readonly json: boolean;
  readonly virtualTime: boolean;
  readonly seed: number | undefined;
  readonly quiet: boolean;
  readonly debug: boolean;
  /** How often the tree of tasks is printed, in ms; undefined for never. */
  readonly ps: number | undefined;
  /** False with `--no-color`. */
  readonly color: boolean;
}
