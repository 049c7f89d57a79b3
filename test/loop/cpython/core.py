"""Iteration, futures, tasks, cancellation, combinators, locks and semaphores, runs."""
import asyncio
import gc

from scenario import coroutine_scenario, fails, fails_after, name_of, outcome, scenario

# --- iteration -------------------------------------------------------------------------------------------------------


@scenario
def callbacks_run_in_order_one_batch_at_a_time(log, loop):
    def a():
        log("a")
        loop.call_soon(log, "added by a")

    def b():
        log("b")
        loop.call_soon(log, "added by b")
        loop.stop()

    loop.call_soon(a)
    loop.call_soon(b)
    loop.call_soon(log, "c")
    loop.run_forever()
    log("run left")
    loop.call_soon(loop.stop)
    loop.run_forever()


@scenario
def due_timers_go_behind_what_is_ready(log, loop):
    def first():
        log("first")
        loop.call_at(loop.time(), log, "timer set for now")
        loop.call_soon(log, "soon")
        loop.call_soon(lambda: loop.call_soon(log, "an iteration later"))

    loop.call_at(loop.time(), log, "timer due from the start")
    loop.call_soon(first)
    loop.call_later(10, loop.stop)
    loop.run_forever()


@scenario
def timers_run_by_deadline(log, loop):
    for delay in (30, 10, 20, 5):
        loop.call_later(delay, log, f"after {delay}")
    loop.call_later(15, log, "cancelled").cancel()
    loop.call_later(40, loop.stop)
    loop.run_forever()
    log(f"at {loop.time():.0f}")


@scenario
def stop_before_a_run_gives_one_iteration(log, loop):
    def first():
        log("first")
        loop.call_soon(log, "second")

    loop.call_soon(first)
    loop.stop()
    loop.run_forever()
    log("left")
    loop.stop()
    loop.run_forever()


@scenario
def run_until_complete_finishes_the_batch(log, loop):
    future = loop.create_future()

    def finish():
        future.set_result("done")
        loop.call_soon(log, "behind the stop")
        loop.call_soon(lambda: loop.call_soon(log, "added in the last batch"))

    loop.call_soon(finish)
    log(loop.run_until_complete(future))
    log("left")
    loop.call_soon(loop.stop)
    loop.run_forever()


@scenario
def a_loop_stopped_early_fails_run_until_complete(log, loop):
    loop.call_soon(loop.stop)
    try:
        loop.run_until_complete(loop.create_future())
    except RuntimeError as error:
        log(error)


@scenario
def an_error_in_a_callback_goes_to_the_handler(log, loop):
    loop.set_exception_handler(lambda _, context: log(f"handler: {name_of(context['exception'])}"))

    def bad():
        raise ValueError("no")

    loop.call_soon(bad)
    loop.call_soon(log, "next")
    loop.call_soon(loop.stop)
    loop.run_forever()


@scenario
def an_interrupt_leaves_at_once_and_the_batch_stays(log, loop):
    def interrupt():
        log("interrupt")
        raise KeyboardInterrupt

    loop.call_soon(log, "before")
    loop.call_soon(interrupt)
    loop.call_soon(log, "rest of the batch")
    loop.call_soon(loop.stop)
    try:
        loop.run_forever()
    except KeyboardInterrupt:
        log("left")
    loop.run_forever()


@scenario
def reentrant_runs_are_refused(log, loop):
    # One misuse a run: after a refused one, 3.13.0 forgets that it is running.
    def misuse(use):
        try:
            use()
        except RuntimeError as error:
            log(error)
        loop.stop()

    for use in (loop.run_forever, asyncio.new_event_loop().run_forever, loop.close):
        loop.call_soon(misuse, use)
        loop.run_forever()
    loop.close()
    loop.close()
    for schedule in (lambda: loop.call_soon(log), lambda: loop.call_later(1, log), lambda: loop.run_forever(), lambda: loop.call_at(1, log)):
        try:
            schedule()
        except RuntimeError as error:
            log(error)


# --- futures ---------------------------------------------------------------------------------------------------------


