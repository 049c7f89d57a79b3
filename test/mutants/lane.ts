// One vitest that stays, and is asked again and again: with this fault in place, which tests fail? The fault is put into the
// source on its way from disk to the tests, and into a build of its own, which the tests that start a process run.
// Nothing in the working tree is touched.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { transformWithOxc } from 'vite';
import { type CliOptions, createVitest, type Reporter, type SerializedError, type TestCase, type TestModule, type Vitest } from 'vitest/node';
import { inject, type Mutant, pathOf, root } from './mutant.ts';

/** Ms a test may take: a fault that makes a program wait for ever is noticed by that. */
const PATIENCE = 12_000;

/** Ms without any test coming to its end, after which the thread is taken to be caught in an endless loop. */
const SILENCE = 20_000;

/** A test that failed. */
export interface Failure {
  /** Its file, below `test`. */
  readonly file: string;
  readonly test: string;
  readonly message: string;
}

/** Whether all is well without a fault, or who noticed it. */
export interface Verdict {
  readonly failures: readonly Failure[];
  /** How many tests were run to their end. */
  readonly ran: number;
}

/** Runs tests on the sources with at most one fault in them. */
export class Lane {
  readonly #vitest: Vitest;
  readonly #build: string;
  readonly #place: { mutant: Mutant | undefined };
  readonly #watch: Watch;

  private constructor(vitest: Vitest, build: string, place: { mutant: Mutant | undefined }, watch: Watch) {
    this.#vitest = vitest;
    this.#build = build;
    this.#place = place;
    this.#watch = watch;
  }

  /** @param bail whether a run ends at the first failure. */
  static async open(bail: boolean): Promise<Lane> {
    mkdirSync(`${root}node_modules/.cache`, { recursive: true });
    const build = mkdtempSync(`${root}node_modules/.cache/mutants-`);
    const place: { mutant: Mutant | undefined } = { mutant: undefined };
    const watch = new Watch();
    for (const file of readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.ts')) await compile(build, file, readFileSync(`${root}src/${file}`, 'utf8'));
    }
    const options: CliOptions = {
      root,
      watch: false,
      pool: 'threads',
      fileParallelism: false,
      bail: bail ? 1 : 0,
      reporters: [watch],
      testTimeout: PATIENCE,
      retry: 0,
      env: { ASYNCDEMO_DIST: build },
    };
    const vitest = await createVitest('test', options, {
      plugins: [
        {
          name: 'fault',
          enforce: 'pre',
          transform(code, id) {
            if (place.mutant === undefined || id.split('?')[0] !== pathOf(place.mutant)) return undefined;
            return { code: inject(place.mutant, code), map: null };
          },
        },
      ],
    });
    return new Lane(vitest, build, place, watch);
  }

  /** Runs tests, named as in `caughtBy` and in this order, with the fault in place; without one for `undefined`. */
  async run(mutant: Mutant | undefined, places: readonly string[]): Promise<Verdict> {
    if (mutant !== undefined) await compile(this.#build, mutant.file, inject(mutant));
    this.#place.mutant = mutant;
    if (mutant !== undefined) this.#vitest.invalidateFile(pathOf(mutant));
    try {
      return await this.#test(places);
    } finally {
      this.#place.mutant = undefined;
      if (mutant !== undefined) {
        this.#vitest.invalidateFile(pathOf(mutant));
        await compile(this.#build, mutant.file, readFileSync(pathOf(mutant), 'utf8'));
      }
    }
  }

  async close(): Promise<void> {
    await this.#vitest.close();
    rmSync(this.#build, { recursive: true, force: true });
  }

  async #test(places: readonly string[]): Promise<Verdict> {
    const project = this.#vitest.getRootProject();
    const specifications = places.map((place) => {
      const [file, name] = place.split('#');
      return project.createSpecification(`${root}test/${file}`, name === undefined ? undefined : { testNamePattern: new RegExp(name.replace(/[^\w ]/g, '.')) });
    });
    this.#watch.begin(() => void this.#vitest.cancelCurrentRun('keyboard-input'));
    try {
      await this.#vitest.runTestSpecifications(specifications);
      return this.#watch.verdict();
    } finally {
      this.#watch.end();
    }
  }
}

/** Hears of each test, and calls out when nothing is heard for too long. */
class Watch implements Reporter {
  #failures: Failure[] = [];
  #ran = 0;
  #running: TestCase | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stop: () => void = () => {};

  /** A run begins; `stop` is to end it. */
  begin(stop: () => void): void {
    this.#failures = [];
    this.#ran = 0;
    this.#running = undefined;
    this.#stop = stop;
    this.#heard();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** What was heard since `begin`. */
  verdict(): Verdict {
    return { failures: this.#failures, ran: this.#ran };
  }

  onTestCaseReady(test: TestCase): void {
    this.#running = test;
    this.#heard();
  }

  onTestCaseResult(test: TestCase): void {
    this.#heard();
    const { state, errors } = test.result();
    if (state === 'passed' || state === 'failed') this.#ran += 1;
    if (state === 'failed') this.#failures.push({ file: below(test.module), test: test.fullName, message: errors[0]?.message ?? '' });
  }

  onTestModuleEnd(module: TestModule): void {
    for (const { message } of module.errors()) this.#failures.push({ file: below(module), test: '(the file itself)', message });
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    for (const error of unhandled) this.#failures.push({ file: '', test: '(an error that nobody received)', message: inspect(error) });
  }

  #heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const test = this.#running;
      this.#failures.push({ file: test === undefined ? '' : below(test.module), test: test?.fullName ?? '(one of its tests)', message: 'never ends' });
      // A thread in an endless loop hears the first call to stop as little as anything else; the second one ends it.
      this.#stop();
      this.#stop();
    }, SILENCE);
  }
}

function below({ moduleId }: TestModule): string {
  return moduleId.slice(`${root}test/`.length);
}

/** Puts one source file into the build, as JavaScript. A fault that is no TypeScript is an error here. */
async function compile(build: string, file: string, source: string): Promise<void> {
  const { code } = await transformWithOxc(source, file, { target: 'es2023', typescript: { rewriteImportExtensions: true }, sourcemap: false });
  const target = `${build}/${file.replace(/\.ts$/, '.js')}`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
}
