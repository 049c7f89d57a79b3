// Every example in the documentation is a program that runs and prints what its comments say.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as library from '../../src/loop/index.ts';
import * as nodeLibrary from '../../src/node/index.ts';
import * as observeLibrary from '../../src/observe/index.ts';
import { readSource, sourceFiles } from '../support/imports.ts';
import { runProgram } from '../support/run-program.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = fileURLToPath(new URL('./.examples/', import.meta.url));

interface Example {
  readonly place: string;
  readonly code: string;
}

/** Exported functions and classes that show nothing of their own, with the reason. */
const WITHOUT_EXAMPLE: Readonly<Record<string, string>> = {
  BrokenBarrierError: 'a plain error',
  CancelledError: 'a plain error',
  InvalidStateError: 'a plain error',
  KeyboardInterrupt: 'a plain error',
  LogError: 'a plain error',
  LoopError: 'a plain error',
  QueueEmpty: 'a plain error',
  QueueFull: 'a plain error',
  QueueShutDown: 'a plain error; Queue shows it',
  StopAsyncIteration: 'a plain error; asyncFor shows it',
  TimeoutError: 'a plain error; timeout shows it',
  DeadlockError: 'a plain error',
  GeneratorExit: 'a plain error; asyncGenerator throws it',
  CoroutineGenerator: 'made by asyncGenerator, which shows it',
  Token: 'made by ContextVar.set, which shows it',
  AsCompleted: 'made by asCompleted, which shows it',
  GatheringFuture: 'made by gather, which shows it',
  NodeDriver: 'the default of EventLoop; nobody needs to name it',
  ProcessError: 'a plain error',
  Recorder: 'made by record, which shows it',
  WaitWatch: 'made by watchWaits, which shows it',
};

function examplesOfSource(file: string): Example[] {
  const source = readSource(file);
  return [...source.matchAll(/^([ \t]*)\* @example\n[ \t]*\* ```ts\n([\s\S]*?)^[ \t]*\* ```$/gm)].map((match) => ({
    place: `src/${file}:${source.slice(0, match.index).split('\n').length}`,
    code: (match[2] as string).replace(/^[ \t]*\* ?/gm, ''),
  }));
}

function examplesOfMarkdown(file: string): Example[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .map((match) => ({ place: `${file}:${text.slice(0, match.index).split('\n').length}`, code: match[1] as string }))
    .filter(({ code }) => /from 'asyncdemo(\/node|\/observe)?'/.test(code));
}

/** What an example says it prints: behind each console.log, or in the comments at its end. */
function expectedLines(code: string): string[] {
  const lines = code.trimEnd().split('\n');
  const atEnd: string[] = [];
  while (lines.length > 0 && (lines.at(-1) as string).startsWith('//')) atEnd.unshift((lines.pop() as string).replace(/^\/\/ ?/, ''));
  const behind = lines.filter((line) => line.includes('console.log')).map((line) => /[;)}]\s*\/\/ (.*)$/.exec(line)?.[1]);
  const missing = behind.filter((text) => text === undefined).length;
  if (missing > 0 && atEnd.length === 0) throw new Error('a console.log has no comment that says what it prints');
  return [...behind.filter((text) => text !== undefined), ...atEnd];
}

const markdown = [
  'README.md',
  'README.zh-CN.md',
  ...(existsSync(join(root, 'docs')) ? readdirSync(join(root, 'docs')).map((file) => `docs/${file}`) : []),
].filter((file) => file.endsWith('.md') && existsSync(join(root, file)));
// Outside of the library an example may be a sketch; one that imports the library is a program.
const isProgram = ({ place, code }: Example): boolean => /^src\/(loop|node|observe)\//.test(place) || code.includes("from 'asyncdemo'");
const examples = [...sourceFiles().flatMap(examplesOfSource).filter(isProgram), ...markdown.flatMap(examplesOfMarkdown)];

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('each example prints what it says', () => {
  test.each(examples.map(({ place, code }, index) => ({ place, code, index })))('$place', async ({ code, index }) => {
    const expected = expectedLines(code);
    if (code.includes('DeadlockError') || code.includes('isMainThread')) {
      // Node runs dry only in a process of its own, and a thread runs no TypeScript. Such an example must be plain JavaScript.
      const { stdout, stderr } = await runProgram(code);
      expect(stderr).toBe('');
      expect(stdout.trimEnd().split('\n')).toEqual(expected);
      return;
    }
    const file = join(folder, `${index}.ts`);
    writeFileSync(
      file,
      code.replace(/'asyncdemo(?:\/(node|observe))?'/g, (_all, door = 'loop') => `'../../../src/${door}/index.ts'`),
    );
    const printed: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(...format(...values).split('\n')));
    try {
      await import(/* @vite-ignore */ file);
    } finally {
      log.mockRestore();
    }
    expect(printed).toEqual(expected);
    expect(printed.length).toBeGreaterThan(0);
  });
});

test('every exported function and class has an example, or a reason to have none', () => {
  const names = Object.entries({ ...library, ...nodeLibrary, ...observeLibrary }).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  const sources = sourceFiles()
    .filter((file) => /^(loop|node|observe)\//.test(file))
    .map(readSource)
    .join('\n');
  const shown = (name: string): boolean => {
    const documented = new RegExp(
      `/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n(?:// .*\\n)*export (?:declare )?(?:abstract )?(?:async )?(?:function\\*?|class|const) ${name}\\b`,
    );
    return documented.exec(sources)?.[1]?.includes('@example') ?? false;
  };
  expect(names.filter((name) => !shown(name) && !(name in WITHOUT_EXAMPLE))).toEqual([]);
  expect(Object.keys(WITHOUT_EXAMPLE).filter((name) => !names.includes(name) || shown(name))).toEqual([]);
});

test('an example is found, and one that does not say what it prints is not accepted', () => {
  expect(examples.length).toBeGreaterThan(15);
  expect(() => expectedLines('console.log(1);\n')).toThrow();
  expect(expectedLines('console.log(1); // 1\n// not at the end\nf();\nfor (;;) console.log(x);\n// 2\n// 3\n')).toEqual(['1', '2', '3']);
});
