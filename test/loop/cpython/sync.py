"""Event, condition, bounded semaphore, barrier."""
import asyncio
import re

from scenario import coroutine_scenario, name_of, outcome


def outcomes(tasks):
    return ", ".join(outcome(task) for task in tasks)


# --- event -----------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def an_event_wakes_everybody_who_waits_in_the_order_they_came(log, loop):
    event = asyncio.Event()

    async def waiter(name):
        log(f"{name} {await event.wait()} {event.is_set()}")

    tasks = [loop.create_task(waiter(name)) for name in "abc"]
    await asyncio.sleep(1)
    log(event.is_set())
    event.set()
    loop.call_soon(log, "a callback scheduled after set")
    log("set returned")
    await asyncio.wait(tasks)
    loop.call_soon(log, "a callback")
    await event.wait()
    log("wait on a set event does not suspend")


@coroutine_scenario
async def an_event_cleared_before_the_step_of_its_waiters_lets_them_go_nevertheless(log, loop):
    event = asyncio.Event()

    async def waiter(name):
        await event.wait()
        log(f"{name} first round, set {event.is_set()}")
        await event.wait()
        log(f"{name} second round, set {event.is_set()}")

    tasks = [loop.create_task(waiter(name)) for name in "ab"]
    await asyncio.sleep(1)
    event.set()
    event.clear()
    late = loop.create_task(waiter("late"))
    await asyncio.sleep(1)
    log("nobody goes on for a cleared event")
    event.set()
    event.set()
    await asyncio.wait([*tasks, late])


@coroutine_scenario
async def event_waiters_are_cancelled_before_and_after_set(log, loop):
    event = asyncio.Event()

    async def waiter(name):
        try:
            await event.wait()
            log(f"{name} went on")
        except asyncio.CancelledError as error:
            log(f"{name} {name_of(error)}")
            raise

    a, b, c, d = [loop.create_task(waiter(name)) for name in "abcd"]
    await asyncio.sleep(0)
    a.cancel("before")
    event.set()
    b.cancel("after")
    log(c.cancel("twice"))
    c.cancel("twice again")
    await asyncio.wait([a, b, c, d])
    log(outcomes([a, b, c, d]))


# --- condition -------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def notified_waiters_take_the_lock_in_the_order_they_waited(log, loop):
    condition = asyncio.Condition()

    async def waiter(name):
        async with condition:
            log(f"{name} waits")
            log(f"{name} {await condition.wait()} locked {condition.locked()}")
            await asyncio.sleep(1)
            log(f"{name} leaves at {loop.time():.0f}")

    tasks = [loop.create_task(waiter(name)) for name in "abcde"]
    await asyncio.sleep(2)
    log(condition.locked())
    async with condition:
        condition.notify(2)
        newcomer = loop.create_task(waiter("newcomer"))
        await asyncio.sleep(1)
        log("notified, lock still held")
    await asyncio.sleep(10)
    async with condition:
        condition.notify(0)
        condition.notify()
        condition.notify()
    await asyncio.sleep(10)
    async with condition:
        condition.notify_all()
    await asyncio.wait([*tasks, newcomer])
    log(condition.locked())


@coroutine_scenario
async def wait_and_notify_need_the_lock(log, loop):
    condition = asyncio.Condition()
    for use in (condition.notify, condition.notify_all, condition.release):
        try:
            use()
        except RuntimeError as error:
            log(error)
    try:
        await condition.wait()
    except RuntimeError as error:
        log(error)
    try:
        await condition.wait_for(lambda: False)
    except RuntimeError as error:
        log(error)
    log(await condition.wait_for(lambda: "true without the lock"))
    log(condition.locked())


@coroutine_scenario
async def a_cancelled_condition_wait_takes_the_lock_again_first(log, loop):
    condition = asyncio.Condition()

    async def waiter():
        async with condition:
            try:
                await condition.wait()
            except asyncio.CancelledError as error:
                log(f"{name_of(error)} at {loop.time():.0f} locked {condition.locked()}")
                raise

    task = loop.create_task(waiter())
    await asyncio.sleep(1)
    await condition.acquire()
    task.cancel("enough")
    await asyncio.sleep(5)
    log(f"{outcome(task)} at {loop.time():.0f}")
    condition.release()
    await asyncio.wait([task])
    log(f"{outcome(task)} {condition.locked()}")


