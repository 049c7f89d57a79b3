"""Plays one row on asyncio: for each line on stdin, a size as JSON, one round; answers with its ms on stdout.

python play.py MODULE [uvloop]. MODULE has `main(arguments, clock)`, a coroutine function, and `expected(arguments)`.
"""
import asyncio
import gc
import importlib
import json
import platform
import sys
import time


class Clock:
    """What comes before `start()` was preparation, what comes behind `stop()` looks at the result; neither counts."""

    stopped = None

    def start(self):
        self.started = time.perf_counter()

    def stop(self):
        self.stopped = self.stopped or time.perf_counter()


def play(row, arguments, loop_factory):
    clock = Clock()
    gc.collect()
    clock.start()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        result = runner.run(row.main(arguments, clock))
    clock.stop()
    took = (clock.stopped - clock.started) * 1000
    expected = row.expected(arguments)
    assert result == expected, f"wrong result: expected {str(expected)[:200]}, got {str(result)[:200]}"
    return took


def main():
    row = importlib.import_module(sys.argv[1])
    runs_on, loop_factory = f"CPython {platform.python_version()}", None
    if "uvloop" in sys.argv[2:]:
        import uvloop

        runs_on, loop_factory = f"{uvloop.__version__}, {runs_on}", uvloop.new_event_loop
    print(json.dumps({"runsOn": getattr(row, "RUNS_ON", "") + runs_on}), flush=True)
    for line in sys.stdin:
        print(json.dumps({"ms": play(row, json.loads(line), loop_factory)}), flush=True)


main()
