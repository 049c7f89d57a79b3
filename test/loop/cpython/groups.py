"""Task groups, exception groups, and timeouts around them."""
import asyncio

from scenario import coroutine_scenario, name_of, outcome, scenario


class InOrder(dict):
    """A set of tasks in the order in which they came. asyncio's has none, and its own order changes from run to run."""

    def add(self, task):
        self[task] = None

    def discard(self, task):
        self.pop(task, None)


class TaskGroup(asyncio.TaskGroup):
    def __init__(self):
        super().__init__()
        self._tasks = InOrder()


def tree(error):
    if isinstance(error, BaseExceptionGroup):
        return f"{error} [{', '.join(map(tree, error.exceptions))}]"
    return name_of(error)


async def ticks(count):
    for _ in range(count):
        await asyncio.sleep(0)


async def child(log, name, count, *, cleanup=0, error=None, late=None):
    try:
        await ticks(count)
    except asyncio.CancelledError:
        log(f"{name} cancelled")
        await ticks(cleanup)
        if late is not None:
            raise late from None
        raise
    log(f"{name} done")
    if error is not None:
        raise error


async def caught(log, block):
    """Runs a block that may raise a group, and tells what is left of it: the count of requests, and the next await."""
    me = asyncio.current_task()
    try:
        await block()
        log("left")
    except ExceptionGroup as error:
        log(tree(error))
    except asyncio.CancelledError as error:
        log(f"left by {name_of(error)}, cancelling {me.cancelling()}")
        raise
    log(f"cancelling {me.cancelling()}")
    await ticks(1)
    log("went on")


# --- ways out --------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def a_group_is_left_when_its_last_task_is_done(log, loop):
    group = TaskGroup()
    log(repr(group))
    async with group as entered:
        log(entered is group)
        first = group.create_task(child(log, "first", 3), name="first")
        second = group.create_task(asyncio.sleep(5, "second"))
        log(f"{first.get_name()} {second.get_name()}")
        log(repr(group))
        await asyncio.sleep(0)
        log("body done")
    log(f"{outcome(first)} {outcome(second)} at {loop.time():.0f}")
    log(repr(group))
    async with TaskGroup() as empty:
        log("nothing to wait for")
    log(repr(empty))


@coroutine_scenario
async def the_first_error_cancels_the_siblings_and_the_body(log, loop):
    group = TaskGroup()
    try:
        async with group:
            for name, count in (("a", 9), ("b", 9)):
                group.create_task(child(log, name, count, cleanup=2))
            group.create_task(child(log, "fails", 2, error=ValueError("first")))
            try:
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                log(f"body cancelled, {group!r}, cancelling {asyncio.current_task().cancelling()}")
                raise
    except ExceptionGroup as error:
        log(tree(error))
        log(f"{error.__cause__} {type(error).__name__}")
    log(f"{group!r} cancelling {asyncio.current_task().cancelling()}")
    await asyncio.sleep(1)
    log("goes on")


@coroutine_scenario
async def errors_come_in_the_order_in_which_tasks_are_done(log, loop):
    async def block():
        async with TaskGroup() as group:
            group.create_task(child(log, "late", 9, cleanup=4, late=LookupError("late")))
            group.create_task(child(log, "quick", 9, late=TypeError("quick")))
            group.create_task(child(log, "first", 1, error=ValueError("first")))
            group.create_task(child(log, "same tick", 1, error=ValueError("same tick")))
            await asyncio.sleep(100)

    await caught(log, block)


@coroutine_scenario
async def an_error_of_the_body_comes_last(log, loop):
    async def block(cleanup, late):
        async with TaskGroup() as group:
            group.create_task(child(log, "a", 9, cleanup=cleanup, late=late))
            await asyncio.sleep(0)
            raise ValueError("body")

    await caught(log, lambda: block(0, None))
    await caught(log, lambda: block(3, None))
    await caught(log, lambda: block(3, TypeError("late")))


@coroutine_scenario
async def an_error_of_the_body_before_tasks_start(log, loop):
    async def block():
        async with TaskGroup() as group:
            group.create_task(child(log, "never starts", 1))
            raise ValueError("body")

    await caught(log, block)


@coroutine_scenario
async def an_error_in_the_tick_in_which_the_body_fails(log, loop):
    async def block(count):
        async with TaskGroup() as group:
            group.create_task(child(log, "a", count, error=TypeError("a")))
            await ticks(3)
            raise ValueError("body")

    for count in range(5):
        log(f"after {count}")
        await caught(log, lambda: block(count))


