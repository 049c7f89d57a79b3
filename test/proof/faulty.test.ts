import { expect, test } from 'vitest';
import * as asyncdemo from '../../src/loop/index.ts';
import * as combinators from './faulty/combinators.ts';
import * as conditions from './faulty/conditions.ts';
import * as locks from './faulty/locks.ts';
import * as queues from './faulty/queues.ts';
import { cancelEverywhere, everyOrder } from './interleave.ts';
import type { Kit, Scenario } from './play.ts';
import { scenarios } from './scenarios.ts';

const everyFault = { ...locks, ...conditions, ...queues, ...combinators };

/** The library with a part exchanged. */
function withFaulty(part: keyof Kit, fault: keyof typeof everyFault): Kit {
  return { ...asyncdemo, [part]: everyFault[fault] } as Kit;
}

/** What is exchanged for what, which scenario must notice, and the rule it must name. */
const faults: readonly [fault: keyof typeof everyFault, part: keyof Kit, scenario: string, rule: RegExp][] = [
  ['LockThatForgetsTheNext', 'Lock', 'Lock: three want it', /nobody waits for a free lock.*deadlock/s],
  ['LockThatLetsInNewcomers', 'Lock', 'Lock: asyncWith, twice each, held over time', /at most 1 at once in the lock/],
  ['LockThatIsStubborn', 'Lock', 'Lock: three want it', /b does not swallow its cancellation/],
  ['LockThatCancelsTheNext', 'Lock', 'waitFor around a lock', /c is not cancelled though nobody asked/],
  ['SemaphoreThatLosesAPermit', 'Semaphore', 'Semaphore: 3 want 1 permit', /no permit is lost or made/],
  ['SemaphoreThatMakesAPermit', 'Semaphore', 'Semaphore: 3 want 1 permit', /no permit is lost or made/],
  ['EventThatSwallows', 'Event', 'Event: two wait, one sets it', /nobody passes an event that was not set/],
  ['EventThatKeepsTheDead', 'Event', 'Event: two wait, one sets it', /nobody is left in a waiting line/],
  ['QueueThatDropsAnItem', 'Queue', 'Queue: in order, without a limit', /no item is lost/],
  ['QueueThatGivesTwice', 'Queue', 'Queue: in order, without a limit', /no item comes out twice/],
  ['QueueThatForgetsTheNext', 'Queue', 'Queue: in order, without a limit', /nobody waits for an item that is there/],
  ['ConditionWithoutItsLock', 'Condition', 'Condition: wait holds the lock when it is left, notifyAll wakes all', /the lock is held when wait is left/],
  ['ConditionThatKeepsNotifications', 'Condition', 'Condition: two take what one brings, notifying one at a time', /nobody waits for what is there/],
  ['asCompletedThatLosesAWakeUp', 'asCompleted', 'asCompleted: three share what comes in', /nobody waits for a result that is there/],
  ['waitForThatBreaksOff', 'waitFor', 'waitFor: in time, too late, and not at all', /the finally of waitFor 1 runs, whatever happens/],
  ['shieldThatIsThin', 'shield', 'shield: the inner task goes on', /a shielded task is not cancelled with those who wait for it/],
  ['sleepThatLeavesItsTimer', 'sleep', 'sleep: for nothing, and for a while', /no timer is left behind/],
  ['TimeoutThatTakesAll', 'Timeout', 'Lock: three want it', /the cancellation of b goes before a timeout/],
  ['GroupThatDoesNotWait', 'TaskGroup', 'TaskGroup: all go well', /no task outlives its group/],
  ['GroupThatLosesErrors', 'TaskGroup', 'TaskGroup: a task fails, the others and the body are cancelled', /the error 'failing' is not lost/],
  ['asyncWithThatGoesOn', 'asyncWith', 'Semaphore: 3 want 1 permit', /nothing of a runs after its end/],
  ['EventThatHoldsOn', 'Event', 'Event: two wait, one sets it', /every task is done/],
  ['BarrierThatCountsTheDead', 'Barrier', 'Barrier: used twice by the same two', /nobody is left in the barrier/],
  ['BarrierThatGivesUp', 'Barrier', 'Barrier: used twice by the same two', /nobody passes a barrier alone/],
  ['TimeoutThatCountsOnce', 'Timeout', 'Lock: three want it', /the requests to cancel b are counted right/],
  ['asyncWithThatEndsBodies', 'asyncWith', 'Semaphore: 3 want 1 permit', /a is not ended by return\(\)/],
  ['asyncWithThatLeavesTwice', 'asyncWith', 'asyncWith: what was entered is left, though both take time', /what was entered is left/],
  ['fromPromiseThatHolds', 'fromPromise', 'fromPromise: one that settles, one that fails, one that stops when told', /the loop is let go/],
  ['gatherThatDoesNotWait', 'gather', 'gather with errors as results', /gather waits for all, cancelled or not/],
  ['waitThatLeavesCallbacks', 'wait', 'wait, shield, gather: whoever gives up leaves nothing on what he waited for', /nothing is left on what was waited for/],
  ['waitThatCancels', 'wait', 'wait, FIRST_COMPLETED', /wait does not cancel what it waits for/],
  ['asyncForThatLeavesItOpen', 'asyncFor', 'asyncFor: values of native code, which is closed', /a native iterator left half way is closed/],
];

const all = Object.values(scenarios).flat();

test.each(faults)('the proofs find %s, in the place of %s', async (fault, part, name, rule) => {
  const scenario = all.find((one) => one.name === name) as Scenario;
  const found = await cancelEverywhere(scenario, { most: 20_000, kit: withFaulty(part, fault) });
  expect(found.at(-1)?.failure).toMatch(rule);
});

test.each([
  ['LockThatLetsInNewcomers', 'Lock', 'Lock: newcomers, in the iteration in which it is given back', /at most 1 at once in the lock/],
  ['QueueThatDoesNotLookAgain', 'Queue', 'Queue: newcomers, in the iteration in which an item comes', /does not end with QueueEmpty/],
] as const)('%s is found by trying every order, where the loop itself does not show it', async (fault, part, name, rule) => {
  const scenario = all.find((one) => one.name === name) as Scenario;
  const kit = withFaulty(part, fault);
  expect((await everyOrder(scenario, { most: 1, kit })).failure).toBeUndefined();
  expect((await everyOrder(scenario, { most: 10_000, kit })).failure).toMatch(rule);
});

test('every fault is looked for', () => {
  expect([...faults.map(([fault]) => fault as string), 'QueueThatDoesNotLookAgain'].sort()).toEqual(Object.keys(everyFault).sort());
});
