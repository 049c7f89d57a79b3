import asyncio


def expected(size):
    return size * (size - 1) // 2


async def produces(queue, size):
    for i in range(size):
        await queue.put(i)


async def consumes(queue, size):
    total = 0
    for _ in range(size):
        total += await queue.get()
    return total


async def main(size, clock):
    queue = asyncio.Queue(10)
    _, total = await asyncio.gather(produces(queue, size), consumes(queue, size))
    return total