@coroutine_scenario
async def a_body_that_goes_on_after_its_cancellation_is_told_in_the_end(log, loop):
    async def block():
        async with TaskGroup() as group:
            group.create_task(child(log, "a", 1, error=ValueError("a")))
            try:
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                log("refused")
            await ticks(3)
            log("body done")

    await caught(log, block)


@coroutine_scenario
async def an_error_while_the_body_is_over(log, loop):
    async def block():
        async with TaskGroup() as group:
            group.create_task(child(log, "a", 9, cleanup=3))
            group.create_task(child(log, "b", 4, error=ValueError("b")))
            log("body done")

    await caught(log, block)


@coroutine_scenario
async def an_error_that_the_body_caught_is_told_all_the_same(log, loop):
    async def block():
        async with TaskGroup() as group:
            failed = group.create_task(child(log, "a", 1, error=ValueError("a")))
            try:
                await failed
            except ValueError:
                log("caught, and yet")

    await caught(log, block)


# --- cancelled tasks -------------------------------------------------------------------------------------------------


@coroutine_scenario
async def a_cancelled_task_is_no_error(log, loop):
    async def gives_up():
        raise asyncio.CancelledError("by itself")

    async def block():
        async with TaskGroup() as group:
            cancelled = group.create_task(child(log, "cancelled", 9))
            by_itself = group.create_task(gives_up())
            sibling = group.create_task(child(log, "sibling", 5))
            await ticks(2)
            cancelled.cancel()
        log(f"{outcome(cancelled)} {outcome(by_itself)} {outcome(sibling)}")

    await caught(log, block)


@coroutine_scenario
async def a_body_that_awaits_a_cancelled_task_is_cancelled(log, loop):
    async def block():
        async with TaskGroup() as group:
            cancelled = group.create_task(asyncio.sleep(100))
            group.create_task(child(log, "sibling", 5))
            await ticks(1)
            cancelled.cancel("mine")
            await cancelled

    task = asyncio.create_task(caught(log, block))
    await asyncio.wait([task])
    log(f"{outcome(task)} {task.cancelling()}")


@coroutine_scenario
async def a_cancelled_task_that_fails_is_an_error(log, loop):
    async def block():
        async with TaskGroup() as group:
            task = group.create_task(child(log, "a", 9, late=ValueError("late")))
            group.create_task(child(log, "sibling", 9))
            await ticks(1)
            task.cancel()
            await ticks(5)

    await caught(log, block)


# --- cancelled from outside ------------------------------------------------------------------------------------------


async def quiet(log):
    async with TaskGroup() as group:
        group.create_task(child(log, "a", 3, cleanup=1))
        group.create_task(child(log, "b", 6))
        await ticks(2)
        log("body done")


async def failing(log):
    async with TaskGroup() as group:
        group.create_task(child(log, "a", 9, cleanup=3))
        group.create_task(child(log, "b", 2, error=ValueError("b")))
        await child(log, "body", 9, cleanup=1)


async def failing_late(log):
    async with TaskGroup() as group:
        group.create_task(child(log, "a", 9, cleanup=3, late=TypeError("a")))
        group.create_task(child(log, "b", 4, error=ValueError("b")))
        log("body done")


async def nested(log):
    async with TaskGroup() as outer:
        outer.create_task(child(log, "outer", 9, cleanup=2))
        try:
            async with TaskGroup() as inner:
                inner.create_task(child(log, "inner", 9, cleanup=2))
                inner.create_task(child(log, "fails", 2, error=ValueError("inner")))
                await ticks(9)
        except ExceptionGroup as error:
            log(f"between: {tree(error)} {asyncio.current_task().cancelling()}")
        await ticks(2)
        log("outer body done")


async def nested_failing(log):
    async with TaskGroup() as outer:
        outer.create_task(child(log, "outer", 3, error=TypeError("outer")))
        async with TaskGroup() as inner:
            inner.create_task(child(log, "inner", 9, cleanup=3, late=LookupError("late")))
            inner.create_task(child(log, "fails", 2, error=ValueError("inner")))
            await ticks(9)


