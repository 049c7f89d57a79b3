import { describe, expect, test } from 'vitest';
import { styles, wantsColour } from '../../src/cli/style.ts';
import { canAnimate, columnsOf } from '../../src/cli/terminal.ts';

/** As much of a stream as matters. */
const stream = (isTTY: boolean, columns = 80): NodeJS.WriteStream => ({ isTTY, columns }) as NodeJS.WriteStream;
const [terminal, pipe] = [stream(true), stream(false)];

describe('colour', () => {
  test.for([
    ['a terminal', terminal, true, {}, true],
    ['a pipe', pipe, true, {}, false],
    ['a terminal with --no-color', terminal, false, {}, false],
    ['a terminal with NO_COLOR', terminal, true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', terminal, true, { NO_COLOR: '' }, true],
    ['a dumb terminal', terminal, true, { TERM: 'dumb' }, false],
    ['a pipe with FORCE_COLOR', pipe, true, { FORCE_COLOR: '1' }, true],
    ['a pipe with an empty FORCE_COLOR', pipe, true, { FORCE_COLOR: '' }, false],
    ['a terminal with FORCE_COLOR=0', terminal, true, { FORCE_COLOR: '0' }, false],
    ['a pipe with FORCE_COLOR and --no-color', pipe, false, { FORCE_COLOR: '1' }, false],
  ] as const)('for %s', ([, where, asked, env, wanted]) => {
    expect(wantsColour(where, asked, env)).toBe(wanted);
  });

  test('is not there where it is not wanted', async () => {
    const { bold, dim, green, red } = await styles(pipe, true, {});
    expect([bold, dim, green, red].map((style) => style('x'))).toEqual(['x', 'x', 'x', 'x']);
  });

  test('is there where it is, even if the process itself has no terminal', async () => {
    const { green } = await styles(pipe, true, { FORCE_COLOR: '1' });
    expect(green('x')).toBe('\x1b[32mx\x1b[39m');
  });
});

test.for([
  ['a terminal', terminal, {}, true],
  ['a pipe', pipe, {}, false],
  ['a terminal without a width', stream(true, 0), {}, false],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
  ['CI', terminal, { CI: 'true' }, false],
  ['a terminal where CI is said to be false', terminal, { CI: 'false' }, true],
  ['a terminal where CI is empty', terminal, { CI: '' }, true],
] as const)('pictures move, or not, in %s', ([, where, env, moves]) => {
  expect(canAnimate(where, env)).toBe(moves);
});

test.for([
  ['a terminal', stream(true, 80), { COLUMNS: '60' }, 80],
  ['a terminal that does not know', stream(true, 0), { COLUMNS: '60' }, 60],
  ['a pipe', stream(false, 0), { COLUMNS: '60' }, 60],
  ['a pipe of which nothing is said', stream(false, 0), {}, undefined],
  ['a pipe of which nonsense is said', stream(false, 0), { COLUMNS: '-1' }, undefined],
] as const)('the columns of %s', ([, where, env, columns]) => {
  expect(columnsOf(where, env)).toBe(columns);
});
