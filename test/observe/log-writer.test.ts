import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readLog } from '../../src/observe/log-reader.ts';
import { formatLog, LogFile } from '../../src/observe/log-writer.ts';
import { PROGRAMS, recorded } from '../support/recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a recording that goes into a file is read from it, whole once it is closed', async () => {
  const path = join(folder, 'sink.jsonl');
  const file = new LogFile(path, { virtual: true, title: 'to a file' });
  const all = await recorded(PROGRAMS.semaphore, { stacks: true, title: 'to a file' });
  await recorded(PROGRAMS.semaphore, { stacks: true, sink: file.sink, capacity: 1 });
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

test('what comes after the end is not written', async () => {
  const path = join(folder, 'late.jsonl');
  const file = new LogFile(path);
  file.close();
  await recorded(PROGRAMS.semaphore, { sink: file.sink });
  expect(readLog(path)).toMatchObject({ whole: true, events: [] });
});

test('a file that cannot be opened is an error at once', () => {
  expect(() => new LogFile(join(folder, 'no', 'folder.jsonl'), { virtual: true, title: '' })).toThrow('ENOENT');
});
