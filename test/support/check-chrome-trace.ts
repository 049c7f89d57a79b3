// The rules of the Chrome trace format, as Perfetto's importer reads it: what breaks one is dropped or drawn elsewhere, and nobody
// is told. It sorts by time, keeps a stack of slices for each thread, and binds arrows to what is on top of it.

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly id?: number;
  readonly bp?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

interface OpenSlice {
  readonly event: TraceEvent;
  readonly to: number;
}

/** What is wrong with a trace, a sentence each; empty where it is in order. */
export function checkChromeTrace(text: string): string[] {
  if (!text.startsWith('{"')) return [`expected a file that begins with {", got ${text.slice(0, 10)}`];
  let events: unknown;
  try {
    events = JSON.parse(text).traceEvents;
  } catch (error) {
    return [`expected JSON, got ${error}`];
  }
  if (!Array.isArray(events)) return ['expected traceEvents to be a list'];
  const check = new Check();
  for (const event of events) check.see(event);
  check.end();
  return check.complaints;
}

class Check {
  readonly complaints: string[] = [];
  #last: number | undefined;
  readonly #processOf = new Map<number, number>();
  readonly #named = new Set<string>();
  readonly #curves = new Map<string, TraceEvent>();
  readonly #stacks = new Map<number, OpenSlice[]>();
  readonly #started = new Map<number, { event: TraceEvent; slice: OpenSlice | undefined; ended: boolean }>();

  see(event: TraceEvent): void {
    const wrong = (what: string): void => void this.complaints.push(`${what}: ${JSON.stringify(event)}`);
    if (/\\ud[89a-f]/.test(JSON.stringify(event).replaceAll('\\\\', ''))) return wrong('expected whole characters, got half of a surrogate pair');
    if (!['M', 'X', 's', 'f', 'C'].includes(event.ph)) return wrong('expected a phase of M, X, s, f or C');
    if (typeof event.name !== 'string' || event.name === '') return wrong('expected a name');
    for (const id of [event.pid, event.tid])
      if (!Number.isInteger(id) || id < 1 || id > 0x7fff_ffff) return wrong('expected pid and tid to be whole numbers from 1 up, of 31 bits');
    const process = this.#processOf.get(event.tid) ?? event.pid;
    this.#processOf.set(event.tid, event.pid);
    if (process !== event.pid) return wrong(`expected a tid of its own, got the one of a thread of process ${process}`);
    if (event.ph === 'M') return this.#metadata(event, wrong);
    if (!isTime(event.ts)) return wrong('expected ts to be in microseconds, of whole nanoseconds');
    if (this.#last === undefined && event.ts > 0) wrong('expected the first at 0, where readers begin');
    if (event.ts < (this.#last ?? 0)) return wrong(`expected a ts of ${this.#last} or later`);
    this.#last = event.ts;
    if (event.ph === 'X') return this.#slice(event, wrong);
    if (event.ph === 'C') return this.#curve(event, wrong);
    return this.#arrow(event, wrong);
  }

  end(): void {
    for (const { event, ended } of this.#started.values()) if (!ended) this.complaints.push(`expected an end of arrow ${event.id}`);
    for (const event of this.#curves.values())
      if (Object.values(event.args ?? {}).some((value) => value !== 0)) this.complaints.push(`expected a curve to end at 0: ${JSON.stringify(event)}`);
    for (const [tid, pid] of this.#processOf) {
      if (!this.#named.has(`process_name ${pid}`)) this.complaints.push(`expected process ${pid} to have a name`);
      for (const name of ['thread_name', 'thread_sort_index'])
        if (!this.#named.has(`${name} ${tid}`)) this.complaints.push(`expected thread ${tid} to have a ${name}`);
      if (tid !== pid && [...this.#processOf.values()].includes(tid))
        this.complaints.push(`expected thread ${tid} not to have the number of a process, whose main thread it would be`);
    }
  }

  #metadata({ name, pid, tid, ts, args }: TraceEvent, wrong: (what: string) => void): void {
    if (ts !== undefined) wrong('expected metadata without a time');
    if (!['process_name', 'process_sort_index', 'thread_name', 'thread_sort_index'].includes(name)) return wrong('expected a known kind of metadata');
    const value = args?.[name.endsWith('_name') ? 'name' : 'sort_index'];
    if (name.endsWith('_name') ? typeof value !== 'string' || value === '' : !Number.isInteger(value)) return wrong('expected metadata with its value');
    const key = `${name} ${name.startsWith('process') ? pid : tid}`;
    if (this.#named.has(key)) wrong('expected it to be said once');
    this.#named.add(key);
  }

  #slice(event: TraceEvent, wrong: (what: string) => void): void {
    if (!isTime(event.dur) || event.dur === 0) return wrong('expected dur to be in microseconds, of whole nanoseconds, above 0');
    if (typeof event.cat !== 'string') return wrong('expected a category');
    const stack = this.#stackOf(event);
    const [to, parent] = [event.ts + event.dur, stack.at(-1)];
    if (parent !== undefined && to > parent.to) return wrong(`expected it to end with ${parent.event.name} at ${parent.to} or before, got ${to}`);
    stack.push({ event, to });
  }

  #curve(event: TraceEvent, wrong: (what: string) => void): void {
    const values = Object.values(event.args ?? {});
    if (values.length === 0 || !values.every(Number.isFinite)) wrong('expected numbers to draw a curve through');
    this.#curves.set(`${event.pid} ${event.name}`, event);
  }

  #arrow(event: TraceEvent, wrong: (what: string) => void): void {
    const { id, ph, name, cat, ts } = event;
    if (!Number.isSafeInteger(id) || (id as number) < 0) return wrong('expected an arrow with a whole number for its id');
    const slice = this.#stackOf(event).at(-1);
    if (slice === undefined) return wrong('expected a slice that the arrow is bound to');
    const start = this.#started.get(id as number);
    if (ph === 's') {
      if (start !== undefined) return wrong('expected an id that no arrow had before');
      if (ts === slice.event.ts) wrong('expected an arrow to begin within a slice, not with it: readers differ there');
      this.#started.set(id as number, { event, slice, ended: false });
      return;
    }
    if (event.bp !== 'e') return wrong('expected an arrow that ends in the slice of that moment, bp: e');
    if (start === undefined) return wrong('expected an arrow that has begun');
    if (start.ended) return wrong('expected an arrow to end once');
    start.ended = true;
    if (start.event.name !== name || start.event.cat !== cat) return wrong('expected an arrow of one name and category');
    // Perfetto turns it around otherwise.
    if ((start.slice as OpenSlice).event.ts >= slice.event.ts) wrong('expected an arrow to lead to a slice that begins later');
  }

  /** The slices that are open at the time of `event` on its thread. */
  #stackOf({ tid, ts }: TraceEvent): OpenSlice[] {
    const stack = this.#stacks.get(tid) ?? [];
    this.#stacks.set(tid, stack);
    while (stack.length > 0 && (stack.at(-1) as OpenSlice).to <= ts) stack.pop();
    return stack;
  }
}

/** Microseconds of whole nanoseconds, which are told exactly, also when a reader multiplies them. */
function isTime(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return false;
  const ns = value * 1000;
  if (ns >= 2 ** 63) return false;
  return Number.isSafeInteger(ns) || (Number.isInteger(value * 8) && BigInt(value * 8) * 125n === BigInt(ns));
}