async def at_every_moment(log, program):
    for before, requests in ((False, 1), (True, 1), (False, 2)):
        for moment in range(14):
            log(f"before {before} requests {requests} moment {moment}")

            async def cancels():
                await ticks(moment)
                for number in range(requests):
                    task.cancel(f"request {number}")
                    await ticks(1)

            canceller = asyncio.create_task(cancels()) if before else None
            task = asyncio.create_task(caught(log, lambda: program(log)))
            await asyncio.wait([task, canceller or asyncio.create_task(cancels())])
            log(f"{outcome(task)} {task.cancelling()}")


@coroutine_scenario
async def a_quiet_group_cancelled_at_every_moment(log, loop):
    await at_every_moment(log, quiet)


@coroutine_scenario
async def a_failing_group_cancelled_at_every_moment(log, loop):
    await at_every_moment(log, failing)


@coroutine_scenario
async def a_group_that_fails_late_cancelled_at_every_moment(log, loop):
    await at_every_moment(log, failing_late)


@coroutine_scenario
async def nested_groups_cancelled_at_every_moment(log, loop):
    await at_every_moment(log, nested)


@coroutine_scenario
async def nested_groups_that_fail_cancelled_at_every_moment(log, loop):
    await at_every_moment(log, nested_failing)


@coroutine_scenario
async def a_cancellation_that_the_body_swallowed_is_gone(log, loop):
    async def block():
        async with TaskGroup() as group:
            group.create_task(child(log, "a", 6))
            try:
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                log("swallowed")

    task = asyncio.create_task(caught(log, block))
    await ticks(2)
    task.cancel()
    await asyncio.wait([task])
    log(f"{outcome(task)} {task.cancelling()}")


@coroutine_scenario
async def a_request_older_than_the_group_stays_counted(log, loop):
    async def block():
        me = asyncio.current_task()
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            log(f"swallowed, cancelling {me.cancelling()}")
        await caught(log, lambda: quiet(log))
        await caught(log, lambda: failing(log))

    task = asyncio.create_task(block())
    await ticks(2)
    task.cancel("old")
    await asyncio.wait([task])
    log(f"{outcome(task)} {task.cancelling()}")


# --- tasks added -----------------------------------------------------------------------------------------------------


@coroutine_scenario
async def tasks_may_add_tasks_until_the_last_is_done(log, loop):
    group = TaskGroup()

    async def adds(depth):
        await ticks(2)
        log(f"depth {depth} {group!r}")
        if depth < 3:
            group.create_task(adds(depth + 1))

    async with group:
        group.create_task(adds(0))
    log(repr(group))


async def refused(log, group):
    coroutine = asyncio.sleep(1)
    try:
        group.create_task(coroutine)
        log("taken")
    except RuntimeError as error:
        log(str(error))


@coroutine_scenario
async def a_group_takes_tasks_only_while_it_is_entered_and_does_not_abort(log, loop):
    group = TaskGroup()
    await refused(log, group)

    async def tries():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            await refused(log, group)
            raise

    try:
        async with group:
            group.create_task(tries())
            group.create_task(child(log, "fails", 1, error=ValueError("first")))
            try:
                await asyncio.sleep(100)
            finally:
                await refused(log, group)
    except ExceptionGroup as error:
        log(tree(error))
    await refused(log, group)
    try:
        async with group:
            log("never")
    except RuntimeError as error:
        log(str(error))
    ended = TaskGroup()
    async with ended:
        pass
    await refused(log, ended)


@coroutine_scenario
async def a_task_added_in_the_tick_of_the_error(log, loop):
    async def block(count):
        async with TaskGroup() as group:
            group.create_task(child(log, "fails", 2, error=ValueError("fails")))

            async def adds():
                await ticks(count)
                group.create_task(child(log, "added", 9))

            group.create_task(adds())
            await ticks(9)

    for count in range(6):
        log(f"after {count}")
        await caught(log, lambda: block(count))


@scenario
def a_group_outside_of_a_task(log, loop):
    def callback():
        try:
            TaskGroup().__aenter__().send(None)
        except RuntimeError as error:
            log(str(error))
        loop.stop()

    loop.call_soon(callback)
    loop.run_forever()


@coroutine_scenario
async def a_group_entered_by_one_task_serves_others(log, loop):
    group = TaskGroup()

    async def other():
        await ticks(1)
        group.create_task(child(log, "added from outside", 2, error=ValueError("added")))

    async def block():
        async with group:
            group.create_task(child(log, "own", 9))
            await ticks(9)

    outside = asyncio.create_task(other())
    await caught(log, block)
    log(outcome(outside))


