// Giving way: what one switch from task to task costs.
import { compare } from '../compare.mjs';

export const name = 'switch';

export function measure({ asyncdemo: { gather, run, sleep }, smoke, rounds }) {
  const [tasks, steps] = smoke ? [10, 10] : [1000, 1000];
  let step = 0;

  // Every task tells at which of all steps it took its last: in turn means one right after the other, at the very end.
  function* task() {
    for (let i = 0; i < steps; i++) {
      yield* sleep(0);
      step += 1;
    }
    return step;
  }
  function* main() {
    step = 0;
    return yield* gather(Array.from({ length: tasks }, task));
  }

  async function nativeTask() {
    for (let i = 0; i < steps; i++) {
      await null;
      step += 1;
    }
    return step;
  }
  function nativeMain() {
    step = 0;
    return Promise.all(Array.from({ length: tasks }, nativeTask));
  }

  const expected = Array.from({ length: tasks }, (_, i) => tasks * (steps - 1) + i + 1);
  return compare({ ours: () => run(main()), native: nativeMain, expected, rounds, atMost: 2 });
}
