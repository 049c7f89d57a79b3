// What a proof sees of a run of the command line, from inside its process and without a change to it: every moment at
// which a signal could leave a loop, every task that was made, every coroutine that was started and has not ended.
import { EventLoop } from '../../../dist/loop/index.js';

export const watched = {
  /** The loops of this run, in the order they were made. */
  loops: [],
  /** Every task that came to life on them. */
  tasks: [],
  /** How many iterations they had, taken together. */
  iterations: 0,
  /** How many moments there were between two handles, the begin of each iteration among them. */
  moments: 0,
  /** Coroutines, and other generators, that have run a line and not their last one. */
  standing: new Set(),
  /** Called at each moment, with its number, and whether an iteration begins. */
  atMoment: (_moment, _iterationBegins) => {},
  /** Given, instead of it being called, what tells of an error when the run is over. */
  late: undefined,
};

/** Forgets the run before; what its loops report from now on goes to `late`. */
export function watchAnew(late) {
  Object.assign(watched, { loops: [], tasks: [], iterations: 0, moments: 0, atMoment: () => {}, late });
  watched.standing.clear();
}

function moment(iterationBegins) {
  watched.moments += 1;
  if (iterationBegins) watched.iterations += 1;
  watched.atMoment(watched.moments, iterationBegins);
}

// The command line tells every loop it makes who takes its errors: there the observer is set as well.
const { setExceptionHandler } = EventLoop.prototype;
EventLoop.prototype.setExceptionHandler = function (handler) {
  const { loops, late } = watched;
  setExceptionHandler.call(this, (loop, context) => {
    const tell = () => handler(loop, context);
    if (watched.loops === loops || late === undefined) tell();
    else late(tell);
  });
  if (loops.includes(this)) return;
  loops.push(this);
  this.setObserver({
    iteration: () => moment(true),
    handle: (phase) => phase === 'end' && moment(false),
    step: (phase) => phase === 'end' && moment(false),
    taskCreated: (task) => watched.tasks.push(task),
  });
};

// Tasks are not enough: a coroutine can be driven by hand, and dropped.
const generators = Object.getPrototypeOf(function* () {}).prototype;
for (const method of ['next', 'throw', 'return']) {
  const original = generators[method];
  generators[method] = function (sent) {
    let ended = true;
    try {
      const result = original.call(this, sent);
      ended = result.done;
      return result;
    } finally {
      if (ended) watched.standing.delete(this);
      else watched.standing.add(this);
    }
  };
}
