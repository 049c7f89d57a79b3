// A program of the language as a program in Python that runs: what is printed are its events. The mirror of typescript.mjs.

const HEAD = `import asyncio, contextlib, contextvars

class Boom(Exception): pass
class Bang(Exception): pass

def log(*event):
    task = asyncio.current_task() if loop.is_running() else None
    print(loop.time(), task.get_name() if task else '-', *event)

def attempt(call, *args):
    try: log(call(*args))
    except Exception as error: log(repr(error))

async def nothing(): pass
def at(i): return slots.get(i) or nothing()

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
loop.set_exception_handler(lambda loop, context: log('handler', repr(context.get('exception'))))
slots, handles, timeouts, groups, contexts, tokens, generators, counters = {}, {}, {}, {}, {}, {}, {}, [0] * 10`;

const MODES = { first: 'asyncio.FIRST_COMPLETED', exc: 'asyncio.FIRST_EXCEPTION', all: 'asyncio.ALL_COMPLETED' };
const QUEUES = { fifo: 'Queue', lifo: 'LifoQueue', prio: 'PriorityQueue' };
const KINDS = { C: 'asyncio.CancelledError', T: 'TimeoutError', B: 'Boom', K: 'KeyboardInterrupt', G: 'BaseExceptionGroup', '*': 'BaseException', E: 'Exception' };
const ERRORS = { CancelledError: 'asyncio.CancelledError' };

const value = (v) => (Array.isArray(v) ? `[${v.join(', ')}]` : v === null || v === undefined ? 'None' : v === true ? 'True' : v === false ? 'False' : typeof v === 'string' ? `'${v}'` : String(v));
const error = (name, message) => `${ERRORS[name] ?? name}(${message === null ? '' : value(message)})`;
const indented = (lines) => (lines.length === 0 ? ['pass'] : lines).map((line) => `    ${line}`);
const some = (v) => (v === null ? '' : value(v));