@scenario
def done_callbacks_are_scheduled_in_order(log, loop):
    future = loop.create_future()
    future.add_done_callback(lambda f: log("first"))
    future.add_done_callback(lambda f: log("second"))

    def late(f):
        log("late")

    future.set_result(1)
    log("set")
    future.add_done_callback(late)
    log("added to a done future")
    loop.call_soon(log, "scheduled after")
    loop.call_soon(loop.stop)
    loop.run_forever()


@scenario
def a_future_holds_one_outcome(log, loop):
    future = loop.create_future()
    for ask in (future.result, future.exception):
        try:
            ask()
        except asyncio.InvalidStateError as error:
            log(error)
    future.set_result(1)
    for settle in (lambda: future.set_result(2), lambda: future.set_exception(ValueError())):
        try:
            settle()
        except asyncio.InvalidStateError:
            log("InvalidStateError")
    log(future.cancel())
    log(future.result())
    cancelled = loop.create_future()
    log(cancelled.cancel("why"))
    log(cancelled.cancel("again"))
    for ask in (cancelled.result, cancelled.exception):
        try:
            ask()
        except asyncio.CancelledError as error:
            log(name_of(error))
    raised = loop.create_future()
    raised.set_exception(asyncio.CancelledError("as an exception"))
    log(raised.cancelled())
    log(name_of(raised.exception()))


@scenario
def removing_a_done_callback_removes_every_registration(log, loop):
    future = loop.create_future()

    def twice(f):
        log("twice")

    future.add_done_callback(twice)
    future.add_done_callback(lambda f: log("once"))
    future.add_done_callback(twice)
    log(future.remove_done_callback(twice))
    log(future.remove_done_callback(twice))
    future.set_result(None)
    loop.call_soon(loop.stop)
    loop.run_forever()


@coroutine_scenario
async def awaiting_a_done_future_does_not_suspend(log, loop):
    future = loop.create_future()
    future.set_result("value")
    loop.call_soon(log, "callback")
    log(await future)
    log("still in the same step")
    await asyncio.sleep(0)
    log("after sleep 0")


@coroutine_scenario
async def sleep_zero_suspends_once(log, loop):
    async def counter(name):
        for i in range(3):
            log(f"{name}{i}")
            await asyncio.sleep(0 if name == "a" else -1)

    a = loop.create_task(counter("a"))
    b = loop.create_task(counter("b"))
    await a
    await b


@coroutine_scenario
async def a_waiting_task_is_woken_in_its_turn_among_callbacks(log, loop):
    future = loop.create_future()

    async def waits(name):
        log(f"{name} got {await future}")

    future.add_done_callback(lambda f: log("callback 1"))
    a = loop.create_task(waits("a"))
    await asyncio.sleep(0)
    future.add_done_callback(lambda f: log("callback 2"))
    b = loop.create_task(waits("b"))
    await asyncio.sleep(0)
    future.set_result(1)
    await a
    await b


# --- tasks -----------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def a_cancellation_arrives_in_a_later_iteration(log, loop):
    async def victim():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError as error:
            log(f"caught {error}")
            raise
        finally:
            await asyncio.sleep(5)
            log("finally, suspended")

    task = loop.create_task(victim())
    await asyncio.sleep(0)
    log(task.cancel("stop it"))
    log(f"{task.cancelled()} {task.cancelling()}")
    await asyncio.sleep(0)
    log("an iteration later")
    try:
        await task
    except asyncio.CancelledError as error:
        log(name_of(error))
    log(f"{task.cancelled()} at {loop.time():.0f}")
    log(task.cancel())
    log(task.cancelling())


@coroutine_scenario
async def a_task_cancelled_before_its_first_step(log, loop):
    async def body():
        try:
            log("never")
        finally:
            log("never")

    task = loop.create_task(body())
    task.cancel("early")
    try:
        await task
    except asyncio.CancelledError as error:
        log(name_of(error))
    log(task.cancelled())


@coroutine_scenario
async def two_cancels_before_delivery(log, loop):
    async def victim():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError as error:
            log(name_of(error))
        log("alive")
        await asyncio.sleep(1)
        log(f"cancelling {asyncio.current_task().cancelling()}")

    task = loop.create_task(victim())
    await asyncio.sleep(0)
    task.cancel("first")
    task.cancel("second")
    log(task.cancelling())
    await task
    log(outcome(task))

    async def gives_way():
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError as error:
            log(name_of(error))

    ready = loop.create_task(gives_way())
    await asyncio.sleep(0)
    ready.cancel("first")
    ready.cancel("second")
    await ready


