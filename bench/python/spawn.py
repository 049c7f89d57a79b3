import asyncio


def expected(size):
    return list(range(size))


async def task(number):
    await asyncio.sleep(0)
    return number


async def main(size, clock):
    return await asyncio.gather(*map(task, range(size)))