export function renderPython(p) {
  const functions = [];
  let count = 0;
  let inGenerator = false;
  const define = (head, name, body) => functions.push(`${head} ${name}:`, ...indented(body), '');
  const fresh = (prefix) => `${prefix}${++count}`;

  // what can be awaited
  const ref = ([kind, i]) => (kind === 'f' ? `f${i}` : kind === 's' ? `slots.get(${i})` : 'asyncio.current_task()');
  const list = (xs) => {
    const shared = [];
    return xs.map((x, i) => {
      if (x[0] === 'same') return shared[x[1]] ?? 'nothing()';
      shared[i] = ax(x);
      return shared[i];
    });
  };
  const items = (xs) => {
    if (!xs.some((x) => x[0] === 'same')) return list(xs).join(', ');
    // The same awaitable twice has to have a name.
    const names = [];
    const bound = xs.map((x, i) => {
      if (x[0] === 'same' && x[1] < i) return names[i] = names[x[1]];
      names[i] = `x${i}`;
      return `(x${i} := ${ax(x)})`;
    });
    return bound.join(', ');
  };
  const coroutine = (ops) => {
    const name = fresh('c');
    define('async def', `${name}()`, [`log('${name} starts')`, ...inFunction(ops)]);
    return `${name}()`;
  };
  function ax(x) {
    const [k, a, b] = x;
    switch (k) {
      case 'f': return `f${a}`;
      case 's': return `at(${a})`;
      case 'self': return 'asyncio.current_task()';
      case 'c': return coroutine(a);
      case 'sleep': return `asyncio.sleep(${a}${b === null ? '' : `, ${value(b)}`})`;
      case 'task': return `asyncio.ensure_future(${ax(a)})`;
      case 'aw': return `Wrapped(${ax(a)})`;
      case 'shield': return `asyncio.shield(${ax(a)})`;
      case 'gather': return `asyncio.gather(${[items(a), b ? 'return_exceptions=True' : ''].filter(Boolean).join(', ')})`;
      case 'waitfor': return `asyncio.wait_for(${ax(a)}, ${value(b)})`;
      case 'wait': return `asyncio.wait([${items(a)}], timeout=${value(x[3])}, return_when=${MODES[b]})`;
      case 'acq': return `lock${a}.acquire()`;
      case 'semacq': return `semaphore${a}.acquire()`;
      case 'evwait': return `event${a}.wait()`;
      case 'cacq': return `condition${a}.acquire()`;
      case 'cwait': return `condition${a}.wait()`;
      case 'cwaitfor': return `condition${a}.wait_for(lambda: ${x[3] === 'raises' ? `impatient(counters[${b}])` : `counters[${b}] >= ${x[3]}`})`;
      case 'bwait': return `barrier${a}.wait()`;
      case 'breset': return `barrier${a}.reset()`;
      case 'babort': return `barrier${a}.abort()`;
      case 'qput': return `queue${a}.put(${value(b)})`;
      case 'qget': return `queue${a}.get()`;
      case 'qjoin': return `queue${a}.join()`;
      case 'anext': return `generators[${a}].__anext__()`;
      case 'asend': return `generators[${a}].asend(${value(b)})`;
      case 'athrow': return `generators[${a}].athrow(${error(b, x[3])})`;
      case 'aclose': return `generators[${a}].aclose()`;
      case 'shutag': return 'loop.shutdown_asyncgens()';
      default: return 'nothing()';
    }
  }
  const NATIVE = new Set(['f', 's', 'self', 'task', 'aw', 'shield', 'gather']);
  const asCoroutine = (x) => (NATIVE.has(x[0]) ? `awaiting(${ax(x)})` : ax(x));

  const callback = (ops, name) => {
    define('def', `${name}()`, [`log('${name} called')`, ...block(ops)]);
    return name;
  };
  const onRef = (r, line) => (r[0] === 'f' ? [line] : [`if ${ref(r)}:`, ...indented([line])]);
  const onTask = (r, line) => [`if isinstance(${ref(r)}, asyncio.Task):`, ...indented([line])];

  const block = (ops) => ops.flatMap(statement);
  /** The statements of a function of their own, be it defined within a generator. */
  const inFunction = (ops) => {
    const outer = inGenerator;
    inGenerator = false;
    const lines = block(ops);
    inGenerator = outer;
    return lines;
  };

  function statement(op) {
    const [k, a, b, c] = op;
    switch (k) {
      case 'mark': return [`log('mark', ${a})`];
      case 'raise': return [`raise ${error(a, b)}`];
      case 'spawn': return [`slots[${a}] = loop.create_task(${asCoroutine(b)})`];
      case 'spawnin': {
        const options = [c === null ? '' : `context=contexts.get(${c})`, op[5] === null ? '' : `name='${op[5]}'`].filter(Boolean);
        const args = [asCoroutine(b), ...(op[4] ? ['loop=loop', 'eager_start=True'] : []), ...options].join(', ');
        return [`slots[${a}] = ${op[4] ? 'asyncio.Task' : 'loop.create_task'}(${args})`];
      }
      case 'mk': return [`slots[${a}] = asyncio.ensure_future(${ax(b)})`];
      case 'cancel': return onRef(a, `log('cancel', ${ref(a)}.cancel(${some(b)}))`);
      case 'uncancel': return onTask(a, `log('uncancel', ${ref(a)}.uncancel())`);
      case 'set': return onRef(a, `attempt(${ref(a)}.set_result, ${value(b)})`);
      case 'setexc': return onRef(a, `attempt(${ref(a)}.set_exception, ${error(b, c)})`);
      case 'addcb': return onRef(a, `${ref(a)}.add_done_callback(done${b})`);
      case 'cbin': return onRef(a, `${ref(a)}.add_done_callback(done${b}, context=contexts.get(${c}))`);
      case 'rmcb': return onRef(a, `log('removed', ${ref(a)}.remove_done_callback(done${b}))`);
      case 'inspect': return onRef(a, `log(${ref(a)})`);
      case 'exception': return onRef(a, `attempt(${ref(a)}.exception)`);
      case 'probe': return onTask(a, `${ref(a)}.get_stack()`);
      case 'all': return ['log([task.get_name() for task in asyncio.all_tasks(loop)])'];
      case 'cancelall': return ['for task in asyncio.all_tasks(loop):', `    task.cancel(${some(a)})`];
      case 'factory': return [`loop.set_task_factory(${{ none: 'None', eager: 'asyncio.eager_task_factory', own: 'lambda loop, coro, **options: asyncio.Task(coro, loop=loop, **options)' }[a]})`];
      case 'soon': return [`handles[${a}] = loop.call_soon(${callback(b, fresh('h'))})`];
      case 'soonts': return [`handles[${a}] = loop.call_soon_threadsafe(${callback(b, fresh('h'))})`];
      case 'later': return [`handles[${a}] = loop.call_later(${b}, ${callback(c, fresh('h'))})`];
      case 'at': return [`handles[${a}] = loop.call_at(${b}, ${callback(c, fresh('h'))})`];
      case 'hcancel': return [`if ${a} in handles: handles[${a}].cancel()`];
      case 'many': return [`timers = [loop.call_later(${a} + i % 7, log, 'timer', i) for i in range(${b})]`, 'for i, timer in enumerate(timers):', `    if i % ${c}: timer.cancel()`];
      case 'burst': return [`for i in range(${a}):`, `    ${{ soon: "loop.call_soon(log, i)", later: "loop.call_later(i * 7 % 5, log, i)", task: 'loop.create_task(asyncio.sleep(i % 3))' }[b]}`];
      case 'stop': return ['loop.stop()'];
      case 'close': return ['attempt(loop.close)'];
      case 'rel': return [`attempt(lock${a}.release)`];
      case 'semrel': return [`attempt(semaphore${a}.release)`];
      case 'evset': return [`event${a}.set()`];
      case 'evclear': return [`event${a}.clear()`];
      case 'crel': return [`attempt(condition${a}.release)`];
      case 'notify': return [`attempt(condition${a}.notify, ${b})`];
      case 'notifyall': return [`attempt(condition${a}.notify_all)`];
      case 'bump': return [`counters[${a}] += ${b}`];
      case 'qputn': return [`attempt(queue${a}.put_nowait, ${value(b)})`];
      case 'qgetn': return [`attempt(queue${a}.get_nowait)`];
      case 'qfill': return [`for i in range(${b}): attempt(queue${a}.put_nowait, ${c ? '[i * 7 % 5, i]' : 'i * 7 % 11'})`];
      case 'qdrain': return [`while not queue${a}.empty(): attempt(queue${a}.get_nowait)`];
      case 'qdone': return [`attempt(queue${a}.task_done)`];
      case 'qshut': return [`queue${a}.shutdown(${b ? 'immediate=True' : ''})`];
      case 'tgspawn': return [`if ${a} in groups:`, `    try: slots[${b}] = groups[${a}].create_task(${asCoroutine(c)})`, '    except RuntimeError as error: log(repr(error))'];
      case 'tgnew': return [`groups[${a}] = asyncio.TaskGroup()`];
      case 'resched': return [`if ${a} in timeouts: attempt(timeouts[${a}].reschedule, ${b === null ? 'None' : `loop.time() + ${b}`})`];
      case 'locked': return ['log([it.locked() for it in locks])'];
      case 'vset': return [`tokens[${c}] = v${a}.set(${b})`];
      case 'vget': return [`attempt(v${a}.get)`];
      case 'vreset': return [`if ${b} in tokens: attempt(v${a}.reset, tokens[${b}])`];
      case 'ctxnew': return [`contexts[${a}] = contextvars.Context()`];
      case 'ctxcopy': return [`contexts[${a}] = ${b ? `contexts[${1 - a}].copy() if ${1 - a} in contexts else ` : ''}contextvars.copy_context()`];
      case 'ctxof': return onTask(b, `contexts[${a}] = ${ref(b)}.get_context()`);
      case 'ctxrun': return [`if ${a} in contexts: contexts[${a}].run(${callback(b, fresh('within'))})`];
      case 'agnew': return generator(op);
      // in coroutines only
      case 'sleep': return [`await asyncio.sleep(${a})`, `log('slept ${a}')`];
      case 'await': return [`log('${a[0]}', await ${ax(a)})`];
      case 'return': return [inGenerator ? 'return' : `return ${value(a)}`];
      case 'emit': return [`log('sent', (yield ${value(a)}))`];
      case 'loop': return [`for _ in range(${a}):`, ...indented(block(b))];
      case 'try': return ['try:', ...indented(block(a)), ...clauses(b), ...(c === null && b.length > 0 ? [] : ['finally:', ...indented(block(c ?? []))])];
      case 'with': return [`async with ${{ lock: 'lock', sem: 'semaphore', cond: 'condition', barrier: 'barrier' }[a]}${b}:`, ...indented([`log('in ${a} ${b}')`, ...block(c)])];
      case 'timeout': return [`timeouts[${a}] = asyncio.timeout(${value(b)})`, `async with timeouts[${a}]:`, ...indented(block(c))];
      case 'timeoutat': return [`timeouts[${a}] = asyncio.timeout_at(${value(b)})`, `async with timeouts[${a}]:`, ...indented(block(c))];
      case 'reenter': return [`if ${a} in timeouts:`, ...indented([`async with timeouts[${a}]:`, ...indented(block(c))])];
      case 'group': return [`groups[${a}] = asyncio.TaskGroup()`, `async with groups[${a}]:`, ...indented(block(b))];
      case 'regroup': return [`if ${a} in groups:`, ...indented([`async with groups[${a}]:`, ...indented(block(b))])];
      case 'cm': return manager(op);
      case 'afor': return iterator(op);
      case 'agfor': return op[4] === 'aclosing' ? [`async with contextlib.aclosing(generators[${a}]):`, ...indented(statement([...op.slice(0, 4), false]))] : [...(op[4] ? [`# left early, it is closed: await generators[${a}].aclose()`] : []), `${fresh('n')} = 0`, `async for item in generators[${a}]:`, ...indented(["log('item', item)", ...block(c), `n${count} += 1`, `if n${count} == ${b}: break`])];
      case 'ascomp': return asCompleted(op);
      case 'foreign': return [`await ${{ f: 'foreign', shield: 'asyncio.shield(foreign)', waitfor: 'asyncio.wait_for(foreign, 3)' }[a]}`];
      case 'badyield': return ['await bad_yield()'];
      default: return [`# ${JSON.stringify(op)}`];
    }
  }

  function clauses(handlers) {
    return handlers.flatMap(([kind, ops, [act, a, b]]) => [
      `except ${KINDS[kind]} as error:`,
      ...indented(["log('caught', repr(error))", ...block(ops), ...({ re: ['raise'], raise: [`raise ${act === 'raise' ? error(a, b) : ''}`], ret: [inGenerator ? 'return' : `return ${value(a)}`] }[act] ?? [])]),
    ]);
  }

  function generator([, slot, guard, head, guarded, handlers, final]) {
    const name = fresh('g');
    const outer = inGenerator;
    inGenerator = true; // where a return has no value
    const wrapped = guard === null ? block(guarded) : [`async with ${guard[0] === 'lock' ? `lock${guard[1]}` : `asyncio.timeout(${value(guard[1])})`}:`, ...indented(block(guarded))];
    const emitting = handlers.flatMap((handler) => {
      const lines = clauses([handler]);
      return handler[2][0] === 'swallow' ? [...lines, "    log('sent', (yield -1))"] : lines;
    });
    const before = block(head);
    const after = block(final);
    inGenerator = outer;
    define('async def', `${name}()`, ['if False: yield', `log('${name} starts')`, ...before, 'try:', ...indented(wrapped), ...emitting, 'finally:', ...indented(["log('finally')", ...after])]);
    return [`generators[${slot}] = ${name}()`];
  }

  function manager([, enter, exit, suppress, ops]) {
    const name = fresh('Manager');
    functions.push(`class ${name}:`, '    async def __aenter__(self):', ...indented(indented(["log('enter')", ...inFunction(enter)])), '    async def __aexit__(self, kind, error, traceback):', ...indented(indented(["log('exit', repr(error))", ...inFunction(exit), `return ${suppress ? 'not isinstance(error, KeyboardInterrupt)' : 'False'}`])), '');
    return [`async with ${name}():`, ...indented(block(ops))];
  }

  function iterator([, n, next, ops]) {
    const name = fresh('Iterator');
    functions.push(`class ${name}:`, '    n = 0', '    def __aiter__(self): return self', '    async def __anext__(self):', ...indented(indented([`if self.n == ${n}: raise StopAsyncIteration`, 'self.n += 1', ...inFunction(next), 'return self.n'])), '');
    return [`async for item in ${name}():`, ...indented(["log('item', item)", ...block(ops)])];
  }

  function asCompleted([, xs, limit, mode, swallow, most, ops]) {
    const all = `asyncio.as_completed([${items(xs)}], timeout=${value(limit)})`;
    if (mode === 'many') return [`for i, each in enumerate(${all}):`, `    slots[${most} + i] = loop.create_task(each)`];
    if (mode === 'stagger') return [`for i, each in enumerate(${all}):`, `    slots[${most} + i] = loop.create_task(staggered(each, i * ${swallow} % 3))`];
    const n = fresh('n');
    if (mode === 'async') return [`${n} = 0`, `async for each in ${all}:`, ...indented([`${n} += 1`, "log('next', each)", ...block(ops), `if ${n} == ${most}: break`])];
    const passed = ['BaseException', '(KeyboardInterrupt, asyncio.CancelledError)', 'KeyboardInterrupt'][swallow];
    return [`for _, each in zip(range(${most}), ${all}):`, ...indented(["try: log('next', await each)", `except ${passed}: raise`, ...(swallow === 0 ? [] : ["except BaseException as error: log('next', repr(error))"]), ...block(ops)])];
  }

  const steps = p.main.flatMap(([k, x]) => {
    switch (k) {
      case 'sync': {
        const name = fresh('prepare');
        return [`step(${callback(x, name)})`];
      }
      case 'run': return [`step(lambda: loop.run_until_complete(${ax(x)}))`];
      case 'forever': return ['step(loop.run_forever)'];
      case 'drain': return ['for task in asyncio.all_tasks(loop): task.cancel()', 'step(lambda: loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True)))'];
      case 'shutag': return ['step(lambda: loop.run_until_complete(loop.shutdown_asyncgens()))'];
      default: return ['step(loop.close)'];
    }
  });
  const callbacks = p.cbs.map((ops, i) => ({ name: `done${i}`, lines: [`def done${i}(future):`, ...indented([`log('done${i} called')`, ...block(ops)]), ''] }));

  const objects = [
    ...Array.from({ length: p.futs }, (_, i) => `f${i} = loop.create_future()`),
    ...Array.from({ length: p.locks }, (_, i) => `lock${i} = asyncio.Lock()`),
    ...p.sems.map((n, i) => (typeof n === 'number' ? `semaphore${i} = asyncio.Semaphore(${n})` : `semaphore${i} = asyncio.BoundedSemaphore(${n[1]})`)),
    `locks = [${[...Array.from({ length: p.locks }, (_, i) => `lock${i}`), ...p.sems.map((_, i) => `semaphore${i}`)].join(', ')}]`,
    ...Array.from({ length: p.events ?? 0 }, (_, i) => `event${i} = asyncio.Event()`),
    ...(p.conds ?? []).map((n, i) => `condition${i} = asyncio.Condition(${n === null ? '' : `lock${n}`})`),
    ...(p.barriers ?? []).map((n, i) => `barrier${i} = asyncio.Barrier(${n})`),
    ...(p.queues ?? []).map(([kind, n], i) => `queue${i} = asyncio.${QUEUES[kind]}(${n})`),
    ...(p.vars ?? []).map((n, i) => `v${i} = contextvars.ContextVar('v${i}'${n === null ? '' : `, default=${n}`})`),
  ];
  const told = [...functions, ...callbacks.flatMap(({ lines }) => lines.slice(1))];
  const called = callbacks.filter(({ name }) => told.some((line) => new RegExp(`\\b${name}[,)]`).test(line)));
  const rest = [...functions, ...called.flatMap(({ lines }) => lines)].join('\n');
  const needed = [
    [/awaiting\(/, ['async def awaiting(x): return await x']],
    [/Wrapped\(/, ['class Wrapped:', '    def __init__(self, inner): self.inner = inner', '    def __await__(self): return self.inner.__await__()']],
    [/staggered\(/, ['async def staggered(x, delay):', '    await asyncio.sleep(delay)', '    return await x']],
    [/impatient\(/, ['def impatient(n):', '    if n > 1: raise TimeoutError']],
    [/foreign/, ['foreign = asyncio.new_event_loop().create_future()']],
    [/bad_yield/, ['import types', '@types.coroutine', 'def bad_yield(): yield 42']],
  ].flatMap(([used, lines]) => (used.test(rest) || steps.some((line) => used.test(line)) ? [...lines, ''] : []));
  const raising = p.handler === null ? [] : [
    `def handler(loop, context, calls=[]):`,
    "    log('handler', repr(context.get('exception')))",
    '    calls.append(context)',
    `    if len(calls) == ${p.handler[0]}: raise ${error(p.handler[1], 'handler')}`,
    'loop.set_exception_handler(handler)',
    '',
  ];
  const step = ['def step(do):', "    try: log('step', do())", "    except BaseException as error: log('step', repr(error))", ''];
  return [HEAD, ...objects, '', ...raising, ...needed, rest, ...step, ...steps].join('\n').replace(/\n{3,}/g, '\n\n');
}
