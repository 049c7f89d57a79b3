// Installs the peers, where they are not there yet or older than the lock; they are no part of the product.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const changed = (file) => statSync(new URL(file, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Without a network the peers are missing, which is told, and nothing more. */
export function installPeers() {
  // npm writes this file last.
  if (changed('node_modules/.package-lock.json') >= changed('package-lock.json')) return;
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const { status } = spawnSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel', 'error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) console.error(`bench: expected npm ci to install the peers, it ended with ${status}: they are not measured`);
}
