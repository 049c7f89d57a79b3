// What a report carries: the log and the program's sources, as JSON that may stand in a page. Written by report.ts, read by
// the page itself.
import type { Log, LogEvent } from './log.ts';

/** A run as the page is given it. */
export interface ReportData {
  readonly log: Log;
  /** By the names that files have in the log's stacks. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Events that tell the same things: what, once, and then fact by fact of one event after the other. A third of the length. */
interface PackedEvents {
  readonly event: string;
  readonly tells: readonly string[];
  readonly facts: unknown[];
}

interface Packed {
  readonly log: Omit<Log, 'events' | 'earlier' | 'stacks'> & {
    readonly events: readonly PackedEvents[];
    readonly earlier: [number, string][];
    readonly stacks: [number, Log['stacks'] extends ReadonlyMap<number, infer Lines> ? Lines : never][];
  };
  readonly sources: [string, string][];
}

/** Whatever would end the script element that the data stands in, or a line of it; all of them stand within strings only. */
const UNFIT = /[<\u2028\u2029]/g;

export function packReport({ log, sources }: ReportData): string {
  const { version, virtual, title, dropped } = log;
  const packed: Packed = {
    log: { version, virtual, title, dropped, events: packEvents(log.events), earlier: [...log.earlier], stacks: [...log.stacks] },
    sources: [...sources],
  };
  return JSON.stringify(packed).replace(UNFIT, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function unpackReport(text: string): ReportData {
  const { log, sources } = JSON.parse(text) as Packed;
  return { log: { ...log, events: unpackEvents(log.events), earlier: new Map(log.earlier), stacks: new Map(log.stacks) }, sources: new Map(sources) };
}

function packEvents(events: readonly LogEvent[]): PackedEvents[] {
  const kinds = new Map<string, PackedEvents>();
  for (const { event, ...told } of events) {
    const tells = Object.keys(told);
    const kind = JSON.stringify([event, tells]);
    let packed = kinds.get(kind);
    if (packed === undefined) {
      packed = { event, tells, facts: [] };
      kinds.set(kind, packed);
    }
    packed.facts.push(...Object.values(told));
  }
  return [...kinds.values()];
}

function unpackEvents(kinds: readonly PackedEvents[]): LogEvent[] {
  const events: LogEvent[] = [];
  for (const { event, tells, facts } of kinds) {
    for (let i = 0; i < facts.length; ) {
      const told: Record<string, unknown> = { event };
      for (const tell of tells) told[tell] = facts[i++];
      events.push(told as unknown as LogEvent);
    }
  }
  return events.sort((a, b) => a.n - b.n);
}
