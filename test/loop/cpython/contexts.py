"""Context variables: whose value is seen where. Tasks that start eagerly, and task factories."""
import asyncio
import contextvars

from scenario import coroutine_scenario, name_of, outcome, scenario


def value_of(variable):
    try:
        return variable.get()
    except LookupError:
        return "nothing"


@coroutine_scenario
async def a_task_has_its_own_copy_of_the_context(log, loop):
    variable = contextvars.ContextVar("variable")

    async def child(name):
        log(f"{name} starts with {value_of(variable)}")
        variable.set(name)
        await asyncio.sleep(1)
        log(f"{name} still has {value_of(variable)}")

    first = asyncio.create_task(child("first"))
    variable.set("parent")
    second = asyncio.create_task(child("second"))
    await first
    await second
    log(f"parent has {value_of(variable)}")
    await child("called")
    log(f"parent has {value_of(variable)}")
    log(f"{first.get_context()[variable]} {second.get_context()[variable]}")


@coroutine_scenario
async def a_callback_sees_the_context_of_whoever_scheduled_it(log, loop):
    variable = contextvars.ContextVar("variable", default="default")
    future = loop.create_future()

    def callback(name):
        log(f"{name} sees {variable.get()}")
        variable.set(f"set by {name}")
        loop.call_soon(lambda: log(f"after {name} {variable.get()}"))

    variable.set("one")
    loop.call_soon(callback, "soon")
    loop.call_later(1, callback, "later")
    future.add_done_callback(lambda _: callback("done"))
    variable.set("two")
    own = contextvars.Context()
    future.add_done_callback(lambda _: callback("in a context"), context=own)
    future.add_done_callback(lambda _: callback("in it again"), context=own)
    future.set_result(None)
    await asyncio.sleep(3)
    log(f"we see {variable.get()}, the context has {own[variable]}")


@coroutine_scenario
async def tasks_may_share_a_context(log, loop):
    variable = contextvars.ContextVar("variable", default=0)
    shared = contextvars.copy_context()

    async def child(name):
        for _ in range(2):
            variable.set(variable.get() + 1)
            log(f"{name} {variable.get()}")
            await asyncio.sleep(0)

    await asyncio.gather(
        asyncio.create_task(child("a"), context=shared), asyncio.create_task(child("b"), context=shared), child("c")
    )
    log(f"{shared[variable]} {variable.get()}")


@scenario
def tokens_and_contexts(log, loop):
    def attempt(what, call):
        try:
            log(f"{what} {call()}")
        except (LookupError, ValueError, RuntimeError) as error:
            log(f"{what} {type(error).__name__}")

    plain = contextvars.ContextVar("plain")
    other = contextvars.ContextVar("other", default=5)
    attempt("no value", plain.get)
    attempt("default", other.get)
    attempt("fallback before default", lambda: other.get(6))
    first = plain.set(1)
    log(first.old_value is contextvars.Token.MISSING)
    second = plain.set(2)
    log(second.old_value)
    attempt("of another variable", lambda: other.reset(second))
    plain.reset(second)
    log(plain.get())
    attempt("twice", lambda: plain.reset(second))
    context = contextvars.copy_context()
    attempt("in another context", lambda: context.run(plain.reset, first))
    plain.reset(first)
    attempt("no value", plain.get)
    log(f"{len(context)} {context[plain]} {other in context} {context.get(other)} {context.get(other, 7)}")
    copy = context.copy()
    context.run(plain.set, 3)
    log(f"{context[plain]} {copy[plain]}")
    attempt("entered twice", lambda: context.run(context.run, log, "never"))
    attempt("after it", lambda: context.run(plain.get))


