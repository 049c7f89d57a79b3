import asyncio

TASKS = 100


def expected(asked):
    return [asked["size"] // TASKS] * TASKS


async def task(level, times):
    if level > 1:
        return await task(level - 1, times)
    for _ in range(times):
        await asyncio.sleep(0)
    return times


async def main(asked, clock):
    return await asyncio.gather(*[task(asked["depth"], asked["size"] // TASKS) for _ in range(TASKS)])
