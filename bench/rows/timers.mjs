// Timers: many tasks, each sleeps a few milliseconds.
import { compare } from '../compare.mjs';

export const name = 'timers';

export function measure({ asyncdemo: { gather, run, sleep }, smoke, rounds }) {
  const numbers = Array.from({ length: smoke ? 10 : 100_000 }, (_, i) => i);
  const delay = (number) => 1 + (number % 10);

  function* task(number) {
    return yield* sleep(delay(number), number);
  }
  function* main() {
    return yield* gather(numbers.map(task));
  }

  const nap = (ms, result) => new Promise((resolve) => setTimeout(resolve, ms, result));
  async function nativeTask(number) {
    return await nap(delay(number), number);
  }
  const nativeMain = () => Promise.all(numbers.map(nativeTask));

  return compare({ ours: () => run(main()), native: nativeMain, expected: numbers, rounds, atMost: 1.2 });
}