@coroutine_scenario
async def a_task_that_cancels_itself(log, loop):
    async def returns():
        asyncio.current_task().cancel("self")
        return 1

    async def throws():
        asyncio.current_task().cancel("self")
        raise ValueError("wins")

    async def awaits():
        asyncio.current_task().cancel("self")
        log("goes on to its next await")
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log(name_of(error))
        return "refused"

    async def gives_way():
        asyncio.current_task().cancel("self")
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError as error:
            log(name_of(error))
            raise

    async def awaits_done():
        done = loop.create_future()
        done.set_result(1)
        asyncio.current_task().cancel("self")
        log(await done)
        log("a done future does not deliver it")
        return 1

    for body in (returns, throws, awaits, gives_way, awaits_done):
        task = loop.create_task(body())
        await asyncio.wait([task])
        log(f"{body.__name__}: {outcome(task)} at {loop.time():.0f}")


@coroutine_scenario
async def a_coroutine_may_throw_or_swallow_the_cancellation(log, loop):
    async def throws():
        raise asyncio.CancelledError("own")

    task = loop.create_task(throws())
    await asyncio.wait([task])
    log(f"{outcome(task)} {task.cancelling()}")

    async def swallows():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return "result"

    task = loop.create_task(swallows())
    await asyncio.sleep(0)
    task.cancel()
    log(await task)
    log(f"{task.cancelled()} {task.cancelling()}")


@coroutine_scenario
async def uncancel_to_zero_calls_off_what_was_not_delivered(log, loop):
    async def body():
        task = asyncio.current_task()
        task.cancel()
        task.cancel()
        log(task.uncancel())
        log(task.uncancel())
        log(task.uncancel())
        await asyncio.sleep(1)
        return "not cancelled"

    log(await loop.create_task(body()))


@coroutine_scenario
async def cancelling_the_waiter_cancels_the_awaited_task(log, loop):
    async def inner():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError as error:
            log(f"inner {name_of(error)}")
            raise

    async def outer(task):
        try:
            await task
        except asyncio.CancelledError as error:
            log(f"outer {name_of(error)}")
            raise

    child = loop.create_task(inner())
    parent = loop.create_task(outer(child))
    await asyncio.sleep(1)
    parent.cancel("why")
    log("asked")
    await asyncio.wait([parent])
    log(f"{outcome(child)} {outcome(parent)} {child.cancelling()} {parent.cancelling()}")


@coroutine_scenario
async def a_waiter_of_a_refusing_task_can_be_cancelled_again(log, loop):
    async def refuses():
        for i in range(2):
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError as error:
                log(f"refused {error}")
        return "stubborn"

    async def waits(task):
        return await task

    child = loop.create_task(refuses())
    parent = loop.create_task(waits(child))
    await asyncio.sleep(1)
    parent.cancel("one")
    await asyncio.sleep(1)
    log(f"{outcome(parent)} {parent.cancelling()} {child.cancelling()}")
    parent.cancel("two")
    log(await parent)


@scenario
def an_interrupt_inside_a_task_is_stored_and_leaves_the_run(log, loop):
    async def interrupts():
        raise KeyboardInterrupt

    async def bystander():
        log("bystander starts")
        await asyncio.sleep(1)
        log("bystander goes on in the next run")

    task = loop.create_task(interrupts())
    other = loop.create_task(bystander())
    try:
        loop.run_until_complete(other)
    except KeyboardInterrupt:
        log("left")
    log(type(task.exception()).__name__)
    loop.run_until_complete(other)
    log(task.done())


@scenario
def an_interrupt_of_the_main_task_does_not_end_the_next_run(log, loop):
    async def interrupts():
        raise KeyboardInterrupt

    async def bystander():
        await asyncio.sleep(1)
        return "whole"

    try:
        loop.run_until_complete(interrupts())
    except KeyboardInterrupt:
        log("left")
    log(loop.run_until_complete(bystander()))


