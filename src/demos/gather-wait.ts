// Section 2: two ways to start two tasks, three things `runUntilComplete` takes, and what each gives back.
import { type Coroutine, gather, inspect, sleep, wait } from '../loop/index.ts';
import type { Run } from './demo.ts';

function* func1(): Coroutine<string> {
  yield* sleep(1000);
  return 'one';
}

function* func2(): Coroutine<number> {
  yield* sleep(500);
  return 2;
}

function* broken(): Coroutine<never> {
  yield* sleep(100);
  throw new RangeError('broken');
}

export const run: Run<unknown> = async ({ loop, screen }) => {
  const show = (what: string, result: string): void => screen.line(`${what} -> ${result}`, { event: 'result', of: what.trim(), result });

  // Both at once: a future for the results, in the order given.
  const both = gather([loop.createTask(func1()), loop.createTask(func2())]);
  show('gather(func1(), func2())', inspect(await loop.runUntilComplete(both)));

  // Both at once: a coroutine for the two sets of tasks, whose results are asked for one by one.
  const tasks = [loop.createTask(func1()), loop.createTask(func2())];
  const { done, pending } = await loop.runUntilComplete(wait<(typeof tasks)[number]>(tasks));
  show('wait([task1, task2])', `${done.size} done, ${pending.size} pending`);
  for (const task of done) show(`  ${task.getName()}.result()`, inspect(task.result()));

  show('a coroutine', inspect(await loop.runUntilComplete(func1())));
  show('a task', inspect(await loop.runUntilComplete(loop.createTask(func2()))));
  const future = loop.createFuture<string>();
  loop.callLater(100, () => future.setResult('filled in'));
  show('a future', inspect(await loop.runUntilComplete(future)));

  // An error is raised at once, or, asked to be, returned among the results.
  try {
    await loop.runUntilComplete(gather([broken(), func2()], { loop }));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    show('gather(broken(), func2())', `raises ${error}`);
  }
  const returned = await loop.runUntilComplete(gather([broken(), func2()], { loop, returnExceptions: true }));
  show('with returnExceptions', `[${returned.map(String).join(', ')}]`);

  loop.close();
};
