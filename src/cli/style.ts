// Colours, by chalk, for a stream that wants them.

export interface Styles {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
}

const plain = (text: string): string => text;

/** `NO_COLOR` and `--no-color` win over a terminal, `FORCE_COLOR` over a pipe. chalk, which knows only the latter, is loaded where there is colour. */
export async function styles(stream: NodeJS.WriteStream, color: boolean, env: NodeJS.ProcessEnv = process.env): Promise<Styles> {
  if (!wantsColour(stream, color, env)) return { bold: plain, dim: plain, green: plain, red: plain };
  const { Chalk, supportsColor } = await import('chalk');
  return new Chalk({ level: supportsColor === false ? 1 : supportsColor.level });
}

/** Whether a stream is to be coloured. */
export function wantsColour(stream: NodeJS.WriteStream, color: boolean, env: NodeJS.ProcessEnv = process.env): boolean {
  if (!color) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