# --- eager tasks -----------------------------------------------------------------------------------------------------


@coroutine_scenario
async def eager_tasks_in_a_group(log, loop):
    loop.set_task_factory(asyncio.eager_task_factory)

    async def at_once(name, error=None):
        log(f"{name} runs")
        if error is not None:
            raise error
        return name

    async def quick():
        async with TaskGroup() as group:
            task = group.create_task(at_once("a"))
            log(f"{outcome(task)} {group!r}")
            group.create_task(child(log, "b", 3))
            log(repr(group))

    async def failing():
        async with TaskGroup() as group:
            group.create_task(child(log, "a", 9, cleanup=1))
            task = group.create_task(at_once("b", ValueError("b")))
            log(f"{outcome(task)} {group!r} cancelling {asyncio.current_task().cancelling()}")
            try:
                group.create_task(child(log, "c", 1))
            except RuntimeError as error:
                log(str(error))
            await ticks(1)
            log("never")

    async def growing():
        async with TaskGroup() as group:

            async def adds(depth):
                await ticks(1)
                if depth < 3:
                    group.create_task(adds(depth + 1))
                    group.create_task(at_once(f"at depth {depth}"))

            group.create_task(adds(0))

    async def cancels():
        async with TaskGroup() as group:
            me = asyncio.current_task()

            async def cancels_the_body():
                me.cancel("from inside")
                await child(log, "canceller", 3)

            group.create_task(child(log, "a", 9))
            group.create_task(cancels_the_body())
            log("goes on")
            await ticks(1)
            log("never")

    for block in (quick, failing, growing):
        await caught(log, block)
    task = asyncio.create_task(caught(log, cancels))
    await asyncio.wait([task])
    log(f"{outcome(task)} {task.cancelling()}")


# --- nested ----------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def an_error_goes_through_nested_groups(log, loop):
    async def block():
        async with TaskGroup() as outer:
            outer.create_task(child(log, "outer", 9, cleanup=1))
            async with TaskGroup() as inner:
                inner.create_task(child(log, "inner", 1, error=ValueError("inner")))

    await caught(log, block)


@coroutine_scenario
async def an_error_of_the_outer_group_cancels_the_inner_one(log, loop):
    async def block(late):
        async with TaskGroup() as outer:
            outer.create_task(child(log, "outer", 2, error=ValueError("outer")))
            async with TaskGroup() as inner:
                inner.create_task(child(log, "inner", 9, cleanup=2, late=late))
                await ticks(9)

    await caught(log, lambda: block(None))
    await caught(log, lambda: block(TypeError("inner")))


@coroutine_scenario
async def groups_fail_in_every_order(log, loop):
    async def block(outer_count, inner_count):
        async with TaskGroup() as outer:
            outer.create_task(child(log, "outer", outer_count, error=ValueError("outer")))
            try:
                async with TaskGroup() as inner:
                    inner.create_task(child(log, "inner", inner_count, error=TypeError("inner")))
                    inner.create_task(child(log, "sibling", 9, cleanup=2))
                    await ticks(9)
            finally:
                log(f"between, cancelling {asyncio.current_task().cancelling()}")

    for outer_count in range(5):
        for inner_count in range(5):
            log(f"{outer_count} {inner_count}")
            await caught(log, lambda: block(outer_count, inner_count))


@coroutine_scenario
async def a_group_in_a_task_of_a_group(log, loop):
    async def inside():
        async with TaskGroup() as inner:
            inner.create_task(child(log, "inner a", 1, error=ValueError("inner a")))
            inner.create_task(child(log, "inner b", 9, cleanup=1, late=LookupError("inner b")))

    async def block():
        async with TaskGroup() as outer:
            outer.create_task(inside())
            outer.create_task(inside())
            outer.create_task(child(log, "outer", 9, cleanup=1))

    await caught(log, block)


# --- with timeouts and other combinators -----------------------------------------------------------------------------


