import asyncio


def expected(size):
    return list(range(size))


async def task(number):
    return await asyncio.sleep((1 + number % 10) / 1000, number)


async def main(size, clock):
    return await asyncio.gather(*map(task, range(size)))
