// What becomes of children when this process ends: seen from outside, on the built library.
import { expect, test } from 'vitest';
import { goesAway } from '../support/left-behind.ts';
import { runProgram } from '../support/run-program.ts';

/** A program whose child ignores SIGTERM, with what happens once that is so. */
const program = (then: string): string => `
import { asyncWith, run } from 'asyncdemo';
import { lines, subprocess } from 'asyncdemo/node';

const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(process.pid)";
function* main() {
  yield* asyncWith(subprocess(process.execPath, ['-e', stubborn], { forceKillAfter: 200, stderr: 'inherit' }), function* (child) {
    console.log(yield* lines(child.stdout).anext());
    ${then}
    yield* child.wait();
  });
}
await run(main(), { grace: 3000 }).catch((error) => console.log(error.name));
`;

test('a process that exits in the middle kills its children', async () => {
  const { stdout, code } = await runProgram(program('process.exit(7);'));
  const pid = Number(stdout.trim());
  expect([code, pid > 0, await goesAway(pid)]).toEqual([7, true, true]);
});

test('Ctrl-C ends with the child reaped, and the program in order', async () => {
  const { stdout, stderr } = await runProgram(program("console.log('ready');"), { signals: ['SIGINT'] });
  const [pid, ...rest] = stdout.trim().split('\n');
  expect([rest, stderr]).toEqual([['ready', 'KeyboardInterrupt'], '']);
  expect(await goesAway(Number(pid))).toBe(true);
});

test('a child that outlives the grace of the drain is killed when the loop closes', async () => {
  const source = program("console.log('ready');").replace('forceKillAfter: 200', 'forceKillAfter: 60_000').replace('grace: 3000', 'grace: 300');
  const { stdout, stderr } = await runProgram(source, { signals: ['SIGINT'] });
  const [pid, ...rest] = stdout.trim().split('\n');
  expect(rest).toEqual(['ready', 'KeyboardInterrupt']);
  expect(stderr).toContain("Task 'Task-1' did not stop when cancelled, and was left");
  expect(await goesAway(Number(pid))).toBe(true);
});
