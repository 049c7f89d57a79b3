// Where the tour stops: of each example, the declarations of its file that are worth reading, in that order; and the command
// line by which its timeline is seen once more, of another run.

/** An example, by the catalog's name. */
export type Stop =
  | 'reuse-loop'
  | 'gather-wait'
  | 'cancel-all'
  | 'timer'
  | 'async-for'
  | 'async-with'
  | 'fetch-status'
  | 'spinner'
  | 'progress'
  | 'semaphore-fetch';

interface Sight {
  readonly declarations: readonly string[];
  readonly live: string;
}

export const route: Readonly<Record<Stop, Sight>> = {
  'reuse-loop': { declarations: ['coro', 'run'], live: 'asyncdemo reuse-loop --timeline' },
  'gather-wait': { declarations: ['func1', 'broken', 'run'], live: 'asyncdemo gather-wait --timeline' },
  'cancel-all': { declarations: ['waitForever', 'run'], live: 'asyncdemo cancel-all --after 1m --timeline' },
  timer: { declarations: ['timer', 'run'], live: 'asyncdemo timer 3 --timeline' },
  'async-for': { declarations: ['AsyncIterable', 'main'], live: 'asyncdemo async-for -n 1000 --quiet --timeline' },
  'async-with': { declarations: ['log', 'AsyncContextManager', 'coro', 'run'], live: 'asyncdemo async-with --timeline' },
  'fetch-status': { declarations: ['getStatus', 'main'], live: 'asyncdemo fetch-status -n 40 --timeline' },
  spinner: { declarations: ['spin', 'slowFunction', 'supervisor'], live: 'asyncdemo spinner --duration 3 --timeline' },
  progress: { declarations: ['tqdm', 'waitWithProgress'], live: 'asyncdemo progress --pause 20ms --timeline' },
  'semaphore-fetch': { declarations: ['printResult', 'main'], live: 'asyncdemo fetch -c 1 --timeline' },
};
