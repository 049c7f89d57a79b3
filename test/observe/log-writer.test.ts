import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readLog } from '../../src/observe/log-reader.ts';
import { formatLog, LogFile } from '../../src/observe/log-writer.ts';
import { record } from '../../src/observe/recorder.ts';
import { PROGRAMS, recorded } from '../support/recorded.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a recording that goes into a file is read from it, whole once it is closed', async () => {
  const path = join(folder, 'sink.jsonl');
  const file = new LogFile(path);
  const all = await recorded(PROGRAMS.semaphore, { stacks: true, title: 'to a file' });
  await recorded(PROGRAMS.semaphore, { stacks: true, title: 'to a file', sink: file.sink, capacity: 1 });
  expect(readLog(path)).toMatchObject({ whole: false, title: 'to a file', events: all.events });
  file.close();
  expect(readLog(path)).toEqual({ ...all, whole: true });
  expect(readFileSync(path, 'utf8')).toBe(formatLog(all));
});

test('a file that cannot be written disturbs no run; closing it tells the first error, once', async () => {
  const file = new LogFile('/dev/full');
  await recorded(PROGRAMS.semaphore, { sink: file.sink });
  expect(() => file.close()).toThrow('ENOSPC');
  file.close();
});

test('a file that nothing was recorded into is a log of nothing', () => {
  const path = join(folder, 'nothing.jsonl');
  new LogFile(path).close();
  expect(readLog(path)).toMatchObject({ whole: true, events: [] });
});

test('a file that is closed before the recording was stopped does not pass for whole in silence', () => {
  const file = new LogFile(join(folder, 'early.jsonl'));
  const loop = virtualLoop();
  const recorder = record(loop, { sink: file.sink });
  loop.callSoon(() => {});
  file.close();
  expect(() => recorder.stop()).toThrow('expected the recording to be stopped before the file is closed');
});

test('a file that cannot be opened is an error at once', () => {
  expect(() => new LogFile(join(folder, 'no', 'folder.jsonl'))).toThrow('ENOENT');
});
