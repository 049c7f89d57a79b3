import asyncio

step = 0


def share(size):
    tasks = min(1000, size)
    return tasks, size // tasks


def expected(size):
    tasks, steps = share(size)
    return [tasks * (steps - 1) + i + 1 for i in range(tasks)]


async def task(steps):
    global step
    for _ in range(steps):
        await asyncio.sleep(0)
        step += 1
    return step


async def main(size, clock):
    global step
    tasks, steps = share(size)
    step = 0
    return await asyncio.gather(*[task(steps) for _ in range(tasks)])
