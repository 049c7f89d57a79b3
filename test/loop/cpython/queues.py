"""Queues: first in first out, last in first out, by priority; shutting them down."""
import asyncio

from scenario import coroutine_scenario, outcome


def name(error):
    """The error's type: asyncio gives these no message."""
    return type(error).__name__


@coroutine_scenario
async def items_come_out_in_the_order_they_were_put(log, loop):
    queue = asyncio.Queue()
    log(f"{queue.qsize()} {queue.empty()} {queue.full()} {queue.maxsize}")
    loop.call_soon(log, "a callback")
    for item in "abc":
        await queue.put(item)
    log(f"{queue.qsize()} {queue.empty()} {queue.full()}")
    log([await queue.get() for _ in range(3)])
    log("neither put nor get suspended")


@coroutine_scenario
async def getters_get_items_in_the_order_they_asked(log, loop):
    queue = asyncio.Queue()

    async def getter(number):
        log(f"{number} got {await queue.get()}")

    tasks = [loop.create_task(getter(number)) for number in range(3)]
    await asyncio.sleep(1)
    queue.put_nowait("a")
    queue.put_nowait("b")
    log(queue.qsize())
    await asyncio.sleep(1)
    await queue.put("c")
    await asyncio.wait(tasks)


@coroutine_scenario
async def a_full_queue_makes_putters_wait_in_order(log, loop):
    queue = asyncio.Queue(2)

    async def putter(item):
        await queue.put(item)
        log(f"put {item} at {loop.time():.0f}")

    tasks = [loop.create_task(putter(item)) for item in "abcde"]
    await asyncio.sleep(1)
    log(f"{queue.full()} {queue.qsize()}")
    try:
        queue.put_nowait("x")
    except asyncio.QueueFull as error:
        log(name(error))
    for _ in range(5):
        log(f"got {queue.get_nowait()}")
        await asyncio.sleep(1)
    try:
        queue.get_nowait()
    except asyncio.QueueEmpty as error:
        log(name(error))
    await asyncio.wait(tasks)


@coroutine_scenario
async def a_newcomer_may_be_quicker_than_a_woken_getter_which_waits_on(log, loop):
    queue = asyncio.Queue()

    async def getter(number):
        log(f"{number} got {await queue.get()}")

    tasks = [loop.create_task(getter("first")), loop.create_task(getter("second"))]
    await asyncio.sleep(1)
    queue.put_nowait("a")
    log(f"quicker: {queue.get_nowait()}")
    await asyncio.sleep(1)
    log("the first has gone behind the second")
    queue.put_nowait("b")
    await asyncio.sleep(1)
    queue.put_nowait("c")
    await asyncio.wait(tasks)


@coroutine_scenario
async def a_newcomer_may_be_quicker_than_a_woken_putter_which_waits_on(log, loop):
    queue = asyncio.Queue(1)
    queue.put_nowait("full")

    async def putter(item):
        await queue.put(item)
        log(f"put {item}")

    tasks = [loop.create_task(putter("a")), loop.create_task(putter("b"))]
    await asyncio.sleep(1)
    log(queue.get_nowait())
    queue.put_nowait("quicker")
    await asyncio.sleep(1)
    for _ in range(3):
        log(queue.get_nowait())
        await asyncio.sleep(1)
    await asyncio.wait(tasks)


@coroutine_scenario
async def a_getter_cancelled_after_its_wake_up_wakes_the_next(log, loop):
    queue = asyncio.Queue()

    async def getter(number):
        log(f"{number} got {await queue.get()}")

    first, second, third = [loop.create_task(getter(number)) for number in (1, 2, 3)]
    await asyncio.sleep(1)
    queue.put_nowait("a")
    first.cancel()
    await asyncio.sleep(1)
    log(f"{outcome(first)} {outcome(second)} {queue.qsize()}")
    third.cancel()
    queue.put_nowait("b")
    await asyncio.sleep(1)
    log(f"{outcome(third)} {queue.qsize()}")


