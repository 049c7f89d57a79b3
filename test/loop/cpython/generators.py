"""Asynchronous generators: how they begin, go on, end, are closed, cancelled, and shut down with their loop."""
import asyncio
import contextlib
import gc
import warnings

from scenario import coroutine_scenario, name_of, outcome, scenario


def told(error):
    """An error under the names of the other side."""
    return name_of(error).replace("RuntimeError", "LoopError").replace("__anext__", "anext")


async def attempt(log, label, awaitable):
    try:
        log(f"{label} {await awaitable}")
    except BaseException as error:
        cause = "" if error.__cause__ is None else f" from {name_of(error.__cause__)}"
        log(f"{label}: {told(error)}{cause}")


async def awaiting(awaitable):
    return await awaitable


# --- values ----------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def generator_steps_in_the_task_that_asks(log, loop):
    async def numbers():
        log(f"begun in {asyncio.current_task().get_name()}")
        for n in (1, 2):
            await asyncio.sleep(1)
            yield n
            log(f"asked again in {asyncio.current_task().get_name()}")

    async def other():
        for step in range(4):
            log(f"other {step}")
            await asyncio.sleep(0)

    asyncio.current_task().set_name("main")
    generator = numbers()
    log(generator.__aiter__() is generator)
    task = asyncio.create_task(other(), name="other")
    await attempt(log, "first", generator.__anext__())
    second = asyncio.create_task(awaiting(generator.__anext__()), name="second")
    await attempt(log, "second", second)
    await attempt(log, "third", generator.__anext__())
    await attempt(log, "fourth", generator.__anext__())
    await task


@coroutine_scenario
async def a_value_that_is_there_does_not_suspend(log, loop):
    async def numbers():
        yield 1
        yield 2

    loop.call_soon(log, "an iteration later")
    generator = numbers()
    await attempt(log, "value", generator.__anext__())
    await attempt(log, "value", generator.__anext__())
    await attempt(log, "end", generator.__anext__())
    log("before the iteration is over")
    await asyncio.sleep(0)


@coroutine_scenario
async def what_asend_sends_is_what_emit_returns(log, loop):
    async def echo():
        got = None
        while got != "stop":
            got = yield f"got {got}"
            await asyncio.sleep(1)

    generator = echo()
    await attempt(log, "asend to a fresh one", generator.asend("early"))
    await attempt(log, "asend of nothing", generator.asend(None))
    await attempt(log, "asend", generator.asend("a"))
    await attempt(log, "anext", generator.__anext__())
    await attempt(log, "asend stop", generator.asend("stop"))
    await attempt(log, "asend after the end", generator.asend("b"))


@coroutine_scenario
async def athrow_arrives_at_the_emit(log, loop):
    async def body():
        try:
            yield 1
        except KeyError as error:
            await asyncio.sleep(1)
            yield f"caught {type(error).__name__}"
        try:
            yield 2
        except ValueError:
            return

    generator = body()
    await attempt(log, "anext", generator.__anext__())
    await attempt(log, "athrow", generator.athrow(KeyError()))
    await attempt(log, "anext", generator.__anext__())
    await attempt(log, "athrow", generator.athrow(ValueError("no")))
    generator = body()
    await attempt(log, "anext", generator.__anext__())
    await attempt(log, "athrow", generator.athrow(ValueError("not caught")))
    await attempt(log, "anext", generator.__anext__())


# --- ends ------------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def every_method_after_the_end(log, loop):
    async def one():
        yield 1

    for end in ("returned", "closed", "thrown"):
        generator = one()
        await attempt(log, end, generator.__anext__())
        if end == "returned":
            await attempt(log, end, generator.__anext__())
        elif end == "closed":
            await attempt(log, end, generator.aclose())
        else:
            await attempt(log, end, generator.athrow(ValueError("thrown")))
        await attempt(log, "anext", generator.__anext__())
        await attempt(log, "asend", generator.asend(1))
        await attempt(log, "athrow", generator.athrow(ValueError("x")))
        await attempt(log, "aclose", generator.aclose())


@coroutine_scenario
async def every_method_on_a_fresh_one(log, loop):
    async def one():
        log("begun")
        yield 1

    for label, start in {
        "aclose": lambda generator: generator.aclose(),
        "athrow": lambda generator: generator.athrow(ValueError("x")),
        "athrow exit": lambda generator: generator.athrow(GeneratorExit()),
        "athrow stop": lambda generator: generator.athrow(StopAsyncIteration()),
        "asend": lambda generator: generator.asend(1),
    }.items():
        generator = one()
        await attempt(log, label, start(generator))
        await attempt(log, f"anext after {label}", generator.__anext__())


