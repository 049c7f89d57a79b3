import asyncio


def expected(size):
    return list(range(size))


async def task(semaphore, number):
    async with semaphore:
        await asyncio.sleep(0)
        return number


async def main(size, clock):
    semaphore = asyncio.Semaphore(10)
    return await asyncio.gather(*[task(semaphore, number) for number in range(size)])