@coroutine_scenario
async def a_putter_cancelled_after_its_wake_up_wakes_the_next(log, loop):
    queue = asyncio.Queue(1)
    queue.put_nowait("full")

    async def putter(item):
        await queue.put(item)
        log(f"put {item}")

    first, second, third = [loop.create_task(putter(item)) for item in "abc"]
    await asyncio.sleep(1)
    log(queue.get_nowait())
    first.cancel()
    await asyncio.sleep(1)
    log(f"{outcome(first)} {outcome(second)} {queue.get_nowait()}")
    queue.put_nowait("taken before the third runs")
    third.cancel()
    await asyncio.sleep(1)
    log(f"{outcome(third)} {queue.qsize()} {queue.get_nowait()}")


@coroutine_scenario
async def waiters_cancelled_before_a_wake_up_are_passed_over(log, loop):
    queue = asyncio.Queue(1)

    async def getter(number):
        log(f"{number} got {await queue.get()}")

    async def putter(item):
        await queue.put(item)
        log(f"put {item}")

    getters = [loop.create_task(getter(number)) for number in range(4)]
    await asyncio.sleep(1)
    getters[0].cancel()
    getters[1].cancel()
    queue.put_nowait("a")
    await asyncio.sleep(1)
    await queue.put("b")
    await asyncio.wait(getters)
    queue.put_nowait("full")
    putters = [loop.create_task(putter(item)) for item in "cde"]
    await asyncio.sleep(1)
    putters[0].cancel()
    log(queue.get_nowait())
    await asyncio.sleep(1)
    log(queue.get_nowait())
    await asyncio.wait(putters)
    log(queue.get_nowait())


@coroutine_scenario
async def a_getter_woken_and_cancelled_with_nothing_left_wakes_nobody(log, loop):
    queue = asyncio.Queue()
    tasks = [loop.create_task(queue.get()) for _ in range(2)]
    await asyncio.sleep(1)
    queue.put_nowait("a")
    tasks[0].cancel()
    log(queue.get_nowait())
    await asyncio.sleep(1)
    log(f"{outcome(tasks[0])} {outcome(tasks[1])}")
    queue.put_nowait("b")
    log(await tasks[1])


@coroutine_scenario
async def join_waits_until_every_item_is_done(log, loop):
    queue = asyncio.Queue()
    loop.call_soon(log, "a callback")
    await queue.join()
    log("join with nothing put does not suspend")

    async def worker(number):
        while True:
            item = await queue.get()
            await asyncio.sleep(item)
            log(f"{number} done with {item} at {loop.time():.0f}")
            queue.task_done()

    for item in (3, 1, 4, 6):
        queue.put_nowait(item)
    workers = [loop.create_task(worker(number)) for number in range(2)]
    joiners = [loop.create_task(queue.join()) for _ in range(2)]
    await queue.join()
    log(f"joined at {loop.time():.0f}")
    await asyncio.wait(joiners)
    for task in workers:
        task.cancel()
    await asyncio.wait(workers)
    try:
        queue.task_done()
    except ValueError as error:
        log(str(error).replace("task_done", "taskDone"))


@coroutine_scenario
async def join_returns_even_if_something_is_put_before_its_step(log, loop):
    queue = asyncio.Queue()
    queue.put_nowait("a")
    joining = loop.create_task(queue.join())
    await asyncio.sleep(0)
    queue.get_nowait()
    queue.task_done()
    queue.put_nowait("b")
    await asyncio.sleep(0)
    log(outcome(joining))
    again = loop.create_task(queue.join())
    await asyncio.sleep(1)
    log(outcome(again))
    again.cancel()
    await asyncio.wait([again])