@coroutine_scenario
async def through_any_number_of_cancels_the_last_error_is_thrown(log, loop):
    condition = asyncio.Condition()

    async def waiter():
        async with condition:
            try:
                await condition.wait()
            except asyncio.CancelledError as error:
                log(f"{name_of(error)} locked {condition.locked()} requests {asyncio.current_task().cancelling()}")
                raise

    task = loop.create_task(waiter())
    await asyncio.sleep(1)
    await condition.acquire()
    for message in ("first", "second", "third"):
        task.cancel(message)
        await asyncio.sleep(1)
    log(outcome(task))
    condition.release()
    task.cancel("fourth, with the lock free but not taken yet")
    await asyncio.wait([task])
    log(f"{outcome(task)} {condition.locked()}")


@coroutine_scenario
async def a_notified_waiter_cancelled_while_it_takes_the_lock_passes_the_notification_on(log, loop):
    condition = asyncio.Condition()

    async def waiter(name):
        async with condition:
            try:
                await condition.wait()
                log(f"{name} went on")
            except asyncio.CancelledError as error:
                log(f"{name} {name_of(error)} locked {condition.locked()}")
                raise

    first, second, third = [loop.create_task(waiter(name)) for name in ("first", "second", "third")]
    await asyncio.sleep(1)
    await condition.acquire()
    condition.notify()
    await asyncio.sleep(1)
    first.cancel("too late")
    await asyncio.sleep(1)
    condition.release()
    await asyncio.wait([first, second])
    log(f"{outcome(first)} {outcome(second)} {outcome(third)}")
    async with condition:
        condition.notify()
    await third


@coroutine_scenario
async def a_waiter_cancelled_at_once_after_its_notification_passes_it_on(log, loop):
    condition = asyncio.Condition()

    async def waiter(name):
        async with condition:
            try:
                await condition.wait()
                log(f"{name} went on")
            except asyncio.CancelledError as error:
                log(f"{name} {name_of(error)}")
                raise

    first, second, third = [loop.create_task(waiter(name)) for name in ("first", "second", "third")]
    await asyncio.sleep(1)
    async with condition:
        condition.notify()
        first.cancel()
    await asyncio.sleep(5)
    log(f"{outcome(first)} {outcome(second)} {outcome(third)}")
    third.cancel()
    await asyncio.wait([third])


@coroutine_scenario
async def a_waiter_cancelled_without_a_notification_wakes_the_next_all_the_same(log, loop):
    condition = asyncio.Condition()

    async def waiter(name):
        async with condition:
            try:
                await condition.wait()
                log(f"{name} went on")
            except asyncio.CancelledError as error:
                log(f"{name} {name_of(error)}")
                raise

    first, second, third = [loop.create_task(waiter(name)) for name in ("first", "second", "third")]
    await asyncio.sleep(1)
    first.cancel()
    await asyncio.sleep(5)
    log(f"{outcome(first)} {outcome(second)} {outcome(third)}")
    third.cancel()
    await asyncio.wait([third])


@coroutine_scenario
async def notify_skips_who_was_cancelled_or_notified_already(log, loop):
    condition = asyncio.Condition()

    async def waiter(name):
        async with condition:
            await condition.wait()
            log(name)

    tasks = [loop.create_task(waiter(name)) for name in "abcd"]
    await asyncio.sleep(1)
    await condition.acquire()
    tasks[0].cancel()
    condition.notify()
    condition.notify()
    condition.release()
    await asyncio.sleep(5)
    log(outcomes(tasks))
    async with condition:
        condition.notify(100)
    await asyncio.wait(tasks)


@coroutine_scenario
async def wait_for_looks_again_after_each_notification(log, loop):
    condition = asyncio.Condition()
    box = []

    def predicate():
        log(f"looks, finds {len(box)}")
        return len(box) >= 2 and "enough"

    async def waiter():
        async with condition:
            log(await condition.wait_for(predicate))

    task = loop.create_task(waiter())
    for item in range(3):
        await asyncio.sleep(1)
        async with condition:
            box.append(item)
            condition.notify()
    await task
    async with condition:
        loop.call_soon(log, "a callback")
        log(await condition.wait_for(predicate))


