"""What CPython's asyncio does, scenario by scenario: the reference of the tests in test/loop.

    python3.13 test/loop/cpython/record.py [MODULE...] && npx biome format --write test/loop/cpython

Each module beside this one holds scenarios, and has a file of traces of the same name; all are recorded unless some are
named. A scenario logs a trace; the test of the same name must log the same. It runs on asyncio's own loop in virtual
time, so that traces do not depend on the machine.
"""
import asyncio
import importlib
import json
import pathlib
import re
import sys

import scenario

here = pathlib.Path(__file__).parent


def text_of(entry):
    text = json.dumps(entry, separators=(",", ":")) if isinstance(entry, list) else str(entry)
    return re.sub(r"\b(True|False|None)\b", lambda match: {"True": "true", "False": "false", "None": "null"}[match[0]], text)


def record(module):
    scenario.scenarios.clear()
    importlib.import_module(module)
    traces = {}
    for name, run in scenario.scenarios.items():
        trace = traces[name] = []
        loop = scenario.VirtualLoop()
        loop.set_exception_handler(lambda _, context: trace.append(f"REPORTED {context}"))
        run(lambda entry: trace.append(text_of(entry)), loop)
        loop.close()
        asyncio.set_event_loop(None)
    (here / f"{module}.json").write_text(json.dumps(traces, indent=2) + "\n")


modules = sorted(path.stem for path in here.glob("*.py") if path.stem not in ("record", "scenario"))
for module in sys.argv[1:] or modules:
    record(module)