@coroutine_scenario
async def the_current_task(log, loop):
    def here():
        try:
            task = asyncio.current_task()
        except RuntimeError:
            return "no loop"
        return None if task is None else task.get_name()

    async def child():
        log(f"child {here()}")
        await asyncio.sleep(0)
        log(f"child {here()}")

    asyncio.current_task().set_name("main")
    loop.call_soon(lambda: log(f"callback {here()}"))
    task = loop.create_task(child(), name="child")
    log(f"main {here()}")
    await task
    task.add_done_callback(lambda t: log(f"done callback {here()}"))
    driven = child()
    driven.send(None)
    await asyncio.sleep(0)
    log(f"main {here()}")
    driven.close()


# --- combinators -----------------------------------------------------------------------------------------------------


@coroutine_scenario
async def gather_first_error_and_siblings(log, loop):
    async def slow():
        await asyncio.sleep(10)
        log("sibling went on")
        return "slow"

    sibling = loop.create_task(slow())
    try:
        await asyncio.gather(sibling, fails_after(1, ValueError("one")), fails_after(2, ValueError("two")))
    except ValueError as error:
        log(f"{error} at {loop.time():.0f}")
    log(outcome(sibling))
    await sibling


@coroutine_scenario
async def gather_results(log, loop):
    log(await asyncio.gather(asyncio.sleep(3, "a"), asyncio.sleep(1, "b"), asyncio.sleep(2, "c")))
    results = await asyncio.gather(asyncio.sleep(3, "a"), fails_after(1, ValueError("b")), return_exceptions=True)
    log([str(result) for result in results])
    once = []

    async def counted():
        once.append(1)
        return len(once)

    same = counted()
    log(await asyncio.gather(same, same, same))
    empty = asyncio.gather()
    log(empty.done())
    log(await empty)
    done = loop.create_future()
    done.set_result("done")
    gathered = asyncio.gather(done, done)
    log(gathered.done())
    log(await gathered)
    failed = loop.create_future()
    failed.set_exception(ValueError("failed"))
    log(outcome(asyncio.gather(done, failed)))


@coroutine_scenario
async def gather_cancelled(log, loop):
    async def child(name, cleanup):
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError as error:
            await asyncio.sleep(cleanup)
            log(f"{name} cleaned up: {error}")
            raise

    for return_exceptions in (False, True):
        gathered = asyncio.gather(child("a", 1), child("b", 3), return_exceptions=return_exceptions)
        await asyncio.sleep(0)
        start = loop.time()
        log(gathered.cancel("why"))
        log(f"done {gathered.done()}")
        try:
            await gathered
        except asyncio.CancelledError as error:
            log(f"{name_of(error)} after {loop.time() - start:.0f}")
        log(f"cancelled {gathered.cancelled()}")
        log(gathered.cancel())
        await asyncio.sleep(10)


@coroutine_scenario
async def gather_with_a_cancelled_child(log, loop):
    child = loop.create_task(asyncio.sleep(100))
    gathered = asyncio.gather(child, asyncio.sleep(1))
    await asyncio.sleep(0)
    child.cancel("child")
    try:
        await gathered
    except asyncio.CancelledError as error:
        log(name_of(error))
    log(gathered.cancelled())
    child = loop.create_task(asyncio.sleep(100))
    gathered = asyncio.gather(child, asyncio.sleep(1, "other"), return_exceptions=True)
    await asyncio.sleep(0)
    child.cancel("child")
    log([name_of(result) if isinstance(result, BaseException) else result for result in await gathered])


@scenario
def gather_cancelled_with_failing_children_reports_nothing(log, loop):
    loop.set_exception_handler(lambda _, context: log(context["message"]))

    async def child():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            raise ValueError("while cleaning up")

    async def main():
        gathered = asyncio.gather(child(), child(), return_exceptions=True)
        await asyncio.sleep(0)
        gathered.cancel()
        try:
            await gathered
        except asyncio.CancelledError as error:
            log(name_of(error))

    loop.run_until_complete(main())
    gc.collect()


@coroutine_scenario
async def gather_cancel_through_its_waiter(log, loop):
    async def child(name):
        try:
            await asyncio.sleep(100)
        finally:
            log(f"{name} ends")

    async def waits():
        await asyncio.gather(child("a"), child("b"))

    task = loop.create_task(waits())
    await asyncio.sleep(1)
    task.cancel("from outside")
    await asyncio.wait([task])
    log(outcome(task))


