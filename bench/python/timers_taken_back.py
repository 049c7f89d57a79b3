import asyncio


def expected(size):
    return size


async def main(size, clock):
    loop = asyncio.get_running_loop()
    timers = [loop.call_later(600 + (1 + i % 10) / 1000, print) for i in range(size)]
    for timer in timers:
        timer.cancel()
    await asyncio.sleep(0)
    clock.stop()
    return sum(timer.cancelled() for timer in timers)
