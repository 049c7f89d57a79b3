import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const slow = `
  import { run, sleep } from 'asyncdemo';
  process.on('warning', ({ name, message }) => console.log(name + ': ' + message.replace(/\\d+ ms/, 'N ms').replace(/ at .*?>/, '>')));
  await run((function* () { const until = Date.now() + 150; while (Date.now() < until); yield* sleep(0); })(), { debug: true });
  await new Promise(setImmediate);`;

test('a warning is one of Node’s: it goes to stderr, and listeners and options apply to it', async () => {
  const { stdout, stderr } = await runProgram(slow);
  expect(stdout).toMatch(/^LoopWarning: Executing <Task .* took N ms\n/);
  expect(stderr).toContain('LoopWarning: Executing <Task');
  expect((await runProgram(slow, { nodeArgs: ['--no-warnings'] })).stderr).toBe('');
});
