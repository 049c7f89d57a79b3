// The loop without hooks, to see what they cost: a copy of a build's loop in which nothing looks at the observer any more.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Checks that are on the way of every row; fewer removed than this, and the loop is written in another way by now. */
const LEAST = 10;

/** A copy of the loop of the build in `folder`, to be imported on its own; it goes when the process ends. */
function copyOfLoop(folder) {
  const copy = mkdtempSync(join(tmpdir(), 'asyncdemo-bench-'));
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  cpSync(join(folder, 'loop'), join(copy, 'loop'), { recursive: true });
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
  return copy;
}

/** The same without its hooks; returns its folder. */
export function copyWithoutHooks(folder) {
  const copy = copyOfLoop(folder);
  let removed = 0;
  for (const file of readdirSync(join(copy, 'loop')).filter((name) => name.endsWith('.js'))) {
    const path = join(copy, 'loop', file);
    const stripped = withoutHooks(readFileSync(path, 'utf8'), file);
    removed += stripped.removed;
    writeFileSync(path, stripped.text);
  }
  if (removed < LEAST)
    throw new Error(`bench/strip-hooks.mjs: expected at least ${LEAST} checks of the observer in ${folder}, found ${removed}: teach it the new form`);
  return copy;
}

/**
 * A module as tsc writes it, without its checks of the observer: of `observer?.hook(...);` and `if (observer !== null ...)` goes the
 * whole statement, of `if (observer === null ...)` the condition, so that what follows is what happens. To ask anything
 * else of it is an error.
 */
export function withoutHooks(text, file) {
  const lines = text.split('\n');
  const kept = [];
  let removed = 0;
  for (let i = 0; i < lines.length; i++) {
    if (/^\s*(?:\w+(?:\(\))?\??\.)*observer\?\..*;$/.test(lines[i])) {
      removed += 1;
      kept.push(';'); // What may be all that an if or a finally does.
      continue;
    }
    const [, indent, comparison, rest] = /^(\s*)if \(.*\bobserver (===|!==) null.*?\)( \{| [^{].*;)?$/.exec(lines[i]) ?? [];
    if (indent === undefined) {
      if (/\bobserver (===|!==) null|observer\?/.test(lines[i]))
        throw new Error(`bench/strip-hooks.mjs: expected an if of its own in ${file}, got ${lines[i].trim()}: teach it this form`);
      kept.push(lines[i]);
      continue;
    }
    removed += 1;
    if (comparison === '===') {
      kept.push(`${indent}if (true)${rest ?? ''}`);
      continue;
    }
    if (rest === ' {') while (lines[i] !== `${indent}}`) i++;
    else if (rest === undefined) i++; // tsc puts what is to be done into a line of its own.
    if (/^\s*else\b/.test(lines[i + 1]))
      throw new Error(`bench/strip-hooks.mjs: expected no else after a check of the observer in ${file}: teach it this form`);
  }
  return { text: kept.join('\n'), removed };
}