@coroutine_scenario
async def a_lifo_queue_gives_the_last_one_first(log, loop):
    queue = asyncio.LifoQueue(3)
    for item in (1, 3, 2):
        queue.put_nowait(item)
    log(queue.full())
    log([queue.get_nowait() for _ in range(3)])

    async def putter():
        for item in range(5):
            await queue.put(item)
            log(f"put {item}")

    task = loop.create_task(putter())
    await asyncio.sleep(1)
    while not queue.empty():
        log(await queue.get())
        await asyncio.sleep(1)
    await task


@coroutine_scenario
async def a_priority_queue_gives_the_smallest_first(log, loop):
    queue = asyncio.PriorityQueue()
    for item in (5, 1, 4, 1, 3, 10, 9, 2):
        await queue.put(item)
    log([await queue.get() for _ in range(8)])
    for item in ("pear", "apple", "Quince", "fig"):
        queue.put_nowait(item)
    log([queue.get_nowait() for _ in range(4)])
    for item in ((10, "b"), (9, "z"), (10, "a"), (10,), (9, "z", 0)):
        queue.put_nowait(item)
    log([queue.get_nowait() for _ in range(5)])


@coroutine_scenario
async def a_priority_queue_of_what_has_no_order_is_a_type_error(log, loop):
    queue = asyncio.PriorityQueue()
    for first, second in (({}, {}), (1, "a"), (None, 1), ((1, {"a": 1}), (1, {"b": 2})), ([1], 1)):
        queue = asyncio.PriorityQueue()
        queue.put_nowait(first)
        try:
            queue.put_nowait(second)
            log("put")
        except TypeError as error:
            log(name(error))
    same = {}
    queue = asyncio.PriorityQueue()
    queue.put_nowait((1, same, 5))
    queue.put_nowait((1, same, 3))
    log([queue.get_nowait()[2] for _ in range(2)])


@coroutine_scenario
async def an_item_put_while_a_priority_getter_is_woken_can_overtake(log, loop):
    queue = asyncio.PriorityQueue()
    task = loop.create_task(queue.get())
    await asyncio.sleep(1)
    queue.put_nowait(5)
    queue.put_nowait(1)
    log(await task)
    log(queue.get_nowait())


# --- shutdown --------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def a_queue_shut_down_is_drained_first(log, loop):
    queue = asyncio.Queue()
    for item in "ab":
        queue.put_nowait(item)
    queue.shutdown()
    for use in (lambda: queue.put_nowait("c"), queue.get_nowait, queue.get_nowait, queue.get_nowait):
        try:
            log(use())
        except asyncio.QueueShutDown as error:
            log(name(error))
    for use in (queue.put("c"), queue.get()):
        try:
            log(await use)
        except asyncio.QueueShutDown as error:
            log(name(error))
    joining = loop.create_task(queue.join())
    await asyncio.sleep(1)
    log(outcome(joining))
    queue.task_done()
    queue.task_done()
    await joining
    queue.shutdown()
    queue.shutdown(immediate=True)


@coroutine_scenario
async def waiting_getters_are_told_of_the_shutdown(log, loop):
    queue = asyncio.Queue()

    async def getter(number):
        try:
            log(f"{number} got {await queue.get()}")
        except asyncio.QueueShutDown as error:
            log(f"{number} {name(error)}")

    tasks = [loop.create_task(getter(number)) for number in range(3)]
    await asyncio.sleep(1)
    queue.put_nowait("the last")
    queue.shutdown()
    log("shut down")
    await asyncio.wait(tasks)


@coroutine_scenario
async def waiting_putters_are_told_of_the_shutdown(log, loop):
    queue = asyncio.Queue(1)
    queue.put_nowait("full")

    async def putter(item):
        try:
            await queue.put(item)
            log(f"put {item}")
        except asyncio.QueueShutDown as error:
            log(f"{item} {name(error)} {queue.qsize()}")

    tasks = [loop.create_task(putter(item)) for item in "ab"]
    await asyncio.sleep(1)
    queue.shutdown()
    await asyncio.wait(tasks)
    log(queue.get_nowait())


