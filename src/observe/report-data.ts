// What a report carries: the log and the program's sources, as JSON that may stand in a page. Written by report.ts, read by
// the page itself.
import type { Log } from './log.ts';

/** A run as the page is given it. */
export interface ReportData {
  readonly log: Log;
  /** By the names that files have in the log's stacks. */
  readonly sources: ReadonlyMap<string, string>;
}

type Packed = {
  readonly log: Omit<Log, 'earlier' | 'stacks'> & {
    readonly earlier: [number, string][];
    readonly stacks: [number, Log['stacks'] extends ReadonlyMap<number, infer S> ? S : never][];
  };
  readonly sources: [string, string][];
};

/** Whatever would end the script element that the data stands in, or a line of it; all of them stand within strings only. */
const UNFIT = /[<\u2028\u2029]/g;

export function packReport({ log, sources }: ReportData): string {
  const packed: Packed = { log: { ...log, earlier: [...log.earlier], stacks: [...log.stacks] }, sources: [...sources] };
  return JSON.stringify(packed).replace(UNFIT, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function unpackReport(text: string): ReportData {
  const { log, sources } = JSON.parse(text) as Packed;
  return { log: { ...log, earlier: new Map(log.earlier), stacks: new Map(log.stacks) }, sources: new Map(sources) };
}
