// Spawn and gather: many tasks, each gives way once and returns.
import { compare } from '../compare.mjs';

export const name = 'spawn';

export function measure({ asyncdemo: { gather, run, sleep }, smoke, rounds }) {
  const numbers = Array.from({ length: smoke ? 10 : 100_000 }, (_, i) => i);

  function* task(number) {
    yield* sleep(0);
    return number;
  }
  function* main() {
    return yield* gather(numbers.map(task));
  }

  async function nativeTask(number) {
    await null;
    return number;
  }
  const nativeMain = () => Promise.all(numbers.map(nativeTask));

  return compare({ ours: () => run(main()), native: nativeMain, expected: numbers, rounds, atMost: 4 });
}
