// `npm run mutants`: puts every fault into the sources, one at a time, and says which test noticed it. A fault that none
// notices is a rule that is not proved, and a failure.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { mutants } from './faults/index.ts';
import { type Failure, Lane, type Verdict } from './lane.ts';
import { type Mutant, root } from './mutant.ts';

const USAGE = `usage: npm run mutants -- [options]
  --rule N      the faults of one rule (repeat for more)
  --only TEXT   the faults with TEXT in what they break, or in their file's name
  --sample N    N of them, chosen by --seed S (1 unless given)
  --full        run all tests for each, and list every test file that notices
  --json        one JSON object a line`;

const OPTIONS = {
  rule: { type: 'string', multiple: true },
  only: { type: 'string' },
  sample: { type: 'string' },
  seed: { type: 'string' },
  full: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** How many faults are tried at the same time. */
const LANES = Math.min(2, availableParallelism());

/** Where a fault is looked for that those expected to notice it did not. */
const EVERYWHERE = ['loop', 'node', 'proof', 'conformance'];

/** What became of a fault. */
interface Outcome {
  readonly mutant: Mutant;
  readonly failures: readonly Failure[];
  /** Whether it was noticed where that was expected. */
  readonly expected: boolean;
  readonly ms: number;
}

/** Returns the exit code: 0 when every fault was noticed, 2 when none was chosen. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const chosen = choose(values);
  if (chosen.length === 0) {
    console.error(`mutants: expected a rule or text that fits one of ${mutants.length} faults, got ${args.join(' ')}`);
    return 2;
  }
  const say = values.json ? (row: object) => console.log(JSON.stringify(row)) : (_row: object, text: string) => console.log(text);
  const began = performance.now();
  const lanes = await Promise.all(Array.from({ length: LANES }, () => Lane.open(!values.full)));
  try {
    const broken = await withoutFault(lanes, [...new Set(chosen.flatMap(({ caughtBy }) => caughtBy))]);
    if (broken.length > 0) {
      for (const failure of broken) say({ fault: null, ...failure }, `fails without any fault: test/${failure.file}: ${failure.test}: ${failure.message}`);
      return 1;
    }
    const outcomes: Outcome[] = [];
    await share(lanes, chosen, async (lane, mutant) => {
      const outcome = await (values.full ? listAll(lane, mutant) : look(lane, mutant));
      outcomes.push(outcome);
      say(rowOf(outcome), lineOf(outcome, values.full === true));
    });
    const survivors = outcomes.filter(({ failures }) => failures.length === 0);
    if (!values.json) console.log(summaryOf(outcomes, performance.now() - began));
    return survivors.length === 0 ? 0 : 1;
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

function choose(values: { rule?: string[] | undefined; only?: string | undefined; sample?: string | undefined; seed?: string | undefined }): Mutant[] {
  const { rule, only = '', sample } = values;
  const fitting = mutants.filter((mutant) => (rule === undefined || rule.includes(String(mutant.rule))) && `${mutant.breaks} ${mutant.file}`.includes(only));
  if (sample === undefined) return fitting;
  // Mulberry32: the same seed is the same sample.
  let state = Number(values.seed ?? 1);
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return fitting
    .map((mutant) => ({ mutant, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, Number(sample))
    .map(({ mutant }) => mutant);
}

/** Does `work` for each item, on whichever lane is free. */
async function share<T>(lanes: readonly Lane[], items: readonly T[], work: (lane: Lane, item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    lanes.map(async (lane) => {
      for (const item of left) await work(lane, item);
    }),
  );
}

/** A test that fails anyway notices nothing. */
async function withoutFault(lanes: readonly Lane[], files: readonly string[]): Promise<Failure[]> {
  const failures: Failure[] = [];
  const half = Math.ceil(files.length / lanes.length);
  const parts = lanes.map((_, index) => files.slice(index * half, (index + 1) * half)).filter((part) => part.length > 0);
  await share(lanes, parts, async (lane, part) => void failures.push(...(await lane.run(undefined, part)).failures));
  return failures;
}

/** First where it is expected to be noticed, file by file; then everywhere. */
async function look(lane: Lane, mutant: Mutant): Promise<Outcome> {
  const began = performance.now();
  for (const file of mutant.caughtBy) {
    const verdict = await lane.run(mutant, [file]);
    if (verdict.failures.length > 0) return { mutant, failures: verdict.failures, expected: isTelling(verdict), ms: performance.now() - began };
  }
  const but = mutant.caughtBy.filter((place) => !place.includes('#'));
  for (;;) {
    const { failures } = await lane.run(mutant, everywhere(but));
    const file = failures[0]?.file;
    // Nobody has looked yet whether this one passes without the fault.
    if (!file || (await lane.run(undefined, [file])).failures.length === 0) return { mutant, failures, expected: false, ms: performance.now() - began };
    but.push(file);
  }
}

async function listAll(lane: Lane, mutant: Mutant): Promise<Outcome> {
  const began = performance.now();
  const verdict = await lane.run(mutant, everywhere([]));
  return { mutant, failures: verdict.failures, expected: isTelling(verdict), ms: performance.now() - began };
}

/** A file that could not even be loaded says that the fault is none: it breaks everything. */
function isTelling({ ran }: Verdict): boolean {
  return ran > 0;
}

function everywhere(but: readonly string[]): string[] {
  return EVERYWHERE.flatMap((folder) => readdirSync(`${root}test/${folder}`).map((name) => `${folder}/${name}`)).filter(
    (file) => file.endsWith('.test.ts') && !but.includes(file),
  );
}

function rowOf({ mutant, failures, expected, ms }: Outcome): object {
  const { rule, breaks, file } = mutant;
  return { rule, breaks, file, caught: failures.length > 0, expected, by: failures, ms: Math.round(ms) };
}

function lineOf(outcome: Outcome, everyFile: boolean): string {
  const { mutant, failures, expected, ms } = outcome;
  const head = `${String(mutant.rule).padStart(2)}  ${`${(ms / 1000).toFixed(1)} s`.padStart(6)}  ${mutant.file}: ${mutant.breaks}`;
  const [first] = failures;
  if (first === undefined) return `${head}\n            NOT CAUGHT`;
  if (everyFile) return `${head}\n            caught by ${[...new Set(failures.map(({ file }) => file))].join(', ')}`;
  return `${head}\n            ${expected ? 'caught by' : 'caught elsewhere:'} ${first.file}: ${first.test}`;
}

function summaryOf(outcomes: readonly Outcome[], ms: number): string {
  const caught = outcomes.filter(({ failures }) => failures.length > 0);
  const rules = new Set(outcomes.map(({ mutant }) => mutant.rule)).size;
  const elsewhere = caught.filter(({ expected }) => !expected);
  const lines = [`${caught.length} of ${outcomes.length} faults against ${rules} rules were caught, in ${(ms / 1000).toFixed(0)} s`];
  if (elsewhere.length > 0) lines.push(`${elsewhere.length} of them not where expected: mend their 'caughtBy'`);
  for (const { mutant, failures } of outcomes) if (failures.length === 0) lines.push(`NOT CAUGHT: rule ${mutant.rule}: ${mutant.breaks} (src/${mutant.file})`);
  return lines.join('\n');
}
