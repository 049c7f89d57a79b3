#!/usr/bin/env node
// Errors name the lines of the TypeScript source: must be on before anything is loaded.
process.setSourceMapsEnabled(true);
const { main } = await import('../dist/cli/main.js');
await main();
