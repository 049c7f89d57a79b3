"""Every public name of CPython's asyncio and contextvars, for the completeness of docs/asyncio.md.

    python3.13 test/docs/asyncio_names.py > test/docs/asyncio-names.json
"""
import asyncio
import contextvars
import inspect
import json

CLASSES = [
    "Future", "Task", "Handle", "TimerHandle", "Lock", "Event", "Condition", "Semaphore", "BoundedSemaphore", "Barrier",
    "Queue", "TaskGroup", "Timeout", "Runner", "StreamReader", "StreamWriter", "Server",
]


def own_names(kind, inherited=()):
    """Public names, without those of the classes it is made of."""
    known = {name for base in inherited for name in dir(base)} | set(dir(object))
    return [f"{kind.__name__}.{name}" for name in dir(kind) if not name.startswith("_") and name not in known]


names = [f"asyncio.{name}" for name in asyncio.__all__ if not name.startswith("_")]
names += [f"loop.{name}" for name in dir(asyncio.AbstractEventLoop) if not name.startswith("_")]
names += ["loop.slow_callback_duration"]
for name in CLASSES:
    kind = getattr(asyncio, name)
    names += own_names(kind, [base for base in inspect.getmro(kind)[1:] if base.__module__.startswith("asyncio") or base is asyncio.Future])
names += [f"contextvars.{name}" for name in contextvars.__all__]
for name in ("Context", "ContextVar", "Token"):
    names += own_names(getattr(contextvars, name))
print(json.dumps(sorted(set(names)), indent=2))
