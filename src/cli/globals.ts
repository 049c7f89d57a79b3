// The options every command takes.

/** What is wanted of a run beside what it prints. */
export interface Asked {
  /** The file its log goes to. */
  readonly record?: string | undefined;
  readonly timeline?: boolean | undefined;
  /** The file for a Chrome trace. */
  readonly trace?: string | undefined;
  /** The file for a report. */
  readonly report?: string | undefined;
}

/** The options with which something is. */
export function optionsAsked(asked: Asked): string[] {
  return (['timeline', 'record', 'trace', 'report'] as const)
    .filter((option) => asked[option] !== undefined && asked[option] !== false)
    .map((option) => `--${option}`);
}

export interface Globals extends Asked {
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
