// Contestants in Python: one process for a row and a loop, asked for each round, so that its rounds come between ours.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findPython } from '../conformance/python.mjs';

const PLAY = fileURLToPath(new URL('python/play.py', import.meta.url));

/** What each needs to be able to import. Of asyncio any CPython will do that has its Runner, if there is no 3.13. */
const NEEDS = {
  asyncio: 'from asyncio import Runner',
  uvloop: 'from asyncio import Runner; import uvloop',
  aiohttp: 'from asyncio import Runner; import aiohttp',
};

const runs = (code) => (command) => spawnSync(command, ['-c', code], { stdio: 'ignore' }).status === 0;

/** The commands of a Python for each contestant, without those for which there is none. */
export function findPythons() {
  const found = Object.entries(NEEDS).map(([name, code]) => [name, (name === 'asyncio' ? findPython() : undefined) ?? findPython(runs(code))]);
  return Object.fromEntries(found.filter(([, command]) => command !== undefined));
}

/**
 * A contestant for `seat`, where there is a Python for it: the row in python/FILE.py. `describe(size)` is what that is
 * given for a size.
 */
export function python(name, file, describe = (size) => size) {
  return async ({ pythons: { [name]: command } }) => {
    if (command === undefined) return undefined;
    const child = spawn(command, [PLAY, file, ...(name === 'uvloop' ? ['uvloop'] : [])], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => {}); // Of one that has died: its answer, which does not come, tells.
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const answer = async () => {
      const { done, value } = await answers.next();
      if (done) throw new Error(`${name}: expected an answer from ${command} python/play.py ${file}, it has ended; its error is above`);
      return JSON.parse(value);
    };
    const { runsOn } = await answer();
    return {
      runsOn,
      async amount(size) {
        child.stdin.write(`${JSON.stringify(describe(size))}\n`);
        return (await answer()).ms;
      },
      close: () => child.stdin.end(),
    };
  };
}
