// A program of the language as a program in TypeScript that runs: what is printed are its events. The mirror of python.mjs.

const HEAD = `class Boom extends Error { override name = 'Boom'; }
class Bang extends Error { override name = 'Bang'; }

const loop: any = new lib.EventLoop({ driver: new lib.VirtualDriver() });
const where = (): any => (loop.isRunning() ? {} : { loop });
const log = (...event: any[]): void => console.log(loop.time(), lib.currentTask(loop)?.getName() ?? '-', ...event.map(String));
const attempt = (call: () => any): void => {
  try { log(call()); } catch (error) { log(error); }
};
function* nothing(): any {}
const at = (i: number): any => slots.get(i) ?? nothing();

loop.setExceptionHandler((_loop: any, context: any) => log('handler', context.exception));
const [slots, handles, timeouts, groups, contexts, tokens, generators]: Map<number, any>[] = Array.from({ length: 7 }, () => new Map()) as any;
const counters: number[] = Array(10).fill(0);`;

const MODES = { first: 'FIRST_COMPLETED', exc: 'FIRST_EXCEPTION', all: 'ALL_COMPLETED' };
const QUEUES = { fifo: 'Queue', lifo: 'LifoQueue', prio: 'PriorityQueue' };
const KINDS = {
  C: 'error instanceof lib.CancelledError', T: 'error instanceof lib.TimeoutError', B: 'error instanceof Boom', K: 'error instanceof lib.KeyboardInterrupt',
  G: 'error instanceof lib.ExceptionGroup', '*': 'true', E: '!(error instanceof lib.CancelledError || error instanceof lib.KeyboardInterrupt)',
};
const OURS = new Set(['CancelledError', 'TimeoutError', 'KeyboardInterrupt']);

const value = (v) => (Array.isArray(v) ? `[${v.join(', ')}]` : v === null || v === undefined ? 'undefined' : typeof v === 'string' ? `'${v}'` : String(v));
const error = (name, message) => `new ${OURS.has(name) ? 'lib.' : ''}${name}(${message === null || name === 'KeyboardInterrupt' ? '' : value(message)})`;
const indented = (lines) => lines.map((line) => `  ${line}`);
const braced = (head, lines, tail = '}') => [`${head} {`, ...indented(lines), tail];
const some = (v) => (v === null ? '' : value(v));

/** Whether a return statement among these leaves the function around, which a closure has to pass on. */
const leaves = (ops) =>
  ops.some((op) => {
    switch (op[0]) {
      case 'return': return true;
      case 'try': return leaves(op[1]) || op[2].some(([, inner, act]) => act[0] === 'ret' || leaves(inner)) || leaves(op[3] ?? []);
      case 'loop': return leaves(op[2]);
      case 'with': case 'timeout': case 'timeoutat': case 'reenter': return leaves(op[3]);
      case 'group': case 'regroup': return leaves(op[2]);
      case 'cm': return leaves(op[4]);
      case 'afor': case 'agfor': return leaves(op[3]);
      case 'ascomp': return leaves(op[6]);
      default: return false;
    }
  });