@coroutine_scenario
async def a_timeout_around_a_group(log, loop):
    me = asyncio.current_task()

    async def sleeper(name, cleanup, late=None):
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(cleanup)
            log(f"{name} ends at {loop.time():.0f}")
            if late is not None:
                raise late

    try:
        async with asyncio.timeout(10):
            async with TaskGroup() as group:
                group.create_task(sleeper("a", 2))
                group.create_task(sleeper("b", 3))
    except TimeoutError:
        log(f"timed out at {loop.time():.0f}, cancelling {me.cancelling()}")
    limit = asyncio.timeout(10)
    try:
        async with limit:
            async with TaskGroup() as group:
                group.create_task(sleeper("a", 2, ValueError("late")))
                group.create_task(sleeper("b", 3))
    except ExceptionGroup as error:
        log(f"{tree(error)} at {loop.time():.0f}, expired {limit.expired()}, cancelling {me.cancelling()}")
    await asyncio.sleep(1)
    log("goes on")


@coroutine_scenario
async def a_timeout_inside_a_group(log, loop):
    async def block(delay):
        async with TaskGroup() as group:
            group.create_task(child(log, "sibling", 5, cleanup=1))
            async with asyncio.timeout(delay):
                await asyncio.sleep(20)

    await caught(log, lambda: block(0))
    await caught(log, lambda: block(5))


@coroutine_scenario
async def a_group_failing_in_the_moment_of_its_timeout(log, loop):
    async def block(limit, gate):
        async with limit:
            async with TaskGroup() as group:
                group.create_task(behind(gate))
                await asyncio.sleep(1000)

    async def behind(gate):
        await gate
        raise ValueError("child")

    for error_first in (False, True):
        for gap in range(4):
            limit, gate = asyncio.timeout(None), loop.create_future()
            task = asyncio.create_task(caught(log, lambda: block(limit, gate)))
            await ticks(2)
            steps = [lambda: limit.reschedule(0), lambda: gate.set_result(None)]
            if error_first:
                steps.reverse()
            log(f"error first {error_first} gap {gap}")
            for step in steps:
                try:
                    step()
                except RuntimeError as error:
                    log(str(error))
                except asyncio.InvalidStateError:
                    log("the gate is shut for ever")
                await ticks(gap)
            await asyncio.wait([task])
            log(f"{outcome(task)} {limit.expired()} {task.cancelling()}")


@coroutine_scenario
async def a_group_inside_gather_and_shield(log, loop):
    async def block():
        async with TaskGroup() as group:
            group.create_task(child(log, "a", 9, cleanup=2))
            group.create_task(child(log, "b", 3, error=ValueError("b")))

    results = await asyncio.gather(block(), child(log, "other", 6), return_exceptions=True)
    log([tree(result) if isinstance(result, BaseException) else result for result in results])
    inner = asyncio.create_task(block())
    outer = asyncio.shield(inner)
    await ticks(1)
    outer.cancel()
    await asyncio.wait([inner])
    log(tree(inner.exception()))


@coroutine_scenario
async def gather_listens_before_it_starts_the_next(log, loop):
    loop.set_task_factory(asyncio.eager_task_factory)
    future = loop.create_future()

    def shown(gathered):
        return outcome(gathered) if gathered.exception() else gathered.result()

    async def settles(how):
        how()
        return "settled it"

    for how in (lambda: future.set_result("a"), lambda: future.set_exception(ValueError("a")), lambda: future.cancel()):
        future = loop.create_future()
        gathered = asyncio.gather(future, settles(how), asyncio.sleep(1, "slow"))
        log(gathered.done())
        await asyncio.wait([gathered])
        log(shown(gathered))
    future = loop.create_future()
    future.set_result("done before")
    gathered = asyncio.gather(future, settles(lambda: log("runs")), future)
    log(shown(gathered))


@coroutine_scenario
async def a_group_in_an_asynchronous_generator_that_is_closed(log, loop):
    async def numbers(count):
        try:
            async with TaskGroup() as group:
                group.create_task(child(log, "a", count, cleanup=1))
                await ticks(3)
                yield 1
        finally:
            log("ended")

    for count in (9, 1):
        generator = numbers(count)
        log(await anext(generator))
        try:
            await generator.aclose()
        except BaseExceptionGroup as error:
            log(tree(error))


# --- errors that leave the run ---------------------------------------------------------------------------------------


def interrupted(log, loop, main):
    task = loop.create_task(main)
    while not task.done():
        try:
            loop.run_until_complete(task)
        except KeyboardInterrupt:
            log("the run is left")
        except BaseException as error:
            log(tree(error))
    log("cancelled" if task.cancelled() else type(task.exception()).__name__)