@coroutine_scenario
async def a_putter_woken_by_a_get_is_refused_when_the_shutdown_comes_first(log, loop):
    queue = asyncio.Queue(1)
    queue.put_nowait("full")

    async def putter(item):
        try:
            await queue.put(item)
            log(f"put {item}")
        except asyncio.QueueShutDown as error:
            log(f"{item} {name(error)}")

    tasks = [loop.create_task(putter(item)) for item in "ab"]
    await asyncio.sleep(1)
    log(queue.get_nowait())
    queue.shutdown()
    await asyncio.wait(tasks)
    log(queue.qsize())


@coroutine_scenario
async def an_immediate_shutdown_throws_the_items_away_and_counts_them_as_done(log, loop):
    queue = asyncio.Queue()
    for item in "abc":
        queue.put_nowait(item)
    log(queue.get_nowait())
    joining = loop.create_task(queue.join())
    await asyncio.sleep(1)
    queue.shutdown(immediate=True)
    log(f"{queue.qsize()} {queue.empty()}")
    try:
        queue.get_nowait()
    except asyncio.QueueShutDown as error:
        log(name(error))
    await asyncio.sleep(1)
    log(outcome(joining))
    queue.task_done()
    await asyncio.sleep(1)
    log(outcome(joining))
    try:
        queue.task_done()
    except ValueError as error:
        log(str(error).replace("task_done", "taskDone"))


@coroutine_scenario
async def an_immediate_shutdown_frees_who_joins(log, loop):
    queue = asyncio.Queue(2)

    async def putter():
        try:
            for item in range(9):
                await queue.put(item)
        except asyncio.QueueShutDown as error:
            log(f"putter {name(error)} at item {item}")

    async def joiner():
        await queue.join()
        log(f"joined {queue.qsize()}")

    putting = loop.create_task(putter())
    await asyncio.sleep(1)
    joining = loop.create_task(joiner())
    await asyncio.sleep(1)
    queue.shutdown(immediate=True)
    await asyncio.wait([putting, joining])


@coroutine_scenario
async def done_said_too_early_is_not_counted_twice_by_an_immediate_shutdown(log, loop):
    queue = asyncio.Queue()
    for item in "abc":
        queue.put_nowait(item)
    queue.task_done()
    queue.task_done()
    queue.shutdown(immediate=True)
    await queue.join()
    log("joined")
    try:
        queue.task_done()
    except ValueError as error:
        log(str(error).replace("task_done", "taskDone"))


@coroutine_scenario
async def waiters_cancelled_at_a_shutdown_are_cancelled(log, loop):
    queue = asyncio.Queue(1)
    getters = [loop.create_task(queue.get()) for _ in range(3)]
    await asyncio.sleep(1)
    getters[0].cancel()
    queue.shutdown()
    getters[1].cancel()
    await asyncio.wait(getters)
    for task in getters:
        log("cancelled" if task.cancelled() else name(task.exception()))


# --- as text ---------------------------------------------------------------------------------------------------------


@coroutine_scenario
async def queues_as_text(log, loop):
    queue = asyncio.Queue()
    log(queue)
    task = loop.create_task(queue.get())
    await asyncio.sleep(1)
    log(queue)
    task.cancel()
    await asyncio.wait([task])
    queue = asyncio.LifoQueue(2)
    queue.put_nowait(1)
    queue.put_nowait(2)
    tasks = [loop.create_task(queue.put(3)), loop.create_task(queue.put(4))]
    await asyncio.sleep(1)
    log(str(queue).replace("[1, 2]", "[ 1, 2 ]"))
    queue.shutdown()
    await asyncio.wait(tasks)
    log(str(queue).replace("[1, 2]", "[ 1, 2 ]"))
    log([name(task.exception()) for task in tasks])
    log(asyncio.PriorityQueue(5))
