import { expect, expectTypeOf, test } from 'vitest';
import {
  asyncGenerator,
  asyncWith,
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  type EventLoop,
  ExceptionGroup,
  eagerTaskFactory,
  type Future,
  GeneratorExit,
  gather,
  InvalidStateError,
  inspect,
  KeyboardInterrupt,
  LoopError,
  shield,
  sleep,
  type Task,
  TaskGroup,
  TimeoutError,
  timeout,
  wait,
} from '../../src/loop/index.ts';
import { fails, type Log, nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

class LookupError extends Error {
  override readonly name = 'LookupError';
}

function tree(error: unknown): string {
  if (error instanceof ExceptionGroup) return `${error.message} [${error.errors.map(tree).join(', ')}]`;
  // Python's have nothing to say.
  return [KeyboardInterrupt, TimeoutError, GeneratorExit].some((kind) => error instanceof kind) ? (error as Error).name : nameOf(error);
}

function* ticks(count: number): Coroutine<void> {
  for (let tick = 0; tick < count; tick += 1) yield* sleep(0);
}

interface Child {
  readonly cleanup?: number;
  readonly error?: Error;
  /** Thrown behind the clean-up. */
  readonly late?: Error | undefined;
}

function* child(log: Log, name: string, count: number, { cleanup = 0, error, late }: Child = {}): Coroutine<void> {
  try {
    yield* ticks(count);
  } catch (cancelled) {
    log(`${name} cancelled`);
    yield* ticks(cleanup);
    throw late ?? cancelled;
  }
  log(`${name} done`);
  if (error !== undefined) throw error;
}

const me = (): Task<unknown> => currentTask() as Task<unknown>;

/** Runs a block that may throw a group, and tells what is left of it: the count of requests, and the next await. */
function* caught(log: Log, block: () => Coroutine<unknown>): Coroutine<void> {
  try {
    yield* block();
    log('left');
  } catch (error) {
    if (error instanceof CancelledError) log(`left by ${nameOf(error)}, cancelling ${me().cancelling()}`);
    if (!(error instanceof ExceptionGroup)) throw error;
    log(tree(error));
  }
  log(`cancelling ${me().cancelling()}`);
  yield* ticks(1);
  log('went on');
}

/** `asyncWith` of a new group. */
const grouped = (body: (group: TaskGroup) => Coroutine<unknown>): Coroutine<unknown> => asyncWith(new TaskGroup(), body);

// --- ways out --------------------------------------------------------------------------------------------------------

test('a group is left when its last task is done, and shows itself as asyncio does', () =>
  sameAsCPython('a group is left when its last task is done', function* (log, loop) {
    const group = new TaskGroup();
    log(group);
    let tasks: Task<unknown>[] = [];
    yield* asyncWith(group, function* (entered) {
      log(entered === group);
      const first = group.createTask(child(log, 'first', 3), { name: 'first' });
      const second = group.createTask(sleep(5, 'second'));
      tasks = [first, second];
      log(`${first.getName()} ${second.getName()}`);
      log(inspect(group));
      yield* sleep(0);
      log('body done');
    });
    log(`${tasks.map(outcomeOf).join(' ')} at ${loop.time()}`);
    log(group);
    const empty = new TaskGroup();
    yield* asyncWith(empty, function* () {
      log('nothing to wait for');
    });
    log(empty);
  }));

test('the first error cancels the siblings and the body, waits for them all, and leaves no request behind', () =>
  sameAsCPython('the first error cancels the siblings and the body', function* (log) {
    const group = new TaskGroup();
    try {
      yield* asyncWith(group, function* () {
        for (const name of ['a', 'b']) group.createTask(child(log, name, 9, { cleanup: 2 }));
        group.createTask(child(log, 'fails', 2, { error: new ValueError('first') }));
        try {
          yield* sleep(100);
        } catch (error) {
          log(`body cancelled, ${group}, cancelling ${me().cancelling()}`);
          throw error;
        }
      });
    } catch (error) {
      log(tree(error));
      log(`${(error as Error).cause ?? null} ${(error as Error).name}`);
    }
    log(`${group} cancelling ${me().cancelling()}`);
    yield* sleep(1);
    log('goes on');
  }));

test('errors come in the order in which the tasks are done', () =>
  sameAsCPython('errors come in the order in which tasks are done', (log) =>
    caught(log, () =>
      grouped(function* (group) {
        group.createTask(child(log, 'late', 9, { cleanup: 4, late: new LookupError('late') }));
        group.createTask(child(log, 'quick', 9, { late: new TypeError('quick') }));
        group.createTask(child(log, 'first', 1, { error: new ValueError('first') }));
        group.createTask(child(log, 'same tick', 1, { error: new ValueError('same tick') }));
        yield* sleep(100);
      }),
    ),
  ));

test('an error of the body comes last in the group', () =>
  sameAsCPython('an error of the body comes last', function* (log) {
    const block = (cleanup: number, late?: Error): Coroutine<unknown> =>
      grouped(function* (group) {
        group.createTask(child(log, 'a', 9, { cleanup, late }));
        yield* sleep(0);
        throw new ValueError('body');
      });
    yield* caught(log, () => block(0));
    yield* caught(log, () => block(3));
    yield* caught(log, () => block(3, new TypeError('late')));
  }));

test('a task that has not started when the body fails never does', () =>
  sameAsCPython('an error of the body before tasks start', (log) =>
    caught(log, () =>
      grouped(function* (group) {
        group.createTask(child(log, 'never starts', 1));
        throw new ValueError('body');
      }),
    ),
  ));

test('a task and the body failing in the same tick are told of together', () =>
  sameAsCPython('an error in the tick in which the body fails', function* (log) {
    for (let count = 0; count < 5; count += 1) {
      log(`after ${count}`);
      yield* caught(log, () =>
        grouped(function* (group) {
          group.createTask(child(log, 'a', count, { error: new TypeError('a') }));
          yield* ticks(3);
          throw new ValueError('body');
        }),
      );
    }
  }));

test('a body that goes on after its cancellation is told of the errors in the end', () =>
  sameAsCPython('a body that goes on after its cancellation is told in the end', (log) =>
    caught(log, () =>
      grouped(function* (group) {
        group.createTask(child(log, 'a', 1, { error: new ValueError('a') }));
        try {
          yield* sleep(100);
        } catch {
          log('refused');
        }
        yield* ticks(3);
        log('body done');
      }),
    ),
  ));

test('an error that comes when the body is over cancels the siblings', () =>
  sameAsCPython('an error while the body is over', (log) =>
    caught(log, () =>
      grouped(function* (group) {
        group.createTask(child(log, 'a', 9, { cleanup: 3 }));
        group.createTask(child(log, 'b', 4, { error: new ValueError('b') }));
        log('body done');
      }),
    ),
  ));

test('an error that the body caught at its await is thrown all the same', () =>
  sameAsCPython('an error that the body caught is told all the same', (log) =>
    caught(log, () =>
      grouped(function* (group) {
        const failed = group.createTask(child(log, 'a', 1, { error: new ValueError('a') }));
        try {
          yield* failed;
        } catch (error) {
          if (!(error instanceof ValueError)) throw error;
          log('caught, and yet');
        }
      }),
    ),
  ));

// --- cancelled tasks -------------------------------------------------------------------------------------------------

test('a task that was cancelled, or threw a CancelledError by itself, is no error', () =>
  sameAsCPython('a cancelled task is no error', function* (log) {
    function* givesUp(): Coroutine<void> {
      throw new CancelledError('by itself');
    }
    yield* caught(log, function* () {
      const tasks: Task<void>[] = [];
      yield* grouped(function* (group) {
        tasks.push(group.createTask(child(log, 'cancelled', 9)), group.createTask(givesUp()), group.createTask(child(log, 'sibling', 5)));
        yield* ticks(2);
        tasks[0]?.cancel();
      });
      log(tasks.map(outcomeOf).join(' '));
    });
  }));

test('a body that awaits a cancelled task leaves the group by its CancelledError, and cancels the others', () =>
  sameAsCPython('a body that awaits a cancelled task is cancelled', function* (log) {
    const task = createTask(
      caught(log, () =>
        grouped(function* (group) {
          const cancelled = group.createTask(sleep(100));
          group.createTask(child(log, 'sibling', 5));
          yield* ticks(1);
          cancelled.cancel('mine');
          yield* cancelled;
        }),
      ),
    );
    yield* wait([task]);
    log(`${outcomeOf(task)} ${task.cancelling()}`);
  }));

test('a cancelled task that fails on its way out is an error', () =>
  sameAsCPython('a cancelled task that fails is an error', (log) =>
    caught(log, () =>
      grouped(function* (group) {
        const task = group.createTask(child(log, 'a', 9, { late: new ValueError('late') }));
        group.createTask(child(log, 'sibling', 9));
        yield* ticks(1);
        task.cancel();
        yield* ticks(5);
      }),
    ),
  ));

// --- cancelled from outside ------------------------------------------------------------------------------------------

const quiet = (log: Log): Coroutine<unknown> =>
  grouped(function* (group) {
    group.createTask(child(log, 'a', 3, { cleanup: 1 }));
    group.createTask(child(log, 'b', 6));
    yield* ticks(2);
    log('body done');
  });

const failing = (log: Log): Coroutine<unknown> =>
  grouped(function* (group) {
    group.createTask(child(log, 'a', 9, { cleanup: 3 }));
    group.createTask(child(log, 'b', 2, { error: new ValueError('b') }));
    yield* child(log, 'body', 9, { cleanup: 1 });
  });

const failingLate = (log: Log): Coroutine<unknown> =>
  grouped(function* (group) {
    group.createTask(child(log, 'a', 9, { cleanup: 3, late: new TypeError('a') }));
    group.createTask(child(log, 'b', 4, { error: new ValueError('b') }));
    log('body done');
  });

const nested = (log: Log): Coroutine<unknown> =>
  grouped(function* (outer) {
    outer.createTask(child(log, 'outer', 9, { cleanup: 2 }));
    try {
      yield* grouped(function* (inner) {
        inner.createTask(child(log, 'inner', 9, { cleanup: 2 }));
        inner.createTask(child(log, 'fails', 2, { error: new ValueError('inner') }));
        yield* ticks(9);
      });
    } catch (error) {
      if (!(error instanceof ExceptionGroup)) throw error;
      log(`between: ${tree(error)} ${me().cancelling()}`);
    }
    yield* ticks(2);
    log('outer body done');
  });

const nestedFailing = (log: Log): Coroutine<unknown> =>
  grouped(function* (outer) {
    outer.createTask(child(log, 'outer', 3, { error: new TypeError('outer') }));
    yield* grouped(function* (inner) {
      inner.createTask(child(log, 'inner', 9, { cleanup: 3, late: new LookupError('late') }));
      inner.createTask(child(log, 'fails', 2, { error: new ValueError('inner') }));
      yield* ticks(9);
    });
  });

function* atEveryMoment(log: Log, program: (log: Log) => Coroutine<unknown>): Coroutine<void> {
  for (const [before, requests] of [
    [false, 1],
    [true, 1],
    [false, 2],
  ] as const) {
    for (let moment = 0; moment < 14; moment += 1) {
      log(`before ${before} requests ${requests} moment ${moment}`);
      let task: Task<void> | undefined;
      function* cancels(): Coroutine<void> {
        yield* ticks(moment);
        for (let number = 0; number < requests; number += 1) {
          task?.cancel(`request ${number}`);
          yield* ticks(1);
        }
      }
      const canceller = before ? createTask(cancels()) : undefined;
      task = createTask(caught(log, () => program(log)));
      yield* wait([task, canceller ?? createTask(cancels())]);
      log(`${outcomeOf(task)} ${task.cancelling()}`);
    }
  }
}

test('cancelled from outside at any moment: a group whose tasks end well', () =>
  sameAsCPython('a quiet group cancelled at every moment', (log) => atEveryMoment(log, quiet)));

test('cancelled from outside at any moment: a group with an error in its body’s time', () =>
  sameAsCPython('a failing group cancelled at every moment', (log) => atEveryMoment(log, failing)));

test('cancelled from outside at any moment: a group with an error when its body is over', () =>
  sameAsCPython('a group that fails late cancelled at every moment', (log) => atEveryMoment(log, failingLate)));

test('cancelled from outside at any moment: a group in a group, whose error is caught between', () =>
  sameAsCPython('nested groups cancelled at every moment', (log) => atEveryMoment(log, nested)));

test('cancelled from outside at any moment: a group in a group, both with errors', () =>
  sameAsCPython('nested groups that fail cancelled at every moment', (log) => atEveryMoment(log, nestedFailing)));

test('a cancellation that the body swallowed is gone, and stays counted', () =>
  sameAsCPython('a cancellation that the body swallowed is gone', function* (log) {
    const task = createTask(
      caught(log, () =>
        grouped(function* (group) {
          group.createTask(child(log, 'a', 6));
          try {
            yield* sleep(100);
          } catch {
            log('swallowed');
          }
        }),
      ),
    );
    yield* ticks(2);
    task.cancel();
    yield* wait([task]);
    log(`${outcomeOf(task)} ${task.cancelling()}`);
  }));

test('a request older than the group stays counted, and is told anew when the group fails', () =>
  sameAsCPython('a request older than the group stays counted', function* (log) {
    function* block(): Coroutine<void> {
      try {
        yield* sleep(100);
      } catch {
        log(`swallowed, cancelling ${me().cancelling()}`);
      }
      for (const program of [quiet, failing]) yield* caught(log, () => program(log));
    }
    const task = createTask(block());
    yield* ticks(2);
    task.cancel('old');
    yield* wait([task]);
    log(`${outcomeOf(task)} ${task.cancelling()}`);
  }));

// --- tasks added -----------------------------------------------------------------------------------------------------

test('tasks may add tasks until the last is done', () =>
  sameAsCPython('tasks may add tasks until the last is done', function* (log) {
    const group = new TaskGroup();
    function* adds(depth: number): Coroutine<void> {
      yield* ticks(2);
      log(`depth ${depth} ${group}`);
      if (depth < 3) group.createTask(adds(depth + 1));
    }
    yield* asyncWith(group, function* () {
      group.createTask(adds(0));
    });
    log(group);
  }));

test('a group takes tasks only while it is entered and does not abort, and is entered once', () =>
  sameAsCPython('a group takes tasks only while it is entered and does not abort', function* (log) {
    const refused = (where: TaskGroup): void => {
      try {
        where.createTask(sleep(1));
        log('taken');
      } catch (error) {
        expect(error).toBeInstanceOf(LoopError);
        log((error as Error).message);
      }
    };
    const group = new TaskGroup();
    refused(group);
    function* tries(): Coroutine<void> {
      try {
        yield* sleep(100);
      } catch (error) {
        refused(group);
        throw error;
      }
    }
    try {
      yield* asyncWith(group, function* () {
        group.createTask(tries());
        group.createTask(child(log, 'fails', 1, { error: new ValueError('first') }));
        try {
          yield* sleep(100);
        } finally {
          refused(group);
        }
      });
    } catch (error) {
      log(tree(error));
    }
    refused(group);
    try {
      yield* asyncWith(group, function* () {
        log('never');
      });
    } catch (error) {
      log((error as Error).message);
    }
    const ended = new TaskGroup();
    yield* asyncWith(ended, function* () {});
    refused(ended);
  }));

test('a task that was added before the error is cancelled with the others; one behind it is refused', () =>
  sameAsCPython('a task added in the tick of the error', function* (log) {
    for (let count = 0; count < 6; count += 1) {
      log(`after ${count}`);
      yield* caught(log, () =>
        grouped(function* (group) {
          group.createTask(child(log, 'fails', 2, { error: new ValueError('fails') }));
          function* adds(): Coroutine<void> {
            yield* ticks(count);
            group.createTask(child(log, 'added', 9));
          }
          group.createTask(adds());
          yield* ticks(9);
        }),
      );
    }
  }));

test('a group can be entered in a task only', () =>
  sameAsCPython('a group outside of a task', async (log, loop) => {
    loop.callSoon(() => {
      try {
        new TaskGroup().aenter().next();
      } catch (error) {
        log((error as Error).message);
      }
      loop.stop();
    });
    await loop.runForever();
  }));

test('other tasks than the one that entered may add to a group', () =>
  sameAsCPython('a group entered by one task serves others', function* (log) {
    const group = new TaskGroup();
    function* other(): Coroutine<void> {
      yield* ticks(1);
      group.createTask(child(log, 'added from outside', 2, { error: new ValueError('added') }));
    }
    const outside = createTask(other());
    yield* caught(log, () =>
      asyncWith(group, function* () {
        group.createTask(child(log, 'own', 9));
        yield* ticks(9);
      }),
    );
    log(outcomeOf(outside));
  }));

// --- eager tasks -----------------------------------------------------------------------------------------------------

test('an eager task that is done at once never joins the group; one that fails at once has it abort at once', () =>
  sameAsCPython('eager tasks in a group', function* (log, loop) {
    loop.setTaskFactory(eagerTaskFactory);
    function* atOnce(name: string, error?: Error): Coroutine<string> {
      log(`${name} runs`);
      if (error !== undefined) throw error;
      return name;
    }
    const quick = (): Coroutine<unknown> =>
      grouped(function* (group) {
        const task = group.createTask(atOnce('a'));
        log(`${outcomeOf(task)} ${group}`);
        group.createTask(child(log, 'b', 3));
        log(group);
      });
    const failing = (): Coroutine<unknown> =>
      grouped(function* (group) {
        group.createTask(child(log, 'a', 9, { cleanup: 1 }));
        const task = group.createTask(atOnce('b', new ValueError('b')));
        log(`${outcomeOf(task)} ${group} cancelling ${me().cancelling()}`);
        try {
          group.createTask(child(log, 'c', 1));
        } catch (error) {
          log((error as Error).message);
        }
        yield* ticks(1);
        log('never');
      });
    const growing = (): Coroutine<unknown> =>
      grouped(function* (group) {
        function* adds(depth: number): Coroutine<void> {
          yield* ticks(1);
          if (depth === 3) return;
          group.createTask(adds(depth + 1));
          group.createTask(atOnce(`at depth ${depth}`));
        }
        group.createTask(adds(0));
      });
    const cancels = (): Coroutine<unknown> =>
      grouped(function* (group) {
        const body = me();
        function* cancelsTheBody(): Coroutine<void> {
          body.cancel('from inside');
          yield* child(log, 'canceller', 3);
        }
        group.createTask(child(log, 'a', 9));
        group.createTask(cancelsTheBody());
        log('goes on');
        yield* ticks(1);
        log('never');
      });
    for (const block of [quick, failing, growing]) yield* caught(log, block);
    const task = createTask(caught(log, cancels));
    yield* wait([task]);
    log(`${outcomeOf(task)} ${task.cancelling()}`);
  }));

// --- nested ----------------------------------------------------------------------------------------------------------

test('an error goes through nested groups, one group around the other', () =>
  sameAsCPython('an error goes through nested groups', (log) =>
    caught(log, () =>
      grouped(function* (outer) {
        outer.createTask(child(log, 'outer', 9, { cleanup: 1 }));
        yield* grouped(function* (inner) {
          inner.createTask(child(log, 'inner', 1, { error: new ValueError('inner') }));
        });
      }),
    ),
  ));

test('an error of the outer group cancels the inner one, whose own errors come along', () =>
  sameAsCPython('an error of the outer group cancels the inner one', function* (log) {
    const block = (late?: Error): Coroutine<unknown> =>
      grouped(function* (outer) {
        outer.createTask(child(log, 'outer', 2, { error: new ValueError('outer') }));
        yield* grouped(function* (inner) {
          inner.createTask(child(log, 'inner', 9, { cleanup: 2, late }));
          yield* ticks(9);
        });
      });
    yield* caught(log, () => block());
    yield* caught(log, () => block(new TypeError('inner')));
  }));

test('nested groups may fail in every order', () =>
  sameAsCPython('groups fail in every order', function* (log) {
    const block = (outerCount: number, innerCount: number): Coroutine<unknown> =>
      grouped(function* (outer) {
        outer.createTask(child(log, 'outer', outerCount, { error: new ValueError('outer') }));
        try {
          yield* grouped(function* (inner) {
            inner.createTask(child(log, 'inner', innerCount, { error: new TypeError('inner') }));
            inner.createTask(child(log, 'sibling', 9, { cleanup: 2 }));
            yield* ticks(9);
          });
        } finally {
          log(`between, cancelling ${me().cancelling()}`);
        }
      });
    for (let outerCount = 0; outerCount < 5; outerCount += 1) {
      for (let innerCount = 0; innerCount < 5; innerCount += 1) {
        log(`${outerCount} ${innerCount}`);
        yield* caught(log, () => block(outerCount, innerCount));
      }
    }
  }));

test('a task of a group may have a group of its own', () =>
  sameAsCPython('a group in a task of a group', (log) => {
    const inside = (): Coroutine<unknown> =>
      grouped(function* (inner) {
        inner.createTask(child(log, 'inner a', 1, { error: new ValueError('inner a') }));
        inner.createTask(child(log, 'inner b', 9, { cleanup: 1, late: new LookupError('inner b') }));
      });
    return caught(log, () =>
      grouped(function* (outer) {
        outer.createTask(inside());
        outer.createTask(inside());
        outer.createTask(child(log, 'outer', 9, { cleanup: 1 }));
      }),
    );
  }));

// --- with timeouts and other combinators -----------------------------------------------------------------------------

test('a timeout around a group waits for its tasks; their errors go before the TimeoutError', () =>
  sameAsCPython('a timeout around a group', function* (log, loop) {
    function* sleeper(name: string, cleanup: number, late?: Error): Coroutine<void> {
      try {
        yield* sleep(100);
      } finally {
        yield* sleep(cleanup);
        log(`${name} ends at ${loop.time()}`);
        // biome-ignore lint/correctness/noUnsafeFinally: in place of the cancellation
        if (late !== undefined) throw late;
      }
    }
    try {
      yield* asyncWith(timeout(10), () =>
        grouped(function* (group) {
          group.createTask(sleeper('a', 2));
          group.createTask(sleeper('b', 3));
        }),
      );
    } catch (error) {
      if (error instanceof TimeoutError) log(`timed out at ${loop.time()}, cancelling ${me().cancelling()}`);
    }
    const limit = timeout(10);
    try {
      yield* asyncWith(limit, () =>
        grouped(function* (group) {
          group.createTask(sleeper('a', 2, new ValueError('late')));
          group.createTask(sleeper('b', 3));
        }),
      );
    } catch (error) {
      log(`${tree(error)} at ${loop.time()}, expired ${limit.expired()}, cancelling ${me().cancelling()}`);
    }
    yield* sleep(1);
    log('goes on');
  }));

test('a timeout inside a group is an error of the body', () =>
  sameAsCPython('a timeout inside a group', function* (log) {
    for (const delay of [0, 5]) {
      yield* caught(log, () =>
        grouped(function* (group) {
          group.createTask(child(log, 'sibling', 5, { cleanup: 1 }));
          yield* asyncWith(timeout(delay), () => sleep(20));
        }),
      );
    }
  }));

test('of a timeout and an error of the same moment both are accounted for', () =>
  sameAsCPython('a group failing in the moment of its timeout', function* (log, loop) {
    for (const errorFirst of [false, true]) {
      for (let gap = 0; gap < 4; gap += 1) {
        const limit = timeout(undefined);
        const gate: Future<void> = loop.createFuture();
        function* behind(): Coroutine<void> {
          yield* gate;
          throw new ValueError('child');
        }
        const task = createTask(
          caught(log, () =>
            asyncWith(limit, () =>
              grouped(function* (group) {
                group.createTask(behind());
                yield* sleep(1000);
              }),
            ),
          ),
        );
        yield* ticks(2);
        const steps = [() => limit.reschedule(0), () => gate.setResult()];
        if (errorFirst) steps.reverse();
        log(`error first ${errorFirst} gap ${gap}`);
        for (const step of steps) {
          try {
            step();
          } catch (error) {
            log(error instanceof InvalidStateError ? 'the gate is shut for ever' : (error as Error).message);
          }
          yield* ticks(gap);
        }
        yield* wait([task]);
        const outcome = outcomeOf(task);
        log(`${outcome.startsWith('raised TimeoutError') ? 'raised TimeoutError' : outcome} ${limit.expired()} ${task.cancelling()}`);
      }
    }
  }));

test('a group in gather and behind a shield is a coroutine like any other', () =>
  sameAsCPython('a group inside gather and shield', function* (log) {
    const block = (): Coroutine<unknown> =>
      grouped(function* (group) {
        group.createTask(child(log, 'a', 9, { cleanup: 2 }));
        group.createTask(child(log, 'b', 3, { error: new ValueError('b') }));
      });
    const results = yield* gather([block(), child(log, 'other', 6)], { returnExceptions: true });
    log(results.map((result) => (result instanceof Error ? tree(result) : (result ?? null))));
    const inner = createTask(block());
    const outer = shield(inner);
    yield* ticks(1);
    outer.cancel();
    yield* wait([inner]);
    log(tree(inner.exception()));
  }));

test('a group around an emit tells of the generator’s end as of an error, as CPython 3.13 does', () =>
  sameAsCPython('a group in an asynchronous generator that is closed', function* (log) {
    const numbers = (count: number) =>
      asyncGenerator<number>(function* (emit) {
        try {
          yield* grouped(function* (group) {
            group.createTask(child(log, 'a', count, { cleanup: 1 }));
            yield* ticks(3);
            yield* emit(1);
          });
        } finally {
          log('ended');
        }
      });
    for (const count of [9, 1]) {
      const generator = numbers(count);
      log(yield* generator.anext());
      try {
        yield* generator.aclose();
      } catch (error) {
        log(tree(error));
      }
    }
  }));

// --- errors that leave the run ---------------------------------------------------------------------------------------

async function interrupted(log: Log, loop: EventLoop, main: Coroutine<unknown>): Promise<void> {
  const task = loop.createTask(main);
  while (!task.done()) {
    try {
      await loop.runUntilComplete(task);
    } catch (error) {
      log(error instanceof KeyboardInterrupt ? 'the run is left' : tree(error));
    }
  }
  log(task.cancelled() ? 'cancelled' : (task.exception() as Error).name);
}

test('an interrupt in a task leaves the run, and comes out of the group bare', () =>
  sameAsCPython('an interrupt in a task comes out bare', (log, loop) =>
    interrupted(
      log,
      loop,
      grouped(function* (group) {
        group.createTask(child(log, 'a', 9, { cleanup: 2, late: new ValueError('lost') }));
        group.createTask(child(log, 'interrupted', 2, { error: new KeyboardInterrupt() }));
        yield* child(log, 'body', 9);
      }),
    ),
  ));

test('an interrupt in the body comes out of the group bare', () =>
  sameAsCPython('an interrupt in the body comes out bare', (log, loop) =>
    interrupted(
      log,
      loop,
      grouped(function* (group) {
        group.createTask(child(log, 'a', 9, { cleanup: 2, late: new ValueError('lost') }));
        yield* ticks(2);
        throw new KeyboardInterrupt();
      }),
    ),
  ));

test('an interrupt after an error comes out of the group bare', () =>
  sameAsCPython('an interrupt after an error comes out bare', (log, loop) =>
    interrupted(
      log,
      loop,
      grouped(function* (group) {
        group.createTask(child(log, 'a', 9, { cleanup: 1, late: new KeyboardInterrupt() }));
        group.createTask(child(log, 'b', 1, { error: new ValueError('lost') }));
        yield* child(log, 'body', 9);
      }),
    ),
  ));

// --- cancel(): from Python 3.15, so there is no trace to compare with ------------------------------------------------

/** What happens, in order. */
function recorded(): { trace: string[]; log: Log } {
  const trace: string[] = [];
  return { trace, log: (entry) => void trace.push(String(entry)) };
}

test('cancel() ends the tasks and the body, waits for them, and leaves the group without an error and without a request', () =>
  inVirtualTime(function* () {
    const { trace, log } = recorded();
    const group = new TaskGroup();
    const result = yield* asyncWith(group, function* () {
      group.createTask(child(log, 'a', 9, { cleanup: 3 }));
      group.createTask(child(log, 'b', 9));
      yield* ticks(1);
      group.createTask(child(log, 'never starts', 9));
      group.cancel();
      log(group);
      yield* child(log, 'body', 9, { cleanup: 1 });
      return 'never';
    });
    expect(result).toBeUndefined();
    expect(trace).toEqual(['<TaskGroup tasks=3 cancelling>', 'a cancelled', 'b cancelled', 'body cancelled']);
    expect(me().cancelling()).toBe(0);
    yield* sleep(1);
  }));

test('cancel() of a body that ends without another await leaves its result, and no cancellation behind', () =>
  inVirtualTime(function* () {
    const result = yield* asyncWith(new TaskGroup(), function* (group) {
      group.cancel();
      return 'a result';
    });
    expect(result).toBe('a result');
    expect(me().cancelling()).toBe(0);
    yield* sleep(1);
    const waited = yield* asyncWith(new TaskGroup(), function* (group) {
      group.createTask(sleep(1000));
      createTask(
        (function* (): Coroutine<void> {
          yield* sleep(5);
          group.cancel();
        })(),
      );
      return 'a result';
    });
    expect(waited).toBe('a result');
    expect(me().cancelling()).toBe(0);
    yield* sleep(1);
  }));

test('a task of the group may cancel it, itself included', () =>
  inVirtualTime(function* (loop) {
    const { trace, log } = recorded();
    yield* asyncWith(new TaskGroup(), function* (group) {
      group.createTask(child(log, 'sibling', 9));
      group.createTask(
        (function* (): Coroutine<void> {
          yield* ticks(2);
          group.cancel();
          yield* child(log, 'canceller', 1);
        })(),
      );
      yield* sleep(1000);
    });
    expect(trace).toEqual(['sibling cancelled', 'canceller cancelled']);
    expect(loop.time()).toBe(0);
  }));

test('an eager task that cancels the group in its first step is cancelled too', () =>
  inVirtualTime(function* () {
    const { trace, log } = recorded();
    yield* asyncWith(new TaskGroup(), function* (group) {
      function* cancels(): Coroutine<void> {
        group.cancel();
        yield* child(log, 'canceller', 9);
      }
      group.createTask(cancels(), { eagerStart: true });
      yield* child(log, 'body', 9);
    });
    expect(trace).toEqual(['canceller cancelled', 'body cancelled']);
  }));

test('an eager task in whose first step another one fails is cancelled like every member', () =>
  inVirtualTime(function* (loop) {
    const { trace, log } = recorded();
    let thrown: unknown;
    try {
      yield* grouped(function* (group) {
        function* adds(): Coroutine<void> {
          group.createTask(fails(new ValueError('inner')), { eagerStart: true });
          try {
            yield* sleep(1000);
          } finally {
            log(`left at ${loop.time()}`);
          }
        }
        group.createTask(adds(), { eagerStart: true });
      });
    } catch (error) {
      thrown = error;
    }
    expect(tree(thrown)).toBe('unhandled errors in a TaskGroup (1 sub-exception) [ValueError inner]');
    expect(trace).toEqual(['left at 0']);
  }));

test('errors that come up while a cancelled group ends are thrown', () =>
  inVirtualTime(function* () {
    const { log } = recorded();
    const block = (late: Error, body: Error | undefined): Coroutine<unknown> =>
      grouped(function* (group) {
        group.createTask(child(log, 'a', 9, { late }));
        yield* ticks(1);
        group.cancel();
        try {
          yield* sleep(1000);
        } catch (error) {
          throw body ?? error;
        }
      });
    for (const [body, expected] of [
      [undefined, 'unhandled errors in a TaskGroup (1 sub-exception) [ValueError late]'],
      [new TypeError('body'), 'unhandled errors in a TaskGroup (2 sub-exceptions) [ValueError late, TypeError body]'],
    ] as const) {
      let thrown: unknown;
      try {
        yield* block(new ValueError('late'), body);
      } catch (error) {
        thrown = error;
      }
      expect(tree(thrown)).toBe(expected);
      expect(me().cancelling()).toBe(0);
    }
  }));

test('cancelled before it is entered, a group cancels its body at the first await', () =>
  inVirtualTime(function* () {
    const { trace, log } = recorded();
    const group = new TaskGroup();
    group.cancel();
    group.cancel();
    yield* asyncWith(group, function* () {
      log(group);
      expect(() => group.createTask(sleep(1))).toThrow('TaskGroup <TaskGroup cancelling> is shutting down');
      yield* child(log, 'body', 9);
    });
    expect(trace).toEqual(['<TaskGroup cancelling>', 'body cancelled']);
    expect(me().cancelling()).toBe(0);
  }));

test('a second cancel() does nothing, nor does one of a group that ends already or is finished', () =>
  inVirtualTime(function* () {
    const { trace, log } = recorded();
    const group = new TaskGroup();
    yield* asyncWith(group, function* () {
      group.createTask(child(log, 'a', 9, { cleanup: 2 }));
      yield* ticks(1);
      group.cancel();
      group.cancel();
      expect(me().cancelling()).toBe(1);
      try {
        yield* sleep(1000);
      } finally {
        yield* ticks(1);
        group.cancel();
      }
    });
    expect(trace).toEqual(['a cancelled']);
    group.cancel();
    expect(me().cancelling()).toBe(0);
    yield* sleep(1);
    const failed = new TaskGroup();
    let thrown: unknown;
    try {
      yield* asyncWith(failed, function* () {
        failed.createTask(child(log, 'b', 1, { error: new ValueError('b') }));
        try {
          yield* sleep(1000);
        } finally {
          failed.cancel();
        }
      });
    } catch (error) {
      thrown = error;
    }
    expect(tree(thrown)).toBe('unhandled errors in a TaskGroup (1 sub-exception) [ValueError b]');
    expect(me().cancelling()).toBe(0);
  }));

test('a cancellation from outside goes through a group that cancel() ends, whether it comes before, with or behind it', () =>
  inVirtualTime(function* () {
    const { log } = recorded();
    const events = ['outside', 'cancel()', 'outside'] as const;
    for (const [first, gap] of [0, 1].flatMap((start) => [0, 1, 2].map((ticksBetween) => [start, ticksBetween] as const))) {
      const group = new TaskGroup();
      const task = createTask(
        asyncWith(group, function* () {
          group.createTask(child(log, 'a', 30, { cleanup: 9 }));
        }),
      );
      yield* ticks(3);
      for (const event of events.slice(first, first + 2)) {
        if (event === 'outside') task.cancel('outside');
        else group.cancel();
        yield* ticks(gap);
      }
      yield* wait([task]);
      expect(`${outcomeOf(task)} ${task.cancelling()}`).toBe('cancelled 1');
    }
  }));

test('cancel() of an inner group ends that one alone, of an outer one both', () =>
  inVirtualTime(function* () {
    for (const which of ['inner', 'outer'] as const) {
      const { trace, log } = recorded();
      const groups = { outer: new TaskGroup(), inner: new TaskGroup() };
      yield* asyncWith(groups.outer, function* () {
        groups.outer.createTask(child(log, 'outer task', 6));
        yield* asyncWith(groups.inner, function* () {
          groups.inner.createTask(child(log, 'inner task', 9));
          yield* ticks(2);
          groups[which].cancel();
          yield* sleep(1000);
        });
        log('between');
        yield* ticks(1);
        log('outer body done');
      });
      expect(trace).toEqual(
        which === 'inner' ? ['inner task cancelled', 'between', 'outer body done', 'outer task done'] : ['outer task cancelled', 'inner task cancelled'],
      );
      expect(me().cancelling()).toBe(0);
    }
  }));

test('a timeout and cancel() in the same moment: the timeout is told', () =>
  inVirtualTime(function* (loop) {
    const group = new TaskGroup();
    loop.callAt(5, () => group.cancel());
    const block = (): Coroutine<unknown> =>
      asyncWith(group, function* () {
        group.createTask(sleep(1000));
        yield* sleep(1000);
      });
    let thrown: unknown;
    try {
      yield* asyncWith(timeout(5), block);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TimeoutError);
    expect(me().cancelling()).toBe(0);
  }));

// --- what only exists here -------------------------------------------------------------------------------------------

test('tasks are cancelled in the order in which they were added', () =>
  inVirtualTime(function* () {
    const { trace, log } = recorded();
    yield* asyncWith(new TaskGroup(), function* (group) {
      for (let number = 0; number < 20; number += 1) group.createTask(child(log, `${number}`, 9));
      yield* ticks(1);
      group.cancel();
    });
    expect(trace).toEqual(Array.from({ length: 20 }, (_, number) => `${number} cancelled`));
  }));

test('whatever is thrown is told of, be it no error at all', () =>
  inVirtualTime(function* () {
    function* throws(value: unknown): Coroutine<void> {
      throw value;
    }
    for (const value of [undefined, null, 'text']) {
      let thrown: unknown;
      try {
        yield* grouped(function* (group) {
          group.createTask(throws(value));
        });
      } catch (error) {
        thrown = error;
      }
      expect((thrown as ExceptionGroup).errors).toEqual([value]);
    }
    let caughtIt = false;
    try {
      yield* grouped(() => throws(undefined));
    } catch (error) {
      caughtIt = true;
      expect(error).toBeUndefined();
    }
    expect(caughtIt).toBe(true);
  }));

test('errors of tasks that the group tells of are not reported a second time', async () => {
  const loop = virtualLoop();
  await expect(
    loop.runUntilComplete(
      grouped(function* (group) {
        for (let number = 0; number < 3; number += 1)
          group.createTask(child(() => {}, 'a', number, { error: new ValueError('told'), late: new ValueError('late') }));
      }),
    ),
  ).rejects.toThrow('unhandled errors in a TaskGroup (3 sub-exceptions)');
  loop.close();
  expect(loop.reports).toEqual([]);
});

test('an error that comes when the task that entered is done is reported', () =>
  inVirtualTime(function* (loop) {
    const group = new TaskGroup();
    const parent = createTask(group.aenter(), { name: 'gone' });
    yield* parent;
    const task = group.createTask(child(() => {}, 'a', 1, { error: new ValueError('late') }));
    yield* wait([task]);
    yield* ticks(1);
    expect(loop.reports).toHaveLength(1);
    expect(loop.reports[0]?.message).toMatch(
      /^Task <Task finished .*> has errored out but its parent task <Task finished name='gone' .*> is already completed$/,
    );
    expect(loop.reports[0]?.exception).toBeInstanceOf(ValueError);
    expect(loop.reports[0]?.task === task).toBe(true);
  }));

test('createTask refuses what is no coroutine, and the group is as before', () =>
  inVirtualTime(function* () {
    yield* asyncWith(new TaskGroup(), function* (group) {
      expect(() => group.createTask(sleep as never)).toThrow(TypeError);
      expect(String(group)).toBe('<TaskGroup entered>');
    });
  }));

/** Compiled, never run. */
function compiled(..._bodies: ((...args: never[]) => unknown)[]): void {}

test('types: the task is of the coroutine’s result, and the block’s result may be missing, since cancel() suppresses the cancellation', () => {
  compiled(function* (group: TaskGroup): Coroutine<void> {
    expectTypeOf(group.createTask(sleep(1, 'a'))).toEqualTypeOf<Task<string>>();
    expectTypeOf(yield* group.createTask(sleep(1, 1), { name: 'named' })).toEqualTypeOf<number>();
    const result = yield* asyncWith(new TaskGroup(), function* (entered) {
      expectTypeOf(entered).toEqualTypeOf<TaskGroup>();
      return 5;
    });
    expectTypeOf(result).toEqualTypeOf<number | undefined>();
    // @ts-expect-error yield, not yield*
    yield group.createTask(sleep(1));
    // @ts-expect-error a coroutine function that was not called
    group.createTask(sleep);
    // @ts-expect-error a future is no coroutine's work
    group.createTask(5);
    // @ts-expect-error the loop is the group's
    group.createTask(sleep(1), { loop: 5 });
    // @ts-expect-error the block is a coroutine function
    yield* asyncWith(new TaskGroup(), () => 5);
  });
});
