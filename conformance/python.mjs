// Where a CPython 3.13 is: ASYNCIO_PYTHON, the PATH, or pyenv's versions, newest first.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const ASK = "import sys, platform; print(platform.python_implementation(), '%d.%d' % sys.version_info[:2])";

function is313(command) {
  const { status, stdout } = spawnSync(command, ['-c', ASK], { encoding: 'utf8' });
  return status === 0 && stdout.trim() === 'CPython 3.13';
}

function pyenvs() {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  try {
    const names = readdirSync(versions).filter((name) => /^3\.13(\.\d+)?$/.test(name));
    names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    return names.map((name) => join(versions, name, 'bin/python3.13'));
  } catch {
    return [];
  }
}

/**
 * The command of a CPython 3.13, undefined where there is none; one that is named by hand has to be right. For another
 * purpose, the first that `suits` it.
 */
export function findPython(suits = is313) {
  const named = process.env.ASYNCIO_PYTHON;
  const around = ['python3.13', 'python3', ...pyenvs(), '/usr/bin/python3'];
  if (suits === is313) return (named ? [named] : around).find(is313);
  return [...(named ? [named] : []), ...around].find(suits);
}