@coroutine_scenario
async def an_error_of_the_predicate_leaves_wait_for_with_the_lock_held(log, loop):
    condition = asyncio.Condition()
    looks = []

    def predicate():
        looks.append(None)
        if len(looks) == 2:
            raise ValueError("second look")
        return False

    async def waiter():
        async with condition:
            try:
                await condition.wait_for(predicate)
            finally:
                log(f"locked {condition.locked()}")

    async def other():
        async with condition:
            await condition.wait()

    task, bystander = loop.create_task(waiter()), loop.create_task(other())
    await asyncio.sleep(1)
    async with condition:
        condition.notify()
    await asyncio.sleep(1)
    log(f"{outcome(task)} {outcome(bystander)} {condition.locked()}")
    bystander.cancel()
    await asyncio.wait([bystander])


@coroutine_scenario
async def two_conditions_share_a_lock(log, loop):
    lock = asyncio.Lock()
    full, empty = asyncio.Condition(lock), asyncio.Condition(lock)
    box = []

    async def put(item):
        async with empty:
            await empty.wait_for(lambda: not box)
            box.append(item)
            log(f"put {item}")
            full.notify()

    async def get():
        async with full:
            await full.wait_for(lambda: box)
            log(f"got {box.pop()}")
            empty.notify()

    await asyncio.gather(*[get() for _ in range(3)], *[put(item) for item in "abc"])
    log(f"{lock.locked()} {full.locked()} {empty.locked()}")
    async with lock:
        log(f"{lock.locked()} {full.locked()} {empty.locked()}")


@coroutine_scenario
async def a_timeout_around_a_condition_wait_ends_when_the_lock_is_free(log, loop):
    condition = asyncio.Condition()

    async def holder():
        await asyncio.sleep(1)
        async with condition:
            await asyncio.sleep(10)

    task = loop.create_task(holder())
    async with condition:
        try:
            async with asyncio.timeout(3):
                await condition.wait()
        except TimeoutError:
            log(f"TimeoutError at {loop.time():.0f} locked {condition.locked()}")
    await task
    async with condition:
        try:
            await asyncio.wait_for(condition.wait(), 4)
        except TimeoutError:
            log(f"TimeoutError at {loop.time():.0f} locked {condition.locked()}")


@coroutine_scenario
async def a_condition_waiter_woken_and_a_newcomer_to_the_lock_keep_their_order(log, loop):
    condition = asyncio.Condition()

    async def waiter(name):
        async with condition:
            await condition.wait()
            log(name)

    async def newcomer(name):
        async with condition:
            log(name)

    waiting = [loop.create_task(waiter(name)) for name in ("w1", "w2")]
    await asyncio.sleep(1)
    await condition.acquire()
    before = loop.create_task(newcomer("newcomer before the notification"))
    await asyncio.sleep(0)
    condition.notify_all()
    after = loop.create_task(newcomer("newcomer after the notification"))
    condition.release()
    await asyncio.wait([*waiting, before, after])


# --- bounded semaphore -----------------------------------------------------------------------------------------------


@coroutine_scenario
async def a_bounded_semaphore_takes_no_release_too_many(log, loop):
    semaphore = asyncio.BoundedSemaphore(2)

    def release():
        try:
            semaphore.release()
            log("released")
        except ValueError as error:
            log(error)

    release()
    await semaphore.acquire()
    await semaphore.acquire()
    log(semaphore.locked())
    release()
    release()
    release()
    log(semaphore.locked())


@coroutine_scenario
async def a_permit_handed_over_counts_as_out_for_the_bound(log, loop):
    semaphore = asyncio.BoundedSemaphore(1)
    await semaphore.acquire()

    async def worker(name):
        try:
            async with semaphore:
                log(name)
        except ValueError as error:
            log(error)

    tasks = [loop.create_task(worker(name)) for name in "ab"]
    await asyncio.sleep(0)
    for _ in range(3):
        try:
            semaphore.release()
            log(f"released, locked {semaphore.locked()}")
        except ValueError as error:
            log(error)
    await asyncio.wait(tasks)


# --- barrier ---------------------------------------------------------------------------------------------------------


def told(barrier):
    return f"waiting {barrier.n_waiting}/{barrier.parties}{' broken' if barrier.broken else ''}"


@coroutine_scenario
async def a_barrier_lets_all_go_when_the_last_has_come_over_and_over(log, loop):
    barrier = asyncio.Barrier(3)

    async def party(name, delays):
        for delay in delays:
            await asyncio.sleep(delay)
            log(f"{name} comes at {loop.time():.0f}, {told(barrier)}")
            log(f"{name} {await barrier.wait()} goes, {told(barrier)}")

    await asyncio.gather(party("a", (1, 2, 6)), party("b", (2, 7, 0)), party("c", (4, 0, 0)))
    log(told(barrier))


