// `npm run pictures`: the pictures in the README. Each is a real run of the command in a real terminal: a shell in a
// pseudo-terminal, words typed into it, and what stands on the screen at one moment drawn as an SVG.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = join(ROOT, 'docs', 'pictures');
/** How many rows a terminal has, unless a picture needs more. */
const ROWS = 24;

/**
 * What to photograph, on a terminal of how many columns and rows. `play` types and waits; when it returns, the picture is taken.
 * `until` resolves when the screen's text matches.
 */
const SHOTS = {
  spinner: {
    title: 'asyncdemo spinner, four seconds in',
    columns: 96,
    async play({ type, until, pause }) {
      type('asyncdemo spinner\r');
      await until(/thinking!/);
      await pause(4000);
      await until(/\/ thinking!/);
    },
  },
  progress: {
    title: 'asyncdemo progress, six of ten done',
    columns: 64,
    async play({ type, until }) {
      type('asyncdemo progress\r');
      await until(/ 6\/10 /);
    },
  },
  fetch: {
    title: 'asyncdemo fetch --concurrency 3',
    columns: 64,
    async play({ type, until }) {
      type('asyncdemo fetch --concurrency 3\r');
      await until(/the server says\n\$ $/);
    },
  },
  'ctrl-c': {
    title: 'Ctrl-C while three tasks wait',
    columns: 64,
    async play({ type, until, pause }) {
      type('asyncdemo cancel-all --after 1m\r');
      await until(/task 2: waiting/);
      await pause(500);
      type('\x03');
      await until(/loop closed\n+\$ $/);
      type('echo $?\r');
      await until(/echo \$\?\n\d+\n\$ $/);
    },
  },
  'timeline-spinner': timelineOf('spinner --duration 2s', 'Two tasks: one waits for two seconds, the other turns a spinner'),
  'timeline-progress': timelineOf('progress --pause 500ms', 'Ten requests at once, taken one by one'),
  'timeline-fetch': timelineOf('fetch --concurrency 3', 'Twelve tasks, three permits'),
  'timeline-cancel-all': timelineOf('cancel-all', 'Three tasks are cancelled by a Ctrl-C'),
};

/** What an example did when. Its own lines are left out. */
function timelineOf(words, title) {
  return {
    title: `${title}: asyncdemo ${words} --timeline`,
    columns: 100,
    rows: 36,
    async play({ type, until }) {
      type(`asyncdemo ${words} --quiet --timeline\r`);
      await until(/slowest: .*\n\$ $/);
    },
  };
}

/** A folder with the command in it, by its own name, as an installation puts it on the PATH. */
function install() {
  const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-pictures-'));
  const command = join(folder, 'asyncdemo');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'bin', 'asyncdemo.js')}' "$@"\n`);
  chmodSync(command, 0o755);
  return folder;
}

/** Plays one scene in a shell; the screen as it stands then. */
async function photograph({ play, columns, rows = ROWS }, folder) {
  const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, ENV: _env, ...rest } = process.env;
  const env = { ...rest, PATH: `${folder}${delimiter}${process.env.PATH}`, PS1: '\x1b[32m$\x1b[0m ', TERM: 'xterm-256color', COLORTERM: 'truecolor' };
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const shell = pty.spawn('/bin/sh', [], { cols: columns, rows, cwd: ROOT, env });
  const watchers = new Set();
  const lookAgain = () => {
    for (const look of watchers) look();
  };
  shell.onData((data) => terminal.write(data, lookAgain));
  const until = (pattern) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`expected ${pattern} on the screen, got:\n${textOf(terminal, rows)}`)), 60_000);
      const look = () => {
        if (!pattern.test(textOf(terminal, rows))) return;
        clearTimeout(late);
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  try {
    await until(/^\$ $/);
    await play({ type: (text) => shell.write(text), until, pause });
    return rowsOf(terminal, columns, rows);
  } finally {
    shell.kill();
    terminal.dispose();
  }
}

/** The screen's text, without what is empty at its end. */
function textOf({ buffer }, height) {
  const lines = [];
  for (let y = 0; y < height; y++) lines.push(buffer.active.getLine(buffer.active.viewportY + y)?.translateToString(true) ?? '');
  return lines.join('\n').replace(/\n+$/, '');
}

