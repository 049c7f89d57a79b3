// The Chrome trace format: processes, threads, slices, arrows and curves as lines of JSON that keep to its rules. Knows when the
// events of a log are drawn, and in which run of the loop they lie; what they mean is said by chrome-trace.ts.
import { drawnTimes, TICKS } from './drawn-time.ts';
import type { Story } from './story.ts';

/** One run of the loop, a process of the trace; its times are in ticks. */
interface Run {
  readonly pid: number;
  from: number;
  to: number;
}

/** A row of slices, which has a thread in each process where something is drawn on it. */
export interface Row {
  readonly name: string;
  /** Rows are shown in this order. */
  readonly order: number;
  readonly tids: Map<number, number>;
}

/** A slice that was drawn. */
interface Slice {
  readonly pid: number;
  readonly tid: number;
  readonly from: number;
  readonly to: number;
}

/** Writes a trace, whose slices are to be drawn first. */
export class TraceWriter {
  readonly #first: number;
  readonly #times: Float64Array;
  readonly #runs: readonly Run[];
  /** The number of the run of each event. */
  readonly #runOf: Uint32Array;
  readonly #metadata: string[] = [];
  readonly #lines: { readonly ts: number; readonly text: string }[] = [];
  /** By the event that began them. */
  readonly #slices = new Map<number, Slice>();
  /** Where each curve stands in each run. */
  readonly #values = new Map<string, number>();
  /** How many threads there are. They are numbered in the order of their rows: by their numbers Perfetto shows those of a process, whatever it is told. */
  #tids: number;
  #arrows = 0;

  constructor(story: Story) {
    this.#first = story.log.dropped + 1;
    this.#times = drawnTimes(story);
    [this.#runs, this.#runOf] = findRuns(story, this.#times);
    // The main thread of a process is the one of its number, which no other thread may have.
    this.#tids = this.#runs.length;
    const title = story.log.title || 'event loop';
    for (const { pid } of this.#runs) {
      // Readers show the first forty letters or so.
      this.#tell('process_name', pid, pid, { name: this.#runs.length === 1 ? title : `run ${pid} of ${this.#runs.length}: ${title}` });
      this.#tell('process_sort_index', pid, pid, { sort_index: pid });
    }
  }

  /** The row of the main threads, which is there in each run. */
  mainRow(name: string): Row {
    const row = { name, order: 0, tids: new Map<number, number>() };
    for (const { pid } of this.#runs) this.#tellThread(row, pid, pid);
    return row;
  }

  row(name: string, order: number): Row {
    return { name, order, tids: new Map() };
  }

  /** Draws from one event to another, 0 for the end of the log; in each run that lies between. */
  slice(row: Row, name: string, category: string, first: number, last: number, args: object): void {
    const [from, to] = [this.#time(first), this.#time(last)];
    for (let pid = this.#runNumber(first); pid <= this.#runNumber(last); pid++) {
      const run = this.#runs[pid - 1] as Run;
      const piece = { pid, from: Math.max(from, run.from), to: Math.min(to, run.to) };
      if (piece.to <= piece.from) continue;
      const slice = { ...piece, tid: this.#tid(row, pid) };
      if (!this.#slices.has(first)) this.#slices.set(first, slice);
      const { tid } = slice;
      this.#add(slice.from, { ph: 'X', name, cat: category, pid, tid, ts: slice.from / TICKS, dur: (slice.to - slice.from) / TICKS, args });
    }
  }

  /** Draws an arrow out of the slice that began with event `from`, at the time of event `at`, to the beginning of the slice of event `to`. */
  arrow(name: string, from: number, at: number, to: number): void {
    const [source, target, ts] = [this.#slices.get(from), this.#slices.get(to), this.#time(at)];
    // An arrow is bound to what is drawn at its ends: in the middle of the one, and at the very beginning of the other.
    if (source === undefined || target === undefined || ts < source.from || ts >= source.to || ts > target.from) return;
    const id = ++this.#arrows;
    this.#add(ts, { ph: 's', name, cat: name, id, pid: source.pid, tid: source.tid, ts: ts / TICKS });
    this.#add(target.from, { ph: 'f', bp: 'e', name, cat: name, id, pid: target.pid, tid: target.tid, ts: target.from / TICKS });
  }

  /** Draws a curve on, where it changes; at event `n`, 0 for the end of the log. */
  curve(name: string, unit: string, n: number, value: number): void {
    const pid = this.#runNumber(n);
    const key = `${pid} ${name}`;
    if (this.#values.get(key) === value) return;
    this.#values.set(key, value);
    const ts = this.#time(n);
    this.#add(ts, { ph: 'C', name, pid, tid: pid, ts: ts / TICKS, args: { [unit]: value } });
  }

  text(): string {
    // A stable sort: of what begins at the same time, slices were drawn first.
    this.#lines.sort((a, b) => a.ts - b.ts);
    return `{"traceEvents":[\n${[...this.#metadata, ...this.#lines.map(({ text }) => text)].join(',\n')}\n]}\n`;
  }

  #add(ts: number, event: object): void {
    this.#lines.push({ ts, text: formatJson(event) });
  }

  /** Without a time, which metadata must not have. */
  #tell(name: string, pid: number, tid: number, args: object): void {
    this.#metadata.push(formatJson({ ph: 'M', name, pid, tid, args }));
  }

  #tellThread(row: Row, pid: number, tid: number): void {
    row.tids.set(pid, tid);
    this.#tell('thread_name', pid, tid, { name: row.name });
    this.#tell('thread_sort_index', pid, tid, { sort_index: row.order });
  }

  #tid(row: Row, pid: number): number {
    if (!row.tids.has(pid)) this.#tellThread(row, pid, ++this.#tids);
    return row.tids.get(pid) as number;
  }

  #runNumber(n: number): number {
    return n === 0 ? this.#runs.length : (this.#runOf[n - this.#first] ?? 1);
  }

  #time(n: number): number {
    return (n === 0 ? this.#times.at(-1) : this.#times[n - this.#first]) ?? 0;
  }
}

/** Half of a surrogate pair, as a name may have that was cut somewhere, is no character; Perfetto never gets to the end of a file with one. */
function formatJson(value: object): string {
  return JSON.stringify(value, (_key, part) => (typeof part === 'string' ? part.replace(/\p{Surrogate}/gu, '\ufffd') : part));
}

/** What happens between two runs counts as the first one's. */
function findRuns({ log }: Story, times: Float64Array): [Run[], Uint32Array] {
  let run: Run = { pid: 1, from: 0, to: Number.POSITIVE_INFINITY };
  const runs = [run];
  const runOf = new Uint32Array(log.events.length);
  log.events.forEach(({ event }, i) => {
    const at = times[i] as number;
    if (event === 'run' && run.to < at) {
      run = { pid: runs.length + 1, from: at, to: Number.POSITIVE_INFINITY };
      runs.push(run);
    } else if (event === 'run') run.from = at;
    else if (event === 'stop') run.to = at;
    runOf[i] = run.pid;
  });
  return [runs, runOf];
}
