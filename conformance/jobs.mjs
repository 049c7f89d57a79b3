// Several pairs of a CPython and a thread of ours beside each other, each given a range of seeds after the other.
import { Worker } from 'node:worker_threads';

/** Seeds a range: enough that a range costs nothing, few enough for progress to be seen. */
const CHUNK = 500;
/** How long one program of ours may take. */
const PATIENCE = 20_000;

export class Jobs {
  constructor(python, count) {
    this.python = python;
    this.count = count;
  }

  /** Runs the programs of seeds `from` to `to`; `onChunk` is told of each range that is done. */
  async run(from, to, onChunk) {
    let next = from;
    const take = () => {
      if (next >= to) return undefined;
      const range = [next, Math.min(next + CHUNK, to)];
      next = range[1];
      return range;
    };
    await Promise.all(Array.from({ length: this.count }, () => this.#job(take, onChunk)));
  }

  async #job(take, onChunk) {
    for (let range = take(); range !== undefined; range = take()) {
      let left = range;
      while (left !== undefined) left = await this.#thread(left, take, onChunk);
    }
  }

  /** One thread, until no seeds are left; or until a program hangs: then what is left of its range. */
  #thread(range, take, onChunk) {
    // Which seed it is at: a thread that hangs cannot say so itself.
    const at = new Float64Array(new SharedArrayBuffer(8));
    const worker = new Worker(new URL('ours/worker.mjs', import.meta.url), { workerData: { python: this.python, at } });
    let current = range;
    return new Promise((resolve, reject) => {
      let last = -1;
      const watch = setInterval(() => {
        if (at[0] === last && at[0] !== 0) finish({ hangs: at[0] });
        last = at[0];
      }, PATIENCE);
      const finish = async ({ hangs, error }) => {
        clearInterval(watch);
        worker.removeAllListeners();
        worker.postMessage('end');
        await worker.terminate();
        if (error !== undefined) return reject(error);
        if (hangs === undefined) return resolve(undefined);
        onChunk({ count: 1, skipped: 0, lines: 0, programs: 0, seen: {}, differences: [{ seed: hangs, kind: 'hangs', cpython: 'an end', ours: 'none: it hangs' }] });
        resolve(hangs + 1 < current[1] ? [hangs + 1, current[1]] : undefined);
      };
      worker.on('error', (error) => finish({ error }));
      worker.on('message', (chunk) => {
        if (chunk.error !== undefined) return finish({ error: new Error(chunk.error) });
        onChunk(chunk);
        const following = take();
        if (following === undefined) return finish({});
        current = following;
        worker.postMessage(following);
      });
      worker.postMessage(range);
    });
  }
}