@coroutine_scenario
async def more_come_to_a_barrier_than_it_takes(log, loop):
    barrier = asyncio.Barrier(2)

    async def party(name):
        log(f"{name} {await barrier.wait()} {told(barrier)}")

    tasks = [loop.create_task(party(name)) for name in "abcde"]
    await asyncio.sleep(5)
    log(f"{told(barrier)} {outcome(tasks[-1])}")
    tasks.append(loop.create_task(party("f")))
    await asyncio.wait(tasks)


@coroutine_scenario
async def a_barrier_of_one_does_not_suspend(log, loop):
    barrier = asyncio.Barrier(1)
    loop.call_soon(log, "a callback")
    log(await barrier.wait())
    log(await barrier.wait())
    async with barrier as place:
        log(f"in the block {place}")


@coroutine_scenario
async def a_barrier_as_a_context_manager_gives_the_place(log, loop):
    barrier = asyncio.Barrier(2)

    async def party(name):
        async with barrier as place:
            log(f"{name} {place} in")
            await asyncio.sleep(1 + place)
            log(f"{name} {place} out")

    await asyncio.gather(party("a"), party("b"))


@coroutine_scenario
async def who_is_cancelled_while_a_barrier_fills_leaves_it_whole(log, loop):
    barrier = asyncio.Barrier(3)

    async def party(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except asyncio.CancelledError:
            log(f"{name} cancelled, {told(barrier)}")
            raise

    tasks = [loop.create_task(party(name)) for name in "ab"]
    await asyncio.sleep(1)
    tasks[0].cancel()
    await asyncio.sleep(1)
    log(told(barrier))
    tasks.append(loop.create_task(party("c")))
    await asyncio.sleep(1)
    log(told(barrier))
    tasks.append(loop.create_task(party("d")))
    await asyncio.wait(tasks)
    log(f"{outcomes(tasks)} {told(barrier)}")


@coroutine_scenario
async def who_is_cancelled_while_a_barrier_drains_does_not_hold_up_the_others(log, loop):
    barrier = asyncio.Barrier(3)

    async def party(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except asyncio.CancelledError:
            log(f"{name} cancelled, {told(barrier)}")
            raise

    tasks = [loop.create_task(party(name)) for name in "ab"]
    await asyncio.sleep(1)
    tasks.append(loop.create_task(party("c")))
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks.append(loop.create_task(party("next round")))
    await asyncio.sleep(1)
    log(f"{outcomes(tasks)} {told(barrier)}")
    tasks += [loop.create_task(party("d")), loop.create_task(party("e"))]
    await asyncio.wait(tasks)


@coroutine_scenario
async def who_is_cancelled_before_the_door_of_a_draining_barrier_takes_no_place(log, loop):
    barrier = asyncio.Barrier(2)

    async def party(name):
        log(f"{name} {await barrier.wait()}")

    tasks = [loop.create_task(party(name)) for name in "abc"]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.sleep(1)
    log(f"{outcomes(tasks)} {told(barrier)}")
    await asyncio.gather(party("d"), party("e"))


@coroutine_scenario
async def a_reset_throws_out_who_waits_at_the_barrier(log, loop):
    barrier = asyncio.Barrier(3)
    await barrier.reset()
    log(told(barrier))

    async def party(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except asyncio.BrokenBarrierError as error:
            log(f"{name} {error}, {told(barrier)}")

    tasks = [loop.create_task(party(name)) for name in "ab"]
    await asyncio.sleep(1)
    await barrier.reset()
    log(f"reset, {told(barrier)}")
    tasks += [loop.create_task(party(name)) for name in "cde"]
    await asyncio.wait(tasks)
    log(told(barrier))


@coroutine_scenario
async def a_barrier_reset_while_it_drains_throws_out_who_has_not_left(log, loop):
    barrier = asyncio.Barrier(3)

    async def party(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except asyncio.BrokenBarrierError as error:
            log(f"{name} {error}, {told(barrier)}")

    async def reset():
        await barrier.reset()
        log(f"reset, {told(barrier)}")

    async def starter():
        loop.create_task(reset())

    tasks = [loop.create_task(party(name)) for name in "ab"]
    await asyncio.sleep(1)
    loop.create_task(starter())
    tasks.append(loop.create_task(party("c")))
    tasks.append(loop.create_task(party("next round")))
    await asyncio.sleep(1)
    log(f"{outcomes(tasks)} {told(barrier)}")
    tasks += [loop.create_task(party(name)) for name in "de"]
    await asyncio.wait(tasks)
    log(told(barrier))


@coroutine_scenario
async def an_aborted_barrier_is_broken_until_it_is_reset(log, loop):
    barrier = asyncio.Barrier(3)

    async def party(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except asyncio.BrokenBarrierError as error:
            log(f"{name} {error}, {told(barrier)}")

    tasks = [loop.create_task(party(name)) for name in "ab"]
    await asyncio.sleep(1)
    await barrier.abort()
    log(f"aborted, {told(barrier)}")
    await party("too late")
    await asyncio.wait(tasks)
    await party("still too late")
    await barrier.reset()
    log(f"reset, {told(barrier)}")
    await asyncio.gather(party("c"), party("d"), party("e"))


@coroutine_scenario
async def a_barrier_aborted_while_it_drains_throws_out_who_has_not_left(log, loop):
    barrier = asyncio.Barrier(2)

    async def party(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except asyncio.BrokenBarrierError as error:
            log(f"{name} {error}, {told(barrier)}")

    async def abort():
        await barrier.abort()
        log(f"aborted, {told(barrier)}")

    async def starter():
        loop.create_task(abort())

    tasks = [loop.create_task(party("a"))]
    await asyncio.sleep(1)
    loop.create_task(starter())
    tasks += [loop.create_task(party(name)) for name in "bcd"]
    await asyncio.wait(tasks)
    log(f"{outcomes(tasks)} {told(barrier)}")


@coroutine_scenario
async def a_barrier_aborted_and_reset_at_once_throws_out_who_waits_and_takes_newcomers(log, loop):
    barrier = asyncio.Barrier(2)

    async def party(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except asyncio.BrokenBarrierError as error:
            log(f"{name} {error}, {told(barrier)}")

    tasks = [loop.create_task(party("a"))]
    await asyncio.sleep(1)
    loop.call_soon(log, "a callback")
    await barrier.abort()
    await barrier.reset()
    await barrier.reset()
    log(f"neither suspended, {told(barrier)}")
    tasks += [loop.create_task(party(name)) for name in "bcd"]
    await asyncio.sleep(5)
    log(f"{outcomes(tasks)} {told(barrier)}")
    await barrier.wait()
    await asyncio.wait(tasks)


@coroutine_scenario
async def who_is_cancelled_after_a_reset_is_cancelled_not_told_of_the_reset(log, loop):
    barrier = asyncio.Barrier(3)

    async def party(name):
        try:
            log(f"{name} {await barrier.wait()}")
        except (asyncio.BrokenBarrierError, asyncio.CancelledError) as error:
            log(f"{name} {name_of(error)}, {told(barrier)}")
            raise

    tasks = [loop.create_task(party(name)) for name in "ab"]
    await asyncio.sleep(1)
    await barrier.reset()
    tasks[0].cancel()
    await asyncio.wait(tasks)
    log(f"{outcomes(tasks)} {told(barrier)}")


# --- as text ---------------------------------------------------------------------------------------------------------


def text(primitive):
    """Without Python's module names and addresses."""
    return re.sub(r"asyncio\.locks\.|object at 0x\w+ ", "", repr(primitive))


@coroutine_scenario
async def primitives_as_text(log, loop):
    lock, event, semaphore = asyncio.Lock(), asyncio.Event(), asyncio.BoundedSemaphore(2)
    condition, barrier = asyncio.Condition(), asyncio.Barrier(3)
    everything = (lock, event, semaphore, condition, barrier)
    log(" ".join(map(text, everything)))
    await lock.acquire()
    await semaphore.acquire()
    log(text(semaphore))
    await semaphore.acquire()

    async def waiter():
        async with condition:
            await condition.wait()

    tasks = [loop.create_task(coroutine) for coroutine in
             (lock.acquire(), lock.acquire(), event.wait(), semaphore.acquire(), waiter(), barrier.wait(), barrier.wait())]
    await asyncio.sleep(1)
    log(" ".join(map(text, everything)))
    event.set()
    log(text(event))
    await barrier.abort()
    log(text(barrier))
    await condition.acquire()
    log(text(condition))
    for task in tasks:
        task.cancel()
    condition.release()
    await asyncio.wait(tasks)
    log(" ".join(map(text, everything)))
