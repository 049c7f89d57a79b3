// The options every command takes.

export interface Globals {
  readonly json: boolean;
  readonly virtualTime: boolean;
  readonly seed: number | undefined;
  readonly quiet: boolean;
  readonly debug: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
}
