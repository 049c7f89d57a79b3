import asyncio


def expected(hits):
    return [2 * hits - 2, 2 * hits - 1]


async def player(table, side, hits):
    loop = asyncio.get_running_loop()
    ball = 0
    for _ in range(hits):
        ball = await table[side]
        table[side] = loop.create_future()
        table[1 - side].set_result(ball + 1)
    return ball


async def main(hits, clock):
    loop = asyncio.get_running_loop()
    table = [loop.create_future(), loop.create_future()]
    table[0].set_result(0)
    return await asyncio.gather(player(table, 0, hits), player(table, 1, hits))