@coroutine_scenario
async def wait_returns_when(log, loop):
    def names(futures):
        return " ".join(sorted(task.get_name() for task in futures))

    def tasks():
        return [
            loop.create_task(asyncio.sleep(1), name="quick"),
            loop.create_task(fails_after(4, ValueError("no")), name="fails"),
            loop.create_task(asyncio.sleep(6), name="slow"),
        ]

    for how in (asyncio.FIRST_COMPLETED, asyncio.FIRST_EXCEPTION, asyncio.ALL_COMPLETED):
        start = loop.time()
        done, pending = await asyncio.wait(tasks(), return_when=how)
        log(f"{how} {names(done)} {names(pending)} after {loop.time() - start:.0f}")
        await asyncio.sleep(10)
        for task in done | pending:
            outcome(task)
    start = loop.time()
    done, pending = await asyncio.wait(tasks(), timeout=2)
    log(f"timeout {names(done)} {names(pending)} after {loop.time() - start:.0f}")
    await asyncio.sleep(10)
    log([outcome(task) for task in sorted(done | pending, key=lambda task: task.get_name())])


@coroutine_scenario
async def wait_does_not_count_a_cancelled_one_as_an_exception(log, loop):
    victim = loop.create_task(asyncio.sleep(100))
    other = loop.create_task(asyncio.sleep(5))
    loop.call_later(1, victim.cancel)
    done, pending = await asyncio.wait([victim, other], return_when=asyncio.FIRST_EXCEPTION)
    log(f"{len(done)} {len(pending)} at {loop.time():.0f}")
    unused = asyncio.sleep(1)
    for wrong in ([], unused, [unused], other):
        try:
            await asyncio.wait(wrong)
        except (ValueError, TypeError):
            log("refused")
    try:
        asyncio.as_completed(unused)
    except TypeError:
        log("refused")
    unused.close()


@coroutine_scenario
async def a_cancelled_wait_leaves_the_tasks_alone(log, loop):
    work = loop.create_task(asyncio.sleep(5, "work"))
    waiter = loop.create_task(asyncio.wait([work]))
    await asyncio.sleep(1)
    waiter.cancel()
    await asyncio.wait([waiter])
    log(f"{outcome(waiter)} {outcome(work)}")
    log(await work)


@coroutine_scenario
async def as_completed_order(log, loop):
    for next_one in asyncio.as_completed([asyncio.sleep(3, "c"), asyncio.sleep(1, "a"), asyncio.sleep(2, "b")]):
        log(f"{await next_one} at {loop.time():.0f}")
    for next_one in asyncio.as_completed([asyncio.sleep(3, "slow"), fails_after(1, ValueError("early"))]):
        try:
            log(await next_one)
        except ValueError as error:
            log(name_of(error))


@coroutine_scenario
async def as_completed_timeout(log, loop):
    slow = loop.create_task(asyncio.sleep(10, "slow"))
    slower = loop.create_task(asyncio.sleep(20, "slower"))
    for next_one in asyncio.as_completed([asyncio.sleep(1, "in time"), slow, slower], timeout=5):
        try:
            log(await next_one)
        except asyncio.TimeoutError:
            log(f"TimeoutError at {loop.time():.0f}")
    log(f"{outcome(slow)} {await slow}")


@coroutine_scenario
async def as_completed_async_iteration(log, loop):
    quick = loop.create_task(asyncio.sleep(1, "quick"), name="quick")
    slow = loop.create_task(asyncio.sleep(4, "slow"), name="slow")
    async for task in asyncio.as_completed([slow, quick]):
        log(f"{task.get_name()} {task.result()}")
    try:
        async for task in asyncio.as_completed([loop.create_task(asyncio.sleep(9, 1)), loop.create_task(asyncio.sleep(1, 2))], timeout=2):
            log(task.result())
    except asyncio.TimeoutError:
        log("TimeoutError")


