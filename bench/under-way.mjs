// A full collection between rounds finds no task alive, and the engine then forgets what tasks look like and throws away
// the code it had optimised for them: rounds of 160 ms become 350 at random. No program under way has that problem, since
// it has tasks; so one is kept under way here, of our loop and of each peer that has tasks.

/** Held here, or the first collection takes it. */
const underWay = [];

/** A loop stopped in the middle of things: a task that waits for a timer, one that gave way, a future, a handle. */
export async function keepUnderWay({ EventLoop, sleep }) {
  const loop = new EventLoop();
  function* waits(ms) {
    yield* sleep(ms);
  }
  loop.createTask(waits(60_000));
  loop.createTask(waits(0));
  loop.stop();
  await loop.runForever();
  underWay.push(
    loop,
    loop.createFuture(),
    loop.callSoon(() => {}),
  );
}

/** Effect's modules, with a fiber that waits. Like Effection loaded by the rows in which it plays, so that no other pays for it. */
export async function effect() {
  const names = ['Deferred', 'Effect', 'Fiber', 'Queue', 'Stream'];
  const modules = await Promise.all(names.map((name) => import(`effect/${name}`)));
  const loaded = Object.fromEntries(names.map((name, i) => [name, modules[i]]));
  underWay.push(loaded.Effect.runFork(loaded.Effect.never), loaded.Deferred.makeUnsafe());
  return loaded;
}

/** Effection, with a task that waits. */
export async function effection() {
  const loaded = await import('effection');
  underWay.push(loaded.run(loaded.suspend), loaded.withResolvers());
  return loaded;
}