export function renderTypeScript(p) {
  const functions = [];
  let count = 0;
  /** How a return leaves from here: as a value; as an object that closures pass on; without one. */
  let returns = (v) => `return ${v};`;
  const fresh = (prefix) => `${prefix}${++count}`;
  const within = (way, make) => {
    const outer = returns;
    returns = way;
    const made = make();
    returns = outer;
    return made;
  };
  const plain = (v) => `return ${v};`;
  const define = (head, body) => functions.push(...braced(head, body), '');

  // what can be awaited
  const ref = ([kind, i]) => (kind === 'f' ? `f${i}` : kind === 's' ? `slots.get(${i})` : 'lib.currentTask(loop)');
  const items = (xs) => {
    if (!xs.some((x) => x[0] === 'same')) return `[${xs.map(ax).join(', ')}]`;
    // The same awaitable twice has to have a name.
    const lines = xs.map((x, i) => `const x${i} = ${x[0] === 'same' && x[1] < i ? `x${x[1]}` : ax(x)};`);
    return `(() => { ${lines.join(' ')} return [${xs.map((_, i) => `x${i}`).join(', ')}]; })()`;
  };
  const coroutine = (ops) => {
    const name = fresh('c');
    define(`function* ${name}(): any`, [`log('${name} starts');`, ...within(plain, () => block(ops))]);
    return `${name}()`;
  };
  function ax(x) {
    const [k, a, b] = x;
    switch (k) {
      case 'f': return `f${a}`;
      case 's': return `at(${a})`;
      case 'self': return 'lib.currentTask(loop)!';
      case 'c': return coroutine(a);
      case 'sleep': return `lib.sleep(${a}${b === null ? '' : `, ${value(b)}`})`;
      case 'task': return `lib.ensureFuture(${ax(a)}, where())`;
      case 'aw': return `new Wrapped(${ax(a)})`;
      case 'shield': return `lib.shield(${ax(a)}, where())`;
      case 'gather': return `lib.gather(${items(a)}, { ${b ? 'returnExceptions: true, ' : ''}...where() })`;
      case 'waitfor': return `lib.waitFor(${ax(a)}, ${value(b)})`;
      case 'wait': return `lib.wait(${items(a)}, { timeout: ${value(x[3])}, returnWhen: '${MODES[b]}' } as any)`;
      case 'acq': return `lock${a}.acquire()`;
      case 'semacq': return `semaphore${a}.acquire()`;
      case 'evwait': return `event${a}.wait()`;
      case 'cacq': return `condition${a}.acquire()`;
      case 'cwait': return `condition${a}.wait()`;
      case 'cwaitfor': return `condition${a}.waitFor(() => ${x[3] === 'raises' ? `impatient(counters[${b}])` : `(counters[${b}] as number) >= ${x[3]}`})`;
      case 'bwait': return `barrier${a}.wait()`;
      case 'breset': return `barrier${a}.reset()`;
      case 'babort': return `barrier${a}.abort()`;
      case 'qput': return `queue${a}.put(${value(b)})`;
      case 'qget': return `queue${a}.get()`;
      case 'qjoin': return `queue${a}.join()`;
      case 'anext': return `generators.get(${a}).anext()`;
      case 'asend': return `generators.get(${a}).asend(${value(b)})`;
      case 'athrow': return `generators.get(${a}).athrow(${error(b, x[3])})`;
      case 'aclose': return `generators.get(${a}).aclose()`;
      case 'shutag': return 'loop.shutdownAsyncIterators()';
      default: return 'nothing()';
    }
  }
  const NATIVE = new Set(['f', 's', 'self', 'task', 'aw', 'shield', 'gather']);
  const asCoroutine = (x) => (NATIVE.has(x[0]) ? `awaiting(${ax(x)})` : ax(x));

  const callback = (ops, name) => {
    define(`function ${name}(): void`, [`log('${name} called');`, ...within(plain, () => block(ops))]);
    return name;
  };
  const onRef = (r, line) => (r[0] === 'f' ? [line] : [`if (${ref(r)}) ${line}`]);
  const onTask = (r, line) => [`if (${ref(r)} instanceof lib.Task) ${line}`];

  const block = (ops) => ops.flatMap(statement);

  /** `await` of a function that takes a closure: its body, and what has to be done where that returns from the function around. */
  const closing = (head, ops, tail = ')', before = []) => {
    const body = within((v) => `return { value: ${v} };`, () => [...before, ...block(ops)]);
    if (!leaves(ops)) return braced(`yield* ${head}`, body, `}${tail};`);
    const left = fresh('left');
    return [...braced(`const ${left}: any = yield* ${head}`, body, `}${tail};`), `if (${left} !== undefined) ${returns(`${left}.value`)}`];
  };
  /** The same for iterations, whose body says BREAK. */
  const iterating = (over, item, ops, before, after) => {
    if (!leaves(ops)) return braced(`yield* lib.asyncFor(${over}, function* (${item}: any): any`, [...before, ...block(ops), ...after], '});');
    const left = fresh('left');
    const body = within((v) => `{ ${left} = { value: ${v} }; return lib.BREAK; }`, () => [...before, ...block(ops), ...after]);
    return [`let ${left}: any;`, ...braced(`yield* lib.asyncFor(${over}, function* (${item}: any): any`, body, '});'), `if (${left} !== undefined) ${returns(`${left}.value`)}`];
  };

  function statement(op) {
    const [k, a, b, c] = op;
    switch (k) {
      case 'mark': return [`log('mark', ${a});`];
      case 'raise': return [`throw ${error(a, b)};`];
      case 'spawn': return [`slots.set(${a}, loop.createTask(${asCoroutine(b)}));`];
      case 'spawnin': {
        const options = [c === null ? '' : `context: contexts.get(${c})`, op[5] === null ? '' : `name: '${op[5]}'`, ...(op[4] ? ['loop', 'eagerStart: true'] : [])].filter(Boolean).join(', ');
        return [`slots.set(${a}, ${op[4] ? 'new lib.Task' : 'loop.createTask'}(${asCoroutine(b)}, { ${options} }));`];
      }
      case 'mk': return [`slots.set(${a}, lib.ensureFuture(${ax(b)}, where()));`];
      case 'cancel': return onRef(a, `log('cancel', ${ref(a)}.cancel(${some(b)}));`);
      case 'uncancel': return onTask(a, `log('uncancel', ${ref(a)}.uncancel());`);
      case 'set': return onRef(a, `attempt(() => ${ref(a)}.setResult(${value(b)}));`);
      case 'setexc': return onRef(a, `attempt(() => ${ref(a)}.setException(${error(b, c)}));`);
      case 'addcb': return onRef(a, `${ref(a)}.addDoneCallback(done${b});`);
      case 'cbin': return onRef(a, `${ref(a)}.addDoneCallback(done${b}, { context: contexts.get(${c}) });`);
      case 'rmcb': return onRef(a, `log('removed', ${ref(a)}.removeDoneCallback(done${b}));`);
      case 'inspect': return onRef(a, `log(${ref(a)});`);
      case 'exception': return onRef(a, `attempt(() => ${ref(a)}.exception());`);
      case 'probe': return onTask(a, `${ref(a)}.getStack();`);
      case 'all': return ['log(lib.allTasks(loop).map((task: any) => task.getName()));'];
      case 'cancelall': return [`for (const task of lib.allTasks(loop)) task.cancel(${some(a)});`];
      case 'factory': return [`loop.setTaskFactory(${{ none: 'undefined', eager: 'lib.eagerTaskFactory', own: '(loop: any, coroutine: any, options: any) => new lib.Task(coroutine, { ...options, loop })' }[a]});`];
      case 'soon': return [`handles.set(${a}, loop.callSoon(${callback(b, fresh('h'))}));`];
      case 'soonts': return [`handles.set(${a}, loop.callSoonThreadsafe(${callback(b, fresh('h'))}));`];
      case 'later': return [`handles.set(${a}, loop.callLater(${b}, ${callback(c, fresh('h'))}));`];
      case 'at': return [`handles.set(${a}, loop.callAt(${b}, ${callback(c, fresh('h'))}));`];
      case 'hcancel': return [`handles.get(${a})?.cancel();`];
      case 'many': return [`Array.from({ length: ${b} }, (_, i) => loop.callLater(${a} + (i % 7), log, 'timer', i)).forEach((timer, i) => { if (i % ${c} !== 0) timer.cancel(); });`];
      case 'burst': return [`for (let i = 0; i < ${a}; i++) ${{ soon: 'loop.callSoon(log, i)', later: 'loop.callLater((i * 7) % 5, log, i)', task: 'loop.createTask(lib.sleep(i % 3))' }[b]};`];
      case 'stop': return ['loop.stop();'];
      case 'close': return ['attempt(() => loop.close());'];
      case 'rel': return [`attempt(() => lock${a}.release());`];
      case 'semrel': return [`attempt(() => semaphore${a}.release());`];
      case 'evset': return [`event${a}.set();`];
      case 'evclear': return [`event${a}.clear();`];
      case 'crel': return [`attempt(() => condition${a}.release());`];
      case 'notify': return [`attempt(() => condition${a}.notify(${b}));`];
      case 'notifyall': return [`attempt(() => condition${a}.notifyAll());`];
      case 'bump': return [`counters[${a}]! += ${b};`];
      case 'qputn': return [`attempt(() => queue${a}.putNowait(${value(b)}));`];
      case 'qgetn': return [`attempt(() => queue${a}.getNowait());`];
      case 'qfill': return [`for (let i = 0; i < ${b}; i++) attempt(() => queue${a}.putNowait(${c ? '[(i * 7) % 5, i]' : '(i * 7) % 11'}));`];
      case 'qdrain': return [`while (!queue${a}.empty()) attempt(() => queue${a}.getNowait());`];
      case 'qdone': return [`attempt(() => queue${a}.taskDone());`];
      case 'qshut': return [`queue${a}.shutdown(${b ? '{ immediate: true }' : ''});`];
      case 'tgspawn': return [`if (groups.has(${a})) attempt(() => { slots.set(${b}, groups.get(${a}).createTask(${asCoroutine(c)})); });`];
      case 'tgnew': return [`groups.set(${a}, new lib.TaskGroup());`];
      case 'resched': return [`if (timeouts.has(${a})) attempt(() => timeouts.get(${a}).reschedule(${b === null ? 'undefined' : `loop.time() + ${b}`}));`];
      case 'locked': return ['log(locks.map((it) => it.locked()));'];
      case 'vset': return [`tokens.set(${c}, v${a}.set(${b}));`];
      case 'vget': return [`attempt(() => v${a}.get());`];
      case 'vreset': return [`if (tokens.has(${b})) attempt(() => v${a}.reset(tokens.get(${b})));`];
      case 'ctxnew': return [`contexts.set(${a}, new lib.Context());`];
      case 'ctxcopy': return [`contexts.set(${a}, ${b ? `contexts.get(${1 - a})?.copy() ?? ` : ''}lib.copyContext());`];
      case 'ctxof': return onTask(b, `contexts.set(${a}, ${ref(b)}.getContext());`);
      case 'ctxrun': return [`contexts.get(${a})?.run(${callback(b, fresh('within'))});`];
      case 'agnew': return generator(op);
      // in coroutines only
      case 'sleep': return [`yield* lib.sleep(${a});`, `log('slept ${a}');`];
      case 'await': return [`log('${a[0]}', yield* ${ax(a)});`];
      case 'return': return [returns(value(a))];
      case 'emit': return [`log('sent', yield* emit(${value(a)}));`];
      case 'loop': {
        const i = fresh('i');
        return braced(`for (let ${i} = 0; ${i} < ${a}; ${i}++)`, block(b));
      }
      case 'try': return ['try {', ...indented(block(a)), ...clauses(b), ...(c === null && b.length > 0 ? [] : ['} finally {', ...indented(block(c ?? []))]), '}'];
      case 'with': return closing(`lib.asyncWith(${{ lock: 'lock', sem: 'semaphore', cond: 'condition', barrier: 'barrier' }[a]}${b}, function* (): any`, c, ')', [`log('in ${a} ${b}');`]);
      case 'timeout': return [`timeouts.set(${a}, lib.timeout(${value(b)}));`, ...closing(`lib.asyncWith(timeouts.get(${a}), function* (): any`, c)];
      case 'timeoutat': return [`timeouts.set(${a}, lib.timeoutAt(${value(b)}));`, ...closing(`lib.asyncWith(timeouts.get(${a}), function* (): any`, c)];
      case 'reenter': return braced(`if (timeouts.has(${a}))`, closing(`lib.asyncWith(timeouts.get(${a}), function* (): any`, c));
      case 'group': return [`groups.set(${a}, new lib.TaskGroup());`, ...closing(`lib.asyncWith(groups.get(${a}), function* (): any`, b)];
      case 'regroup': return braced(`if (groups.has(${a}))`, closing(`lib.asyncWith(groups.get(${a}), function* (): any`, b));
      case 'cm': return manager(op);
      case 'afor': return iterator(op);
      case 'agfor': {
        const n = fresh('n');
        if (op[4] === 'aclosing') return closing(`lib.asyncWith(lib.aclosing(generators.get(${a})), function* (): any`, [[...op.slice(0, 4), false]]);
        const rest = [`${n} += 1;`];
        if (op[4]) return [`let ${n} = 0;`, ...iterating(`generators.get(${a})`, 'item', c, ["log('item', item);"], [...rest, `if (${n} === ${b}) return lib.BREAK;`])];
        const cursor = fresh('cursor');
        return [`let ${n} = 0;`, `const ${cursor} = new lib.Cursor(generators.get(${a}));`,
          ...braced(`while (yield* ${cursor}.advance())`, [`log('item', ${cursor}.value);`, ...block(c), ...rest, `if (${n} === ${b}) break;`])];
      }
      case 'ascomp': return asCompleted(op);
      case 'foreign': return [`yield* ${{ f: 'foreign', shield: 'lib.shield(foreign)', waitfor: 'lib.waitFor(foreign, 3)' }[a]};`];
      case 'badyield': return ['yield 42;'];
      default: return [`// ${JSON.stringify(op)}`];
    }
  }

  function clauses(handlers, closed = false) {
    if (handlers.length === 0) return [];
    const branches = handlers.flatMap(([kind, ops, [act, a, b]], i) => {
      const end = { re: ['throw error;'], raise: [`throw ${act === 'raise' ? error(a, b) : ''};`], ret: [returns(value(a))], swallow: closed ? ["log('sent', yield* emit(-1));"] : [] }[act];
      return [`${i === 0 ? '' : '} else '}if (${KINDS[kind]}) {`, ...indented(["log('caught', error);", ...block(ops), ...end])];
    });
    return ['} catch (error) {', ...indented([...(closed ? ['if (error instanceof lib.GeneratorExit) throw error;'] : []), ...branches, '} else throw error;'])];
  }

  function generator([, slot, guard, head, guarded, handlers, final]) {
    const name = fresh('g');
    const lines = within(() => 'return;', () => {
      const body = guard === null ? block(guarded)
        : closing(`lib.asyncWith(${guard[0] === 'lock' ? `lock${guard[1]}` : `lib.timeout(${value(guard[1])})`}, function* (): any`, guarded);
      return [`log('${name} starts');`, ...block(head), 'try {', ...indented(body), ...clauses(handlers, true), '} finally {', ...indented(["log('finally');", ...block(final)]), '}'];
    });
    functions.push(...braced(`const ${name} = (): any => lib.asyncGenerator(function* (emit: any): any`, lines, '});'), '');
    return [`generators.set(${slot}, ${name}());`];
  }

  function manager([, enter, exit, suppress, ops]) {
    const name = fresh('manager');
    const body = (inner) => within(plain, () => block(inner));
    functions.push(...braced(`const ${name}: any =`, [
      ...braced('*aenter(): any', ["log('enter');", ...body(enter)], '},'),
      ...braced('*aexit(error: any): any', ["log('exit', error);", ...body(exit), `return ${suppress ? '!(error instanceof lib.KeyboardInterrupt)' : 'false'};`], '},'),
    ], '};'), '');
    return closing(`lib.asyncWith(${name}, function* (): any`, ops);
  }

  function iterator([, n, next, ops]) {
    const name = fresh('Iterator');
    functions.push(...braced(`class ${name}`, [
      'n = 0;', 'aiter(): this { return this; }',
      ...braced('*anext(): any', [`if (this.n === ${n}) throw new lib.StopAsyncIteration();`, 'this.n += 1;', ...within(plain, () => block(next)), 'return this.n;']),
    ]), '');
    return iterating(`new ${name}()`, 'item', ops, ["log('item', item);"], []);
  }

  function asCompleted([, xs, limit, mode, swallow, most, ops]) {
    const all = `lib.asCompleted(${items(xs)}, { timeout: ${value(limit)} } as any)`;
    const n = fresh('n');
    const to = (task) => [`let ${n} = 0;`, `for (const each of ${all}) slots.set(${most} + ${n}, loop.createTask(${task})), ${n}++;`];
    if (mode === 'many') return to('each');
    if (mode === 'stagger') return to(`staggered(each, (${n} * ${swallow}) % 3)`);
    if (mode === 'async') return [`let ${n} = 0;`, ...iterating(all, 'each', ops, [`${n} += 1;`, "log('next', each);"], [`if (${n} === ${most}) return lib.BREAK;`])];
    const passed = ['true', 'error instanceof lib.KeyboardInterrupt || error instanceof lib.CancelledError', 'error instanceof lib.KeyboardInterrupt'][swallow];
    return [`let ${n} = 0;`, ...braced(`for (const each of ${all})`, [
      `if (${n}++ === ${most}) break;`,
      "try { log('next', yield* each); } catch (error) {", `  if (${passed}) throw error;`, "  log('next', error);", '}', ...block(ops),
    ])];
  }

  const steps = p.main.flatMap(([k, x]) => {
    switch (k) {
      case 'sync': return [`await step(async () => ${callback(x, fresh('prepare'))}());`];
      case 'run': return [`await step(() => loop.runUntilComplete(${ax(x)}));`];
      case 'forever': return ['await step(() => loop.runForever());'];
      case 'drain': return ['for (const task of lib.allTasks(loop)) task.cancel();', 'await step(() => loop.runUntilComplete(lib.gather(lib.allTasks(loop), { returnExceptions: true, loop })));'];
      case 'shutag': return ['await step(() => loop.runUntilComplete(loop.shutdownAsyncIterators()));'];
      default: return ['await step(async () => loop.close());'];
    }
  });
  const callbacks = p.cbs.map((ops, i) => ({ name: `done${i}`, lines: [...braced(`function done${i}(_future: any): void`, [`log('done${i} called');`, ...block(ops)]), ''] }));

  const objects = [
    ...Array.from({ length: p.futs }, (_, i) => `const f${i}: any = loop.createFuture();`),
    ...Array.from({ length: p.locks }, (_, i) => `const lock${i} = new lib.Lock();`),
    ...p.sems.map((n, i) => (typeof n === 'number' ? `const semaphore${i} = new lib.Semaphore(${n});` : `const semaphore${i} = new lib.BoundedSemaphore(${n[1]});`)),
    `const locks = [${[...Array.from({ length: p.locks }, (_, i) => `lock${i}`), ...p.sems.map((_, i) => `semaphore${i}`)].join(', ')}];`,
    ...Array.from({ length: p.events ?? 0 }, (_, i) => `const event${i} = new lib.Event();`),
    ...(p.conds ?? []).map((n, i) => `const condition${i} = new lib.Condition(${n === null ? '' : `lock${n}`});`),
    ...(p.barriers ?? []).map((n, i) => `const barrier${i} = new lib.Barrier(${n});`),
    ...(p.queues ?? []).map(([kind, n], i) => `const queue${i} = new lib.${QUEUES[kind]}(${n});`),
    ...(p.vars ?? []).map((n, i) => `const v${i} = new lib.ContextVar('v${i}'${n === null ? '' : `, { defaultValue: ${n} }`});`),
  ];
  const told = [...functions, ...callbacks.flatMap(({ lines }) => lines.slice(1))];
  const called = callbacks.filter(({ name }) => told.some((line) => new RegExp(`\\b${name}[,)]`).test(line)));
  const rest = [...functions, ...called.flatMap(({ lines }) => lines)].join('\n');
  const needed = [
    [/awaiting\(/, ['function* awaiting(x: any): any { return yield* x; }']],
    [/Wrapped\(/, ['class Wrapped {', '  inner: any;', '  constructor(inner: any) { this.inner = inner; }', '  [Symbol.iterator]() { return this.inner[Symbol.iterator](); }', '}']],
    [/staggered\(/, ['function* staggered(x: any, delay: number): any {', '  yield* lib.sleep(delay);', '  return yield* x;', '}']],
    [/impatient\(/, ['function impatient(n: any): false {', '  if (n > 1) throw new lib.TimeoutError();', '  return false;', '}']],
    [/foreign/, ['const foreign: any = new lib.EventLoop({ driver: new lib.VirtualDriver() }).createFuture();']],
  ].flatMap(([used, lines]) => (used.test(rest) || steps.some((line) => used.test(line)) ? [...lines, ''] : []));
  const raising = p.handler === null ? [] : [
    'let calls = 0;',
    ...braced('loop.setExceptionHandler((_loop: any, context: any) =>', ["log('handler', context.exception);", `if (++calls === ${p.handler[0]}) throw ${error(p.handler[1], 'handler')};`], '});'),
    '',
  ];
  const step = ['const step = async (run: () => Promise<any>): Promise<void> => {', "  try { log('step', await run()); } catch (error) { log('step', error); }", '};', ''];
  return ["import * as asyncdemo from 'asyncdemo';", '', 'const lib: any = asyncdemo; // untyped: random programs do not keep to types', HEAD, ...objects, '', ...raising, ...needed, rest, ...step, ...steps].join('\n').replace(/\n{3,}/g, '\n\n');
}