@scenario
def an_interrupt_in_a_task_comes_out_bare(log, loop):
    async def main():
        async with TaskGroup() as group:
            group.create_task(child(log, "a", 9, cleanup=2, late=ValueError("lost")))
            group.create_task(child(log, "interrupted", 2, error=KeyboardInterrupt()))
            await child(log, "body", 9)

    interrupted(log, loop, main())


@scenario
def an_interrupt_in_the_body_comes_out_bare(log, loop):
    async def main():
        async with TaskGroup() as group:
            group.create_task(child(log, "a", 9, cleanup=2, late=ValueError("lost")))
            await ticks(2)
            raise KeyboardInterrupt

    interrupted(log, loop, main())


@scenario
def an_interrupt_after_an_error_comes_out_bare(log, loop):
    async def main():
        async with TaskGroup() as group:
            group.create_task(child(log, "a", 9, cleanup=1, late=KeyboardInterrupt()))
            group.create_task(child(log, "b", 1, error=ValueError("lost")))
            await child(log, "body", 9)

    interrupted(log, loop, main())


# --- exception groups ------------------------------------------------------------------------------------------------


def show(error):
    return "nothing" if error is None else tree(error)


@scenario
def exception_groups_split(log, loop):
    group = ExceptionGroup(
        "outer",
        [
            ValueError("a"),
            ExceptionGroup("inner", [TypeError("b"), ValueError("c"), ExceptionGroup("deep", [TypeError("d")])]),
            LookupError(),
        ],
    )
    log(str(group))
    for kinds in ((ValueError,), (TypeError,), (LookupError, TypeError), (OSError,), (Exception,)):
        meant, others = group.split(kinds)
        log(show(meant))
        log(show(others))
        log(show(group.subgroup(kinds)))
        log(f"{meant is group} {others is group}")
    log(show(group.subgroup(lambda error: isinstance(error, ExceptionGroup) and error.message == "inner")))
    log(show(group.split(lambda error: isinstance(error, ExceptionGroup) and error.message == "inner")[1]))


# --- timeouts --------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def a_timeout_as_text(log, loop):
    limit = asyncio.timeout(1.5)
    log(repr(limit))
    async with limit:
        log(repr(limit))
        limit.reschedule(3.45678)
        log(repr(limit))
    log(repr(limit))
    limit = asyncio.timeout(0)
    try:
        async with limit:
            try:
                await asyncio.sleep(100)
            finally:
                log(repr(limit))
    except TimeoutError:
        log(repr(limit))


@coroutine_scenario
async def a_timeout_at_a_time_of_the_loop(log, loop):
    await asyncio.sleep(5)
    limit = asyncio.timeout_at(7)
    log(f"{limit.when()} {limit.expired()}")
    try:
        async with limit:
            await asyncio.sleep(100)
    except TimeoutError:
        log(f"timed out at {loop.time():.0f} {limit.expired()}")
    try:
        async with asyncio.timeout_at(3):
            log("the past: up to the first await")
            await asyncio.sleep(0)
            log("never")
    except TimeoutError:
        log(f"timed out at {loop.time():.0f}")
    async with asyncio.timeout_at(None) as never:
        await asyncio.sleep(5)
    log(f"{never.when()} {never.expired()}")


def chain(error):
    names = []
    while error is not None:
        names.append(type(error).__name__)
        error = error.__context__
    return " from ".join(names)


@coroutine_scenario
async def an_error_that_a_timeout_led_to_says_so(log, loop):
    async def one():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError as cancelled:
            raise ValueError("one") from cancelled

    async def two():
        try:
            await one()
        except ValueError as error:
            raise TypeError("two") from error

    async def group():
        async with TaskGroup() as group:
            group.create_task(one())
            group.create_task(two())

    for block in (one, two):
        try:
            async with asyncio.timeout(1):
                await block()
        except Exception as error:
            log(chain(error))
    try:
        async with asyncio.timeout(1):
            await group()
    except ExceptionGroup as error:
        for inner in error.exceptions:
            log(chain(inner))
    task = asyncio.create_task(one())
    await ticks(1)
    task.cancel()
    await asyncio.wait([task])
    log(chain(task.exception()))
    try:
        async with asyncio.timeout(1):
            raise ValueError("before") from asyncio.CancelledError()
    except ValueError as error:
        log(f"{type(error).__name__} from {type(error.__cause__).__name__}")