@coroutine_scenario
async def a_body_that_raises(log, loop):
    async def raises(error):
        yield 1
        raise error

    async def raises_at_once(error):
        if error is not None:
            raise error
        yield 1

    async def raises_when_closed(error):
        try:
            yield 1
        finally:
            await asyncio.sleep(1)
            raise error

    for error in (ValueError("own"), StopAsyncIteration("own"), GeneratorExit("own"), asyncio.CancelledError("own")):
        generator = raises(error)
        await generator.__anext__()
        await attempt(log, "anext", generator.__anext__())
        await attempt(log, "again", generator.__anext__())
        await attempt(log, "at once", raises_at_once(error).__anext__())
        generator = raises_when_closed(error)
        await generator.__anext__()
        await attempt(log, "aclose", generator.aclose())


@coroutine_scenario
async def aclose_waits_for_the_cleanup(log, loop):
    async def body():
        try:
            yield 1
        except BaseException as error:
            log(type(error).__name__)
            raise
        finally:
            await asyncio.sleep(2)
            log(f"cleaned up at {loop.time():.0f}")

    generator = body()
    await generator.__anext__()
    await attempt(log, "aclose", generator.aclose())
    log(f"{loop.time():.0f}")

    async def returns():
        try:
            yield 1
        except GeneratorExit:
            await asyncio.sleep(1)

    generator = returns()
    await generator.__anext__()
    await attempt(log, "aclose", generator.aclose())


@coroutine_scenario
async def a_body_that_ignores_generator_exit(log, loop):
    async def stubborn():
        while True:
            try:
                yield 1
            except GeneratorExit:
                await asyncio.sleep(1)
                yield "again"
                return

    generator = stubborn()
    await attempt(log, "anext", generator.__anext__())
    await attempt(log, "aclose", generator.aclose())
    await attempt(log, "aclose", generator.aclose())
    await attempt(log, "athrow", generator.athrow(ValueError("x")))
    await attempt(log, "asend", generator.asend(5))
    await attempt(log, "aclose", generator.aclose())


@coroutine_scenario
async def two_at_once_are_refused(log, loop):
    async def slow():
        await asyncio.sleep(1)
        yield 1
        await asyncio.sleep(1)
        yield 2

    for label, second in {
        "anext": lambda generator: generator.__anext__(),
        "asend": lambda generator: generator.asend(1),
        "athrow": lambda generator: generator.athrow(ValueError("x")),
        "aclose": lambda generator: generator.aclose(),
    }.items():
        generator = slow()
        first = asyncio.create_task(awaiting(generator.__anext__()))
        await asyncio.sleep(0)
        awaitable = second(generator)
        await attempt(log, label, awaitable)
        await attempt(log, f"{label} twice", awaitable)
        await attempt(log, "first", first)
        await attempt(log, "then", generator.__anext__())
        await generator.aclose()

    async def itself():
        await attempt(log, "from within", generator.__anext__())
        yield "from within"

    generator = itself()
    await attempt(log, "anext", generator.__anext__())
    await attempt(log, "aclose", generator.aclose())


@coroutine_scenario
async def an_anext_is_awaited_once(log, loop):
    async def one():
        yield 1
        yield 2

    generator = one()
    for label, awaitable in {"anext": generator.__anext__(), "asend": generator.asend(None), "aclose": generator.aclose()}.items():
        await attempt(log, label, awaitable)
        await attempt(log, f"{label} twice", awaitable)


# --- cancellation ----------------------------------------------------------------------------------------------------


@coroutine_scenario
async def a_cancellation_arrives_at_the_await_in_the_body(log, loop):
    async def body():
        try:
            yield 1
            await asyncio.sleep(100)
        except asyncio.CancelledError as error:
            log(f"body: {name_of(error)}")
            await asyncio.sleep(2)
            raise
        finally:
            log(f"left at {loop.time():.0f}")

    async def iterate(generator):
        async for value in generator:
            log(value)

    generator = body()
    task = asyncio.create_task(iterate(generator))
    await asyncio.sleep(5)
    task.cancel("stop")
    await asyncio.wait([task])
    log(outcome(task))
    await attempt(log, "anext", generator.__anext__())


@coroutine_scenario
async def a_body_may_answer_a_cancellation_with_a_value(log, loop):
    async def body():
        for n in range(3):
            try:
                await asyncio.sleep(10)
                yield n
            except asyncio.CancelledError:
                yield f"cancelled {n}"

    generator = body()
    task = asyncio.create_task(awaiting(generator.__anext__()))
    await asyncio.sleep(5)
    task.cancel()
    await asyncio.wait([task])
    log(outcome(task))
    log(task.cancelling())
    await attempt(log, "anext", generator.__anext__())
    await attempt(log, "aclose", generator.aclose())


