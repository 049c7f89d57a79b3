def expected(size):
    return size * (size - 1) // 2


async def numbers(size):
    for i in range(size):
        yield i


async def main(size, clock):
    total = 0
    async for number in numbers(size):
        total += number
    return total