/** The screen's cells as rows of pieces: neighbours that look the same. */
function rowsOf({ buffer }, columns, height) {
  const rows = [];
  for (let y = 0; y < height; y++) {
    const line = buffer.active.getLine(buffer.active.viewportY + y);
    const pieces = [];
    for (let x = 0; x < columns; x++) {
      const cell = line?.getCell(x);
      const text = cell?.getChars() || ' ';
      const look = [cell?.isFgPalette() ? `c${cell.getFgColor()}` : '', cell?.isBold() ? 'bold' : '', cell?.isDim() ? 'dim' : ''].filter(Boolean).join(' ');
      const last = pieces.at(-1);
      if (last?.look === look) last.text += text;
      else pieces.push({ x, look, text });
    }
    rows.push(pieces);
  }
  while (rows.length > 0 && rows.at(-1).every(({ text }) => text.trim() === '')) rows.pop();
  return rows;
}

const CELL = { width: 8.4, height: 19 };
const EDGE = 16;
const BAR = 30;

/** What a colour of the terminal's palette looks like on white, and on black. */
const PALETTE = {
  1: ['#b3261e', '#ff7b72'],
  2: ['#1a7f37', '#56d364'],
  3: ['#7d5a00', '#e3b341'],
  4: ['#0550ae', '#79c0ff'],
  5: ['#8250df', '#d2a8ff'],
  6: ['#0b7285', '#56d4dd'],
};

/** Rows of pieces as a drawing of a terminal window that brings everything it needs. */
function draw(rows, { title, columns }) {
  const width = columns * CELL.width + 2 * EDGE;
  const height = BAR + rows.length * CELL.height + EDGE + 6;
  const text = rows
    .map((pieces) =>
      pieces
        .map((piece) => piece.text)
        .join('')
        .trimEnd(),
    )
    .join('\n');
  const body = rows.flatMap((pieces, y) => pieces.flatMap((piece) => drawPiece(piece, y)));
  const colours = (index) =>
    Object.entries(PALETTE)
      .map(([n, shades]) => `.c${n}{fill:${shades[index]}}`)
      .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-labelledby="title text">
<title id="title">${escapeXml(title)}</title>
<desc id="text">${escapeXml(text)}</desc>
<style>
text,.block{fill:#1f2328}text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;white-space:pre}
.window{fill:#f6f8fa;stroke:#d0d7de}.lamp{fill:#d0d7de}.bold{font-weight:bold}.dim{opacity:.65}${colours(0)}
@media (prefers-color-scheme:dark){text,.block{fill:#e6edf3}.window{fill:#0d1117;stroke:#30363d}.lamp{fill:#30363d}${colours(1)}}
</style>
<rect class="window" x=".5" y=".5" width="${round(width - 1)}" height="${round(height - 1)}" rx="8"/>
<circle class="lamp" cx="20" cy="17" r="5"/><circle class="lamp" cx="38" cy="17" r="5"/><circle class="lamp" cx="56" cy="17" r="5"/>
${body.join('\n')}
</svg>
`;
}

const BLOCKS = '▏▎▍▌▋▊▉█';

/** A piece as text, each word at its own column so that any font fits; blocks as rectangles, so that no font leaves gaps. */
function drawPiece({ x, look, text }, y) {
  const top = BAR + y * CELL.height + 4;
  const kind = (name) => [name, look].filter(Boolean).join(' ');
  return [...text.matchAll(/[█-▏]+|[^\s█-▏]+(?: [^\s█-▏]+)*/gu)].map(({ 0: part, index }) => {
    const left = round(EDGE + (x + index) * CELL.width);
    if (BLOCKS.includes(part[0])) {
      const eighths = [...part].reduce((sum, block) => sum + BLOCKS.indexOf(block) + 1, 0);
      return `<rect class="${kind('block')}" x="${left}" y="${top}" width="${round((eighths / 8) * CELL.width)}" height="${CELL.height - 4}"/>`;
    }
    const attributes = look === '' ? '' : ` class="${look}"`;
    return `<text${attributes} x="${left}" y="${top + 12}" textLength="${round(part.length * CELL.width)}">${escapeXml(part)}</text>`;
  });
}

const round = (number) => Math.round(number * 100) / 100;
const escapeXml = (text) => text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]);

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(SHOTS, name));
if (unknown !== undefined) {
  console.error(`pictures: expected some of ${Object.keys(SHOTS).join(', ')}, got ${unknown}`);
  process.exitCode = 2;
} else {
  mkdirSync(PICTURES, { recursive: true });
  const folder = install();
  try {
    const names = wanted.length > 0 ? wanted : Object.keys(SHOTS);
    await Promise.all(
      names.map(async (name) => {
        const file = join(PICTURES, `${name}.svg`);
        writeFileSync(file, draw(await photograph(SHOTS[name], folder), SHOTS[name]));
        console.log(file);
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
