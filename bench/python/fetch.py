import asyncio

import aiohttp

RUNS_ON = f"{aiohttp.__version__}, "


def expected(asked):
    return asked["size"] * asked["bytes"]


async def get(session, semaphore, url):
    async with semaphore:
        async with session.get(url) as response:
            assert response.status == 200
            return len(await response.read())


async def main(asked, clock):
    semaphore = asyncio.Semaphore(asked["concurrency"])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        urls = [f"{asked['url']}/{i}" for i in range(asked["size"])]
        return sum(await asyncio.gather(*[get(session, semaphore, url) for url in urls]))
