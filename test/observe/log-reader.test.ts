import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sleep } from '../../src/loop/index.ts';
import { chromeTrace, formatLog, type Log, LogError, parseLog, readLog, Story } from '../../src/observe/index.ts';
import { forSeeds } from '../support/random.ts';
import { PROGRAMS, randomProgram, recorded } from '../support/recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a log is the same when it was text', () => {
  test.each(Object.entries(PROGRAMS))('%s', async (_name, main) => {
    for (const options of [{}, { wall: true, stacks: true, title: 'a "title"\n\ud800' }]) {
      const log = await recorded(main, options, 2);
      expect(parseLog(formatLog(log))).toEqual({ ...log, whole: true });
    }
  });

  test('random programs', () =>
    forSeeds(30, async (random) => {
      const log = await recorded(randomProgram(random), { wall: random.chance(0.5), stacks: random.chance(0.5) });
      expect(parseLog(formatLog(log))).toEqual({ ...log, whole: true });
    }));

  test('one whose beginning was dropped', async () => {
    const log = await recorded(
      function* () {
        for (let i = 0; i < 3000; i++) yield* sleep(0);
      },
      { capacity: 1 },
    );
    expect(log.earlier.size).toBe(1);
    expect(parseLog(formatLog(log))).toEqual({ ...log, whole: true });
  });

  test('one of which nothing is left', () => {
    const log: Log = { version: 1, virtual: true, title: '', events: [], dropped: 7, earlier: new Map([[1, 'Task-1']]), stacks: new Map() };
    expect(parseLog(formatLog(log))).toEqual({ ...log, whole: true });
  });
});

let text = '';
beforeAll(() => {
  text = [
    '{"log":"asyncdemo","version":1,"virtual":true,"title":"short"}',
    '{"n":1,"event":"created","at":0,"task":1,"name":"Task-1 進"}',
    '{"n":2,"event":"run","at":0}',
    '{"n":3,"event":"iteration","at":0,"count":1,"ready":1}',
    '{"n":4,"event":"step","at":0,"cause":1,"task":1}',
    '{"n":5,"event":"timer","at":0,"cause":4,"handle":1,"name":"wake","when":10}',
    '{"stack":1,"lines":[["main","app.ts",3,7]]}',
    '{"n":6,"event":"suspended","at":0,"cause":4,"task":1,"awaits":"timer","on":1,"stack":1}',
    '{"n":7,"event":"poll","at":0,"until":10}',
    '{"end":7}',
    '',
  ].join('\n');
});

/** Whatever is read can be told, too. */
function tell(log: Log): void {
  const story = new Story(log);
  story.criticalPath();
  for (const { n } of log.events) story.why(n);
  chromeTrace(log);
}

test('a log that was cut off anywhere is read as far as it goes, and is not whole, or is refused', () => {
  const head = text.indexOf('\n');
  for (let length = 0; length < text.length; length++) {
    const cut = text.slice(0, length);
    if (length < head) expect(() => parseLog(cut)).toThrow(LogError);
    else {
      const log = parseLog(cut);
      expect(log.whole).toBe(false);
      expect(log.events).toEqual(parseLog(text).events.slice(0, log.events.length));
      tell(log);
    }
  }
  expect(parseLog(text)).toMatchObject({ whole: true, title: 'short', dropped: 0 });
});

test('bytes that were changed at random give a log or a LogError', () =>
  forSeeds(3000, (random) => {
    const bytes = Buffer.from(text);
    for (let left = 1 + random.int(4); left > 0; left--) {
      const at = random.int(bytes.length);
      const printable = '{}[]",:0123456789-.eE+\\ntrufalsNI\n'.charCodeAt(random.int(34));
      bytes[at] = random.chance(0.5) ? printable : random.int(256);
    }
    let log: Log;
    try {
      log = parseLog(bytes.toString());
    } catch (error) {
      expect(error).toBeInstanceOf(LogError);
      expect((error as Error).message).not.toContain('\n');
      return;
    }
    tell(log);
  }));

