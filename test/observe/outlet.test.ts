import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTask, EventLoop, sleep } from '../../src/loop/index.ts';
import { EVENT } from '../../src/observe/codes.ts';
import { Columns } from '../../src/observe/columns.ts';
import { type LogEvent, readLog, record } from '../../src/observe/index.ts';
import { Outlet } from '../../src/observe/outlet.ts';
import { runProgram } from '../support/run-program.ts';

describe('what was recorded is in the file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'asyncdemo-outlet-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The log of a program that calls `end`, which may be the program's or its killer's affair, when it has suspended. */
  async function logOf(end: string, signals: NodeJS.Signals[] = []): Promise<{ names: string[]; whole: boolean; code: number | null; stderr: string }> {
    const path = join(folder, 'run.jsonl');
    const { code, stderr } = await runProgram(
      `
      import { statSync } from 'node:fs';
      import { EventLoop, createTask, sleep } from 'asyncdemo';
      import { LogFile, record } from 'asyncdemo/observe';
      const [path, loop] = [${JSON.stringify(path)}, new EventLoop()];
      const file = new LogFile(path);
      record(loop, { sink: file.sink, stacks: true });
      function* main() {
        createTask(sleep(60_000), { name: 'hangs' });
        ${end}
        yield* sleep(60_000);
      }
      await loop.runUntilComplete(main());
      `,
      { signals },
    );
    const log = readLog(path);
    return { names: log.events.map((event) => ('name' in event ? event.name : event.event)), whole: log.whole, code, stderr };
  }

  test('of a program that waits for something and is killed', async () => {
    const { names, whole } = await logOf("setInterval(() => statSync(path).size > 0 && console.log('ready'), 20);", ['SIGKILL']);
    expect(names.slice(0, 2)).toEqual(['Task-1', 'run']);
    expect(names.at(-1)).toBe('poll');
    expect(names).toContain('hangs');
    expect(whole).toBe(false);
  });

  test('of a program that exits in the middle of a step', async () => {
    const { names, code } = await logOf('process.exit(7);');
    expect(code).toBe(7);
    expect(names.at(-1)).toBe('hangs');
  });

  test('of a program that an error ends which nobody has caught', async () => {
    const { names, code, stderr } = await logOf("setTimeout(() => { throw new Error('nobody catches this'); }, 1);");
    expect(code).toBe(1);
    expect(stderr).toContain('nobody catches this');
    expect(names.at(-1)).toBe('poll');
  });
});

describe('an outlet', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  test('pours four times a second until it is closed, and has one listener with all the others', () => {
    const listeners = process.listenerCount('exit');
    const poured: string[] = [];
    const columns = ['a', 'b'].map(() => new Columns(10, false));
    const happens = (): void => {
      for (const each of columns) each.put(EVENT.run, 0, 0, 0, 0, undefined);
    };
    const outlets = ['a', 'b'].map(
      (name, i) => new Outlet({ columns: columns[i] as Columns, give: () => void poured.push(name), isRunning: () => true, failed: () => {} }),
    );
    for (const outlet of [...outlets, ...outlets]) outlet.open();
    expect(process.listenerCount('exit')).toBe(listeners + 1);
    for (let quarter = 0; quarter < 2; quarter++) {
      happens();
      vi.advanceTimersByTime(250);
    }
    vi.advanceTimersByTime(250); // In which nothing has happened.
    expect(poured.splice(0).join('')).toBe('abab');
    outlets[0]?.close();
    happens();
    vi.advanceTimersByTime(250);
    expect(poured.splice(0)).toEqual(['b']);
    for (const outlet of [...outlets, ...outlets]) outlet.close();
    happens();
    vi.advanceTimersByTime(1000);
    expect([poured, vi.getTimerCount(), process.listenerCount('exit')]).toEqual([[], 0, listeners]);
  });

  test('of a recording that nobody stops ends soon after its run, and opens again with the next', async () => {
    const events: LogEvent[] = [];
    const loop = new EventLoop();
    record(loop, { sink: (more) => void events.push(...more) });
    for (let run = 1; run <= 2; run++) {
      await loop.runUntilComplete(sleep(1));
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(250);
      expect(events.filter(({ event }) => event === 'stop')).toHaveLength(run);
      expect(vi.getTimerCount()).toBe(0);
    }
    loop.close();
  });

  test('whose sink throws ends the recording with a report, and not the run', async () => {
    const loop = new EventLoop();
    const reports: string[] = [];
    loop.setExceptionHandler((_loop, { message, exception }) => void reports.push(`${message}: ${exception}`));
    record(loop, {
      sink: () => {
        throw new Error('no space');
      },
    });
    await loop.runUntilComplete(
      (function* () {
        const task = createTask(sleep(1));
        vi.advanceTimersByTime(1000);
        yield* task;
      })(),
    );
    loop.close();
    expect(reports).toEqual(['Observer removed: the sink of a recording threw: Error: no space']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
