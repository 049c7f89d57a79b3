// A build of the loop, ready to be measured.
import { pathToFileURL } from 'node:url';
import { keepUnderWay } from './under-way.mjs';

/**
 * Imports the loop of a build, keeps a program under way on it, and runs a little of every row with it: a program uses
 * more of the loop than one row does, and no row should profit from an engine that has seen nothing else.
 */
export async function library(folder, rows, env) {
  const asyncdemo = await import(pathToFileURL(`${folder}/loop/index.js`).href);
  await keepUnderWay(asyncdemo);
  for (const row of rows) {
    if (row.alone) continue;
    const work = await row.contestants.ours({ ...env, asyncdemo });
    await (work.amount ?? ((size) => work(size, { start() {}, stop() {} })))(row.smoke);
  }
  return asyncdemo;
}