@scenario
def the_exception_handler_runs_in_the_context_of_what_failed(log, loop):
    variable = contextvars.ContextVar("variable", default="default")
    loop.set_exception_handler(lambda _, context: log(f"{name_of(context['exception'])} {variable.get()}"))

    def fails(value):
        variable.set(value)
        raise ValueError(value)

    variable.set("outside")
    loop.call_soon(fails, "a")
    loop.call_later(1, fails, "b")
    loop.call_later(2, loop.stop)
    loop.run_forever()
    log(variable.get())


@coroutine_scenario
async def an_eager_task_runs_its_first_step_at_once(log, loop):
    async def child(name, *delays):
        log(f"{name} runs in a task of its own: {asyncio.current_task() is not me}")
        for delay in delays:
            await asyncio.sleep(delay)
            log(f"{name} after {delay}")
        return name

    loop.set_task_factory(asyncio.eager_task_factory)
    me = asyncio.current_task()
    a = loop.create_task(child("a"), name="A")
    log(f"{outcome(a)} {asyncio.current_task() is me}")
    b = loop.create_task(child("b", 0, 2), name="B")
    log(f"{outcome(b)} {b in asyncio.all_tasks()} {a in asyncio.all_tasks()}")
    log(await b)
    loop.set_task_factory(None)
    c = loop.create_task(child("c"), name="C")
    log(outcome(c))
    log(await c)
    log(outcome(asyncio.Task(child("d"), loop=loop, eager_start=True, name="D")))


@coroutine_scenario
async def gather_of_eager_tasks(log, loop):
    async def child(value, delay):
        if delay is not None:
            await asyncio.sleep(delay)
        return value

    loop.set_task_factory(asyncio.eager_task_factory)
    done = asyncio.gather(child(1, None), child(2, None))
    log(f"{outcome(done)}")
    some = asyncio.gather(child(1, None), child(2, 3))
    log(f"{outcome(some)}")
    log(f"{await some}")

    async def fails():
        raise ValueError("at once")

    failed = asyncio.gather(fails(), child(2, 3))
    log(outcome(failed))


@coroutine_scenario
async def eager_tasks_and_cancellation(log, loop):
    loop.set_task_factory(asyncio.eager_task_factory)

    async def cancels_itself(delay):
        asyncio.current_task().cancel("own")
        log("asked")
        if delay is not None:
            await asyncio.sleep(delay)
        return "returned"

    for delay in (None, 0, 1):
        task = loop.create_task(cancels_itself(delay))
        log(f"{outcome(task)} {task.cancelling()}")
        await asyncio.wait([task])
        log(outcome(task))

    async def waits(future):
        try:
            await future
        except asyncio.CancelledError as error:
            log(name_of(error))
            raise

    future = loop.create_future()
    task = loop.create_task(waits(future))
    task.cancel("at once")
    log(f"{future.cancelled()}")
    await asyncio.wait([task])
    log(outcome(task))


@coroutine_scenario
async def the_context_of_an_eager_task(log, loop):
    variable = contextvars.ContextVar("variable", default=0)
    loop.set_task_factory(asyncio.eager_task_factory)

    async def child():
        variable.set(variable.get() + 1)
        log(f"child {variable.get()}")
        await asyncio.sleep(1)
        log(f"child {variable.get()}")

    variable.set(10)
    task = loop.create_task(child())
    log(f"parent {variable.get()}")
    variable.set(20)
    await task
    log(f"parent {variable.get()} task {task.get_context()[variable]}")


@scenario
def a_task_factory_makes_every_task(log, loop):
    def factory(loop, coro, **options):
        log(f"factory {coro.__name__}")
        return asyncio.Task(coro, loop=loop, **options)

    async def child(value):
        return value

    async def main():
        log(await asyncio.create_task(child("created"), name="named"))
        log(await asyncio.ensure_future(child("ensured")))
        log(list(await asyncio.gather(child("a"), child("b"))))
        async with asyncio.TaskGroup() as group:
            group.create_task(child("in a group"))

    loop.set_task_factory(factory)
    log(loop.get_task_factory() is factory)
    loop.run_until_complete(main())
