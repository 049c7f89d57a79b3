// A full collection between rounds finds no task alive, and the engine then forgets what tasks look like and throws away
// the code it had optimised for them: rounds of 160 ms become 350 at random. No program under way has that problem, since
// it has tasks; so one is kept under way here.

/** A loop stopped in the middle of things: a task that waits for a timer, one that gave way, a future, a handle. */
export async function programUnderWay({ EventLoop, sleep }) {
  const loop = new EventLoop();
  function* waits(ms) {
    yield* sleep(ms);
  }
  loop.createTask(waits(60_000));
  loop.createTask(waits(0));
  loop.stop();
  await loop.runForever();
  return { loop, future: loop.createFuture(), handle: loop.callSoon(() => {}) };
}
