"""What scenarios are made of: asyncio's own loop in virtual time, the two decorators, and outcomes as text.

One "second" here is one millisecond there. No two timers may be due at the same moment, since CPython leaves their order
open.
"""
import asyncio
import selectors


class VirtualSelector(selectors.SelectSelector):
    """Nothing is in flight: waiting for the next timer only moves the clock."""

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("deadlock")
        self.loop.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self.now = 0.0
        selector = VirtualSelector()
        selector.loop = self
        super().__init__(selector)
        self._clock_resolution = 1e-6

    def time(self):
        return round(self.now, 3)


scenarios = {}


def scenario(function):
    """A function of (log, loop), run as it is."""
    scenarios[function.__name__.replace("_", " ")] = function
    return function


def coroutine_scenario(function):
    """A coroutine function of (log, loop), run until complete."""

    def run(log, loop):
        loop.run_until_complete(function(log, loop))

    scenarios[function.__name__.replace("_", " ")] = run
    return function


async def fails(error):
    raise error


async def fails_after(delay, error):
    await asyncio.sleep(delay)
    raise error


def outcome(future):
    if not future.done():
        return "pending"
    if future.cancelled():
        return "cancelled"
    if future.exception() is not None:
        return f"raised {type(future.exception()).__name__} {future.exception()}".rstrip()
    return f"returned {future.result()}"


def name_of(error):
    return f"{type(error).__name__} {error}".rstrip()
