import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linesOf, runToEnd } from '../support/command-line.ts';

describe('what is told of the code', { timeout: 60_000, concurrent: true }, () => {
  test('names the lines of the TypeScript source, in a stack', async () => {
    const { code, stderr } = await runToEnd(['fetch', 'http://192.0.2.1/', '--debug'], { env: { HTTP_PROXY: 'nonsense' } });
    const stack = linesOf(stderr).filter((line) => line.startsWith('    at '));
    expect(code).toBe(1);
    expect(stack[0]).toMatch(/^ {4}at proxyOf \(.*\/src\/http\/agent\.ts:\d+:\d+\)$/);
    expect(stack).toContainEqual(expect.stringMatching(/^ {4}at main \(.*\/src\/demos\/semaphore-fetch\.ts:\d+:\d+\)$/));
    expect(stack.join('\n')).not.toContain('dist');
  });

  test('but not for what is a package: that is shown where it stands in the bundle', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asyncdemo-test-'));
    const preload = join(folder, 'no-random.cjs');
    await writeFile(preload, "Math.random = () => { throw new Error('no random numbers'); };");
    const { stderr } = await runToEnd(['timer', '1'], { env: { NODE_OPTIONS: `--require ${preload}` } });
    await rm(folder, { recursive: true });
    const places = (name: string): string[] => linesOf(stderr).filter((line) => line.includes(`at async ${name} (`));
    expect(places('runProgram')).toEqual([expect.stringMatching(/\/src\/cli\/program\.ts:\d+:\d+\)$/)]);
    expect(places('Command.parseAsync')).toEqual([expect.stringMatching(/\/dist\/command\/words\.cjs:\d+:\d+\)$/)]);
  });

  test('and of a task, whether it has not started, waits or is done', async () => {
    const { stderr } = await runToEnd(['gather-wait', '--debug', '--virtual-time']);
    for (const state of ['running at', 'done, defined at']) expect(stderr).toMatch(new RegExp(`coro=<\\w+\\(\\) ${state} src/demos/gather-wait\\.ts:\\d+>`));
    expect(stderr).not.toContain('dist');
  });
});