@coroutine_scenario
async def an_aclose_can_be_cancelled(log, loop):
    async def body():
        try:
            yield 1
        finally:
            try:
                await asyncio.sleep(100)
            finally:
                await asyncio.sleep(1)
                log("inner finally")

    generator = body()
    await generator.__anext__()
    task = asyncio.create_task(awaiting(generator.aclose()))
    await asyncio.sleep(5)
    task.cancel("stop")
    await asyncio.wait([task])
    log(outcome(task))
    await attempt(log, "aclose", generator.aclose())


@coroutine_scenario
async def generators_that_iterate_over_generators(log, loop):
    async def inner():
        try:
            for n in range(10):
                await asyncio.sleep(1)
                yield n
        except BaseException as error:
            log(f"inner: {name_of(error)}")
            raise
        finally:
            await asyncio.sleep(1)
            log("inner left")

    async def doubled():
        async with contextlib.aclosing(inner()) as numbers:
            async for n in numbers:
                yield 2 * n

    async def consume():
        async with contextlib.aclosing(doubled()) as numbers:
            async for n in numbers:
                log(n)
                if n == 4:
                    break
        log(f"consumed at {loop.time():.0f}")

    await consume()

    async def endless():
        async with contextlib.aclosing(doubled()) as numbers:
            async for n in numbers:
                log(n)

    task = asyncio.create_task(endless())
    await asyncio.sleep(2.5)
    task.cancel("stop")
    await asyncio.wait([task])
    log(outcome(task))


@coroutine_scenario
async def a_timeout_inside_of_a_generator(log, loop):
    async def body():
        try:
            async with asyncio.timeout(3):
                yield 1
                await asyncio.sleep(10)
        except TimeoutError:
            yield "timed out"

    generator = body()
    await attempt(log, "anext", generator.__anext__())
    await attempt(log, "anext", generator.__anext__())
    log(f"{loop.time():.0f}")
    await attempt(log, "anext", generator.__anext__())


# --- closing with the loop -------------------------------------------------------------------------------------------


def told_of(log, loop):
    """Reports in words that both sides have."""
    loop.set_exception_handler(
        lambda _, context: log(f"{context['message'].split(' <')[0]}: {told(context['exception'])} {'asyncgen' in context}")
    )


@scenario
def shutdown_closes_what_was_begun(log, loop):
    told_of(log, loop)
    kept = []

    async def body(name, cleanup, error=None):
        try:
            yield name
            yield "end"
        finally:
            log(f"{name} closing")
            await asyncio.sleep(cleanup)
            log(f"{name} closed at {loop.time():.0f}")
            if error is not None:
                raise error

    async def stubborn():
        try:
            yield "stubborn"
        except GeneratorExit:
            yield "again"

    async def main():
        kept.append(body("one", 3))
        await kept[-1].__anext__()
        kept.append(body("fresh", 1))
        kept.append(body("ended", 1))
        async for _ in kept[-1]:
            pass
        log("main left")

    async def failing():
        kept[:] = [body("failing", 2, ValueError("no"))]
        await kept[-1].__anext__()

    async def ignoring():
        kept[:] = [stubborn()]
        await kept[-1].__anext__()

    loop.run_until_complete(main())
    loop.run_until_complete(loop.shutdown_asyncgens())
    log(f"shut down at {loop.time():.0f}")
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop._asyncgens_shutdown_called = False
    loop.run_until_complete(failing())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop._asyncgens_shutdown_called = False
    loop.run_until_complete(ignoring())
    loop.run_until_complete(loop.shutdown_asyncgens())


@coroutine_scenario
async def shutdown_with_one_that_runs(log, loop):
    told_of(log, loop)

    async def slow():
        await asyncio.sleep(5)
        yield 1
        log("asked again")

    generator = slow()
    task = asyncio.create_task(awaiting(generator.__anext__()))
    await asyncio.sleep(1)
    await loop.shutdown_asyncgens()
    await attempt(log, "anext", task)
    await attempt(log, "anext", generator.__anext__())


@coroutine_scenario
async def begun_after_the_shutdown(log, loop):
    async def one():
        yield 1

    await loop.shutdown_asyncgens()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async for value in one():
            log(value)
    log([warning.category.__name__ for warning in caught])


@coroutine_scenario
async def a_dropped_generator_is_closed(log, loop):
    async def body():
        try:
            yield 1
        finally:
            await asyncio.sleep(1)
            log("closed")

    generator = body()
    await attempt(log, "anext", generator.__anext__())
    del generator
    gc.collect()
    log("dropped")
    await asyncio.sleep(5)