describe('a malformed line is refused with its place', () => {
  /** Line `number`, from 1, of the file replaced. */
  const withLine = (number: number, line: string): string =>
    text
      .split('\n')
      .with(number - 1, line)
      .join('\n');

  test.each([
    ['', 'the log: expected a log that asyncdemo has recorded, which begins with {"log":"asyncdemo"; got ""'],
    ['null\n', 'the log: expected a log that asyncdemo has recorded, which begins with {"log":"asyncdemo"; got "null"'],
    ['{"log":"other"}\n', 'the log: expected a log that asyncdemo has recorded, which begins with {"log":"asyncdemo"; got "{\\"log\\":\\"other\\"}"'],
    ['{"log":"asyncdemo","version":2}\n', 'the log: expected a log of version 1, got version 2: record it again'],
    ['{"log":"asyncdemo"}\n', 'the log: expected a log of version 1, got version nothing: record it again'],
    ['{"log":"asyncdemo","version":1,"virtual":1}\n', 'the log:1: expected virtual to be true or false, got 1'],
    ['{"log":"asyncdemo","version":1,"title":{"toString":1}}\n', 'the log:1: expected title to be a text, got {"toString":1}'],
    ['{"log":"asyncdemo","version":1,"dropped":-1}\n', 'the log:1: expected dropped to be a whole number from 0 up, got -1'],
    ['{"log":"asyncdemo","version":1,"earlier":5}\n', 'the log:1: expected earlier to be a list of tasks with their names, got 5'],
    ['{"log":"asyncdemo","version":1,"earlier":[[1]]}\n', 'the log:1: expected earlier to be a list of tasks with their names, got [[1]]'],
  ])('%j', (whole, message) => {
    expect(() => parseLog(whole)).toThrow(new LogError(message));
  });

  test.each([
    [2, 'not JSON', 'the log:2: expected a JSON object, got "not JSON"'],
    [2, '[1]', 'the log:2: expected a JSON object, got "[1]"'],
    [2, '{"n":1,"event":"toString"}', 'the log:2: expected an event of version 1, got "toString"'],
    [2, '{"n":1}', 'the log:2: expected an event of version 1, got nothing'],
    [2, '{"n":1,"event":"created","at":0,"task":1}', "the log:2: expected name of 'created' to be a text, got nothing"],
    [2, '{"n":1,"event":"created","at":0,"task":1.5,"name":"a"}', "the log:2: expected task of 'created' to be a whole number from 0 up, got 1.5"],
    [2, '{"n":1,"event":"created","at":0,"task":1,"name":"a","there":false}', "the log:2: expected there of 'created' to be true, got false"],
    [3, '{"n":2,"event":"run","at":"0"}', 'the log:3: expected at of \'run\' to be a number, got "0"'],
    [3, '{"n":2,"event":"run","at":1e999}', "the log:3: expected at of 'run' to be a number, got null"],
    [3, '{"n":3,"event":"run","at":0}', 'the log:3: expected event 2, got 3: lines are missing or out of order'],
    [3, '{"n":2,"event":"run","at":0,"cause":2}', 'the log:3: expected a cause before event 2, got 2'],
    [7, '{"stack":2,"lines":[]}', 'the log:7: expected stack 1 with its lines, got stack 2'],
    [7, '{"stack":1,"lines":[null]}', 'the log:7: expected lines of a function, a file, a line and a column, got null'],
    [7, '{"stack":1,"lines":[["main","app.ts","3",7]]}', 'the log:7: expected lines of a function, a file, a line and a column, got ["main","app.ts","3",7]'],
    [
      8,
      '{"n":6,"event":"suspended","at":0,"task":1,"awaits":"timer","stack":2}',
      "the log:8: expected stack of 'suspended' to be the number of a stack told before, got 2",
    ],
    [
      8,
      '{"n":6,"event":"suspended","at":0,"task":1,"awaits":"rain"}',
      'the log:8: expected awaits to be one of turn, timer, task, primitive, host, future, got "rain"',
    ],
    [10, '{"end":8}', 'the log:10: expected the end behind event 7, got 8: lines are missing'],
    [9, '{"end":6}', 'the log:10: expected nothing behind the end, got "{\\"end\\":7}"'],
  ])('line %i as %s', (number, line, message) => {
    expect(() => parseLog(withLine(number, line))).toThrow(new LogError(message));
  });

  test('a file is named', () => {
    const path = join(folder, 'broken.jsonl');
    writeFileSync(path, withLine(2, '{'));
    expect(() => readLog(path)).toThrow(new LogError(`${path}:2: expected a JSON object, got "{"`));
  });
});
