// npm run conformance:coverage: which lines of the loop the recorded programs reach by themselves, table by file; fails below 95%.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What the language of the programs has no word for. The rest of src/loop counts, whatever will be there. */
const OUT_OF_REACH = {
  'Node and real time': ['node-driver', 'before-exit', 'driver'],
  'signals, the end of whole programs': ['runner', 'drain', 'signal-handlers'],
  'promises, native iterators and disposables, work in flight': ['from-promise', 'native-iterator', 'to-async-iterable', 'disposal', 'holds'],
  'debug mode and observers': ['creation', 'slow-watch', 'never-awaited', 'observer', 'watching', 'depends'],
  'texts and stacks for people': ['describe-wrong', 'exception-context', 'warn', 'await-stack'],
  'what asyncio does not have': ['recurse'],
  'what only proofs call': ['ready-queue'],
  'a list of names': ['index'],
};

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/conformance/corpus.test.ts'],
    pool: 'forks',
    coverage: {
      enabled: true,
      provider: 'v8',
      reporter: ['text'],
      include: ['src/loop/**'],
      exclude: Object.values(OUT_OF_REACH)
        .flat()
        .map((name) => `src/loop/${name}.ts`),
      thresholds: { lines: 95 },
    },
  },
});
