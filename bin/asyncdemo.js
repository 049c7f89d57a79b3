#!/usr/bin/env node
// CommonJS, as bin/package.json says: Node starts it sooner than an ES module.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const built = join(__dirname, '../dist/command/main.cjs');
if (existsSync(built)) {
  // Node's code for a program that waits for ever: a promise that is never settled would otherwise pass for success.
  const unsettled = (code) => {
    if (code === 0) process.exitCode = 13;
  };
  process.once('exit', unsettled);
  require(built)
    .main()
    .finally(() => process.off('exit', unsettled));
} else {
  process.stderr.write('asyncdemo: expected a build in dist/, found none: run `npm ci` first\n');
  process.exitCode = 1;
}
