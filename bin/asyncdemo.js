#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(built)) {
  // Errors name the lines of the TypeScript source: must be on before anything is loaded.
  process.setSourceMapsEnabled(true);
  const { main } = await import(built.href);
  await main();
} else {
  process.stderr.write('asyncdemo: expected a build in dist/, found none: run `npm ci` first\n');
  process.exitCode = 1;
}