@coroutine_scenario
async def shield_and_cancellation(log, loop):
    inner = loop.create_task(asyncio.sleep(5, "inner"))
    outer = asyncio.shield(inner)
    log(outer.cancel("why"))
    try:
        await outer
    except asyncio.CancelledError as error:
        log(name_of(error))
    log(f"{outcome(inner)} {await inner}")
    inner = loop.create_task(asyncio.sleep(5))
    outer = asyncio.shield(inner)
    await asyncio.sleep(0)
    inner.cancel("inner")
    try:
        await outer
    except asyncio.CancelledError as error:
        log(name_of(error))
    log(f"{outer.cancelled()} {inner.cancelled()}")
    failing = asyncio.shield(fails(ValueError("through")))
    try:
        await failing
    except ValueError as error:
        log(name_of(error))
    done = loop.create_future()
    done.set_result(1)
    log(asyncio.shield(done) is done)

    async def waits():
        await asyncio.shield(work)

    work = loop.create_task(asyncio.sleep(5, "work"))
    waiter = loop.create_task(waits())
    await asyncio.sleep(1)
    waiter.cancel()
    await asyncio.wait([waiter])
    log(f"{outcome(waiter)} {outcome(work)}")
    await work


@coroutine_scenario
async def wait_for_limits(log, loop):
    async def same_task(task):
        return asyncio.current_task() is task

    log(await asyncio.wait_for(same_task(asyncio.current_task()), 10))

    async def never():
        log("never")

    for limit in (0, -1):
        try:
            await asyncio.wait_for(never(), limit)
        except asyncio.TimeoutError as error:
            log(f"TimeoutError from {type(error.__cause__).__name__}")
    done = loop.create_future()
    done.set_result("done")
    log(await asyncio.wait_for(done, 0))

    async def swallows():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            return "swallowed"

    log(await asyncio.wait_for(swallows(), 5))

    async def cleans_up():
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(3)
            log("cleaned up")

    start = loop.time()
    try:
        await asyncio.wait_for(cleans_up(), 5)
    except asyncio.TimeoutError as error:
        log(f"TimeoutError from {type(error.__cause__).__name__} after {loop.time() - start:.0f}")

    async def raises():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            raise ValueError("instead")

    try:
        await asyncio.wait_for(raises(), 5)
    except ValueError as error:
        log(name_of(error))
    log(await asyncio.wait_for(asyncio.sleep(1, "no limit"), None))
    log(asyncio.current_task().cancelling())

    task = loop.create_task(asyncio.sleep(100))
    try:
        await asyncio.wait_for(task, 1)
    except asyncio.TimeoutError:
        log(outcome(task))

    async def waits():
        await asyncio.wait_for(asyncio.sleep(100), 50)

    waiter = loop.create_task(waits())
    await asyncio.sleep(1)
    waiter.cancel("outside")
    await asyncio.wait([waiter])
    log(outcome(waiter))


@coroutine_scenario
async def timeout_states(log, loop):
    try:
        async with asyncio.timeout(5) as limit:
            log(f"{limit.expired()} {limit.when() - loop.time():.0f}")
            try:
                await asyncio.sleep(100)
            finally:
                log(f"expired {limit.expired()}")
    except asyncio.TimeoutError as error:
        log(f"TimeoutError from {type(error.__cause__).__name__} {limit.expired()}")
    log(asyncio.current_task().cancelling())
    async with asyncio.timeout(5) as limit:
        await asyncio.sleep(1)
    log(limit.expired())
    start = loop.time()
    try:
        async with asyncio.timeout(5) as limit:
            limit.reschedule(loop.time() + 20)
            await asyncio.sleep(100)
    except asyncio.TimeoutError:
        log(f"rescheduled {loop.time() - start:.0f}")
    async with asyncio.timeout(5) as limit:
        limit.reschedule(None)
        await asyncio.sleep(100)
        log("never")
    try:
        async with asyncio.timeout(0):
            log("the body runs up to its first await")
            await asyncio.sleep(0)
            log("never")
    except asyncio.TimeoutError:
        log("TimeoutError")
    async with asyncio.timeout(None) as limit:
        log(limit.when())
    for misuse in (lambda: limit.reschedule(1), lambda: asyncio.timeout(1).reschedule(1)):
        try:
            misuse()
        except RuntimeError:
            log("refused")
    try:
        async with limit:
            log("never")
    except RuntimeError:
        log("refused")


