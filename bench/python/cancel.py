import asyncio


def expected(size):
    return size


async def main(size, clock):
    tasks = [asyncio.create_task(asyncio.sleep(600)) for _ in range(size)]
    await asyncio.sleep(0.001)
    clock.start()
    for task in tasks:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    return sum(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