@coroutine_scenario
async def timeout_and_an_outside_cancel(log, loop):
    async def body():
        async with asyncio.timeout(5):
            await asyncio.sleep(100)

    task = loop.create_task(body())
    await asyncio.sleep(0)
    loop.call_at(5, task.cancel, "outside")
    await asyncio.wait([task])
    log(f"{outcome(task)} {task.cancelling()}")

    async def with_error():
        async with asyncio.timeout(1):
            try:
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                raise ValueError("mine")

    task = loop.create_task(with_error())
    await asyncio.wait([task])
    log(f"{outcome(task)} {task.cancelling()}")

    async def own_timeout_error():
        async with asyncio.timeout(100):
            raise asyncio.CancelledError("by hand")

    task = loop.create_task(own_timeout_error())
    await asyncio.wait([task])
    log(outcome(task))


@coroutine_scenario
async def nested_timeouts(log, loop):
    try:
        async with asyncio.timeout(5) as outer:
            try:
                async with asyncio.timeout(10) as inner:
                    await asyncio.sleep(100)
            finally:
                log(f"inner {inner.expired()} outer {outer.expired()}")
    except asyncio.TimeoutError:
        log(f"outer at {loop.time():.0f}")
    try:
        async with asyncio.timeout(20) as outer:
            try:
                async with asyncio.timeout(10) as inner:
                    await asyncio.sleep(100)
            except asyncio.TimeoutError:
                log(f"inner {inner.expired()} outer {outer.expired()}")
            await asyncio.sleep(100)
    except asyncio.TimeoutError:
        log(f"outer at {loop.time():.0f}")


# --- synchronisation -------------------------------------------------------------------------------------------------


@coroutine_scenario
async def lock_is_first_in_first_out(log, loop):
    lock = asyncio.Lock()

    async def worker(name):
        async with lock:
            log(f"{name} in")
            await asyncio.sleep(1)
            log(f"{name} out")

    tasks = [loop.create_task(worker(name)) for name in "abcd"]
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.wait(tasks)
    log(lock.locked())
    loop.call_soon(log, "a callback")
    await lock.acquire()
    log("uncontended acquire does not suspend")
    lock.release()
    try:
        lock.release()
    except RuntimeError as error:
        log(error)


@coroutine_scenario
async def a_newcomer_does_not_overtake_a_woken_lock_waiter(log, loop):
    lock = asyncio.Lock()
    await lock.acquire()

    async def worker(name):
        await lock.acquire()
        log(name)
        lock.release()

    waiting = loop.create_task(worker("waiting"))
    await asyncio.sleep(0)
    lock.release()
    log(lock.locked())
    await worker("newcomer")
    await waiting


@coroutine_scenario
async def a_lock_waiter_cancelled_after_its_wake_up_wakes_the_next(log, loop):
    lock = asyncio.Lock()
    await lock.acquire()

    async def worker(name):
        await lock.acquire()
        log(name)
        lock.release()

    first = loop.create_task(worker("first"))
    second = loop.create_task(worker("second"))
    await asyncio.sleep(0)
    lock.release()
    first.cancel()
    await asyncio.wait([first, second])
    log(f"{outcome(first)} {outcome(second)} {lock.locked()}")


@coroutine_scenario
async def semaphore_is_first_in_first_out(log, loop):
    semaphore = asyncio.Semaphore(2)

    async def worker(name, work):
        async with semaphore:
            log(f"{name} in at {loop.time():.0f}")
            await asyncio.sleep(work)

    await asyncio.gather(worker("a", 5), worker("b", 3), worker("c", 4), worker("d", 9), worker("e", 1))
    loop.call_soon(log, "a callback")
    await semaphore.acquire()
    log("uncontended acquire does not suspend")


@coroutine_scenario
async def the_semaphore_hands_its_permit_over_at_wake_up(log, loop):
    semaphore = asyncio.Semaphore(1)
    await semaphore.acquire()

    async def worker(name):
        await semaphore.acquire()
        log(name)
        semaphore.release()

    waiting = loop.create_task(worker("waiting"))
    await asyncio.sleep(0)
    semaphore.release()
    log(f"locked {semaphore.locked()}")
    newcomer = loop.create_task(worker("newcomer"))
    await waiting
    await newcomer
    log(f"locked {semaphore.locked()}")


@coroutine_scenario
async def a_semaphore_waiter_cancelled_after_its_wake_up_passes_the_permit_on(log, loop):
    semaphore = asyncio.Semaphore(1)
    await semaphore.acquire()

    async def worker(name):
        await semaphore.acquire()
        log(name)
        semaphore.release()

    first = loop.create_task(worker("first"))
    second = loop.create_task(worker("second"))
    await asyncio.sleep(0)
    semaphore.release()
    first.cancel()
    await asyncio.wait([first, second])
    log(f"{outcome(first)} {outcome(second)} {semaphore.locked()}")


@coroutine_scenario
async def newcomers_line_up_while_permits_are_handed_over(log, loop):
    semaphore = asyncio.Semaphore(0)

    async def worker(name):
        await semaphore.acquire()
        log(name)

    waiting = loop.create_task(worker("waiting"))
    await asyncio.sleep(0)
    semaphore.release()
    semaphore.release()
    log(f"locked {semaphore.locked()}")
    newcomer = loop.create_task(worker("newcomer"))
    await asyncio.wait([waiting, newcomer])
    log(f"locked {semaphore.locked()}")


# --- async with, async for -------------------------------------------------------------------------------------------


@coroutine_scenario
async def async_with_order(log, loop):
    class Manager:
        def __init__(self, suppress):
            self.suppress = suppress

        async def __aenter__(self):
            await asyncio.sleep(1)
            log("enter")
            return "value"

        async def __aexit__(self, kind, error, traceback):
            log(f"exit {'nothing' if error is None else name_of(error)}")
            await asyncio.sleep(1)
            log("exited")
            return self.suppress

    async with Manager(False) as value:
        log(value)
    async with Manager(True):
        raise ValueError("suppressed")
    try:
        async with Manager(False):
            raise ValueError("thrown")
    except ValueError as error:
        log(name_of(error))

    async def body():
        async with Manager(False):
            await asyncio.sleep(100)

    task = loop.create_task(body())
    await asyncio.sleep(5)
    task.cancel("stop")
    await asyncio.wait([task])
    log(outcome(task))


@coroutine_scenario
async def async_for_order(log, loop):
    class Countdown:
        def __init__(self, n):
            self.n = n

        def __aiter__(self):
            return self

        async def __anext__(self):
            if self.n == 0:
                raise StopAsyncIteration
            await asyncio.sleep(1)
            self.n -= 1
            return self.n + 1

    async for n in Countdown(3):
        log(n)
    async for n in Countdown(3):
        log(n)
        if n == 2:
            break
    try:
        async for n in Countdown(3):
            raise ValueError(f"at {n}")
    except ValueError as error:
        log(name_of(error))


@coroutine_scenario
async def messages_of_late_cancellations(log, loop):
    async def careful(name):
        try:
            await asyncio.sleep(50)
        except asyncio.CancelledError as error:
            log(f"{name} {name_of(error)}")
            raise

    # A cancelled gather takes the message of the child given last, not of the one done last.
    outer = asyncio.gather(careful("first"), asyncio.sleep(1), return_exceptions=True)
    await asyncio.sleep(5)
    outer.cancel("late")
    await asyncio.wait([outer])
    log(name_of(outer.exception()))
    outer = asyncio.gather(asyncio.sleep(1), careful("last"), return_exceptions=True)
    await asyncio.sleep(5)
    outer.cancel("late")
    await asyncio.wait([outer])
    log(name_of(outer.exception()))

    # A task asked to cancel just when a cancellation arrives out of what it awaits: the one that arrives comes first.
    child = asyncio.create_task(careful("child"))
    inner = asyncio.gather(child)

    async def waits():
        try:
            await inner
        except asyncio.CancelledError as error:
            log(f"waits {name_of(error)}")

    task = asyncio.create_task(waits())
    inner.add_done_callback(lambda _: task.cancel("own"))
    await asyncio.sleep(1)
    child.cancel("of the child")
    await asyncio.wait([task])
    log(f"{outcome(task)} {task.cancelling()}")


@coroutine_scenario
async def a_gather_that_throws_half_way(log, loop):
    first = loop.create_future()
    try:
        asyncio.gather(first, 5)
    except TypeError as error:
        log(type(error).__name__)
    log(f"{len(first._callbacks or [])} {outcome(first)}")
    first.set_exception(ValueError("nobody asks for it"))
    await asyncio.sleep(0)
    # Its callback has looked at the error, so that nobody is told of it later.
    log(f"{len(first._callbacks or [])} {not first._log_traceback}")
