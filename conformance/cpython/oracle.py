"""CPython 3.13's own asyncio, in virtual time, with everything that it leaves to chance made certain. README.md lists what is patched.

FUZZ_IMPL=py (default) blocks the C accelerator, so that Lib/asyncio itself runs; FUZZ_IMPL=c uses _asyncio.
"""
import os, sys, warnings
if os.environ.get('FUZZ_IMPL', 'py') == 'py':
    sys.modules['_asyncio'] = None
import asyncio, collections, inspect, logging, types
from asyncio import base_events, events, taskgroups, tasks
if sys.version_info[:2] != (3, 13): sys.exit(f'the oracle is CPython 3.13, this is {sys.version.split()[0]}')
warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)
sys.unraisablehook = lambda *a: None

# --- timers that tie are FIFO -----------------------------------------------------------------
_seq = 0
class SeqTimer(events.TimerHandle):
    __slots__ = ('_seq',)
    def __init__(self, *a, **k):
        global _seq
        super().__init__(*a, **k)
        _seq += 1
        self._seq = _seq
    def __lt__(self, other):
        return (self._when, self._seq) < (other._when, other._seq)
    __hash__ = events.TimerHandle.__hash__
events.TimerHandle = SeqTimer

# --- sets keep insertion order ----------------------------------------------------------------
class OSet:
    def __init__(self, items=()): self.d = dict.fromkeys(items)
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
    def add(self, x): self.d[x] = None
    def remove(self, x): del self.d[x]
    def discard(self, x): self.d.pop(x, None)
    def clear(self): self.d.clear()
tasks.set = taskgroups.set = OSet
_src = inspect.getsource(tasks._AsCompletedIterator.__init__)
_old = '{ensure_future(aw, loop=loop) for aw in set(aws)}'
assert _old in _src
exec(inspect.cleandoc('\n' + _src.replace(_old, 'set([ensure_future(aw, loop=loop) for aw in set(aws)])').replace('    def __init__', 'def __init__').replace('\n    ', '\n')), tasks.__dict__)
tasks._AsCompletedIterator.__init__ = tasks.__dict__.pop('__init__')

class TaskGroup(taskgroups.TaskGroup):
    """As in Python 3.15: a group that aborts within the first step of an eager task, which is not its member yet, cancels that as well."""
    def create_task(self, coro, **options):
        task = super().create_task(coro, **options)
        if self._aborting and not task.done(): task.cancel()
        return task
asyncio.TaskGroup = TaskGroup

# --- tasks are numbered per loop, and never vanish --------------------------------------------
class TooDeep(BaseException):
    """Cancels itself round a ring for ever, or never ends: skipped."""

class NumberedTask(asyncio.Task):
    """Knows its number from the start (an eager one runs before its constructor returns). Tasks that await each other in a ring cancel each other for ever: such a program is skipped."""
    def __init__(self, coro, *, loop=None, name=None, context=None, eager_start=False):
        loop = loop or asyncio.get_event_loop()
        loop.tasks.append(self)
        self.number = len(loop.tasks)
        if name is None:
            loop.unnamed += 1
            name = f'Task-{loop.unnamed}'
        super().__init__(coro, loop=loop, name=name, context=context, eager_start=eager_start)
    def cancel(self, msg=None):
        loop = self._loop
        loop.cancels += 1
        if loop.cancels > 20000 or loop.depth > 60:
            loop.too_deep = True
            raise TooDeep
        loop.depth += 1
        try: return super().cancel(msg)
        finally: loop.depth -= 1
tasks.Task = asyncio.Task = NumberedTask
asyncio.eager_task_factory = asyncio.create_eager_task_factory(NumberedTask)

def all_tasks(loop):
    return sorted(asyncio.all_tasks(loop), key=lambda task: task.number)

# --- a selector event loop without sockets: select() advances a fake clock ---------------------
class DeadlockError(Exception): pass

class CountingDeque(collections.deque):
    """_run_once() asks len() of its ready queue exactly once an iteration: when it fixes the batch."""
    iterations = 0
    def __bool__(self): return super().__len__() > 0
    def __len__(self):
        n = super().__len__()
        if n: self.iterations += 1
        return n

class VirtualLoop(base_events.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0
        self._clock_resolution = 1e-9
        self._selector = self
        self._ready = CountingDeque()
        self._asyncgens = OSet()
        self.tasks = []
        self.unnamed = self.cancels = self.depth = 0
        self.too_deep = False
    def time(self): return self.now
    def select(self, timeout):
        if timeout is None: raise DeadlockError('deadlock')
        self.now += timeout
        if self._ready.iterations > 2000: raise TooDeep
        return ()
    def create_task(self, coro, *, name=None, context=None):
        # A task factory is told the name, as since 3.13.3; before, unnamed tasks came out as "None", and eager ones ran before they had their name.
        self._check_closed()
        return (self._task_factory or self.plain_task)(self, coro, name=name, **({} if context is None else {'context': context}))
    @staticmethod
    def plain_task(loop, coro, **options): return NumberedTask(coro, loop=loop, **options)
    async def shutdown_asyncgens(self):
        # Those that have ended are in the loop's WeakSet only if somebody still refers to them.
        self._asyncgens = OSet(ag for ag in self._asyncgens if ag.ag_frame is not None)
        await super().shutdown_asyncgens()
    def _process_events(self, events): pass
    def _write_to_self(self): pass

def fresh_loop():
    """A loop with nobody else's tasks in all_tasks()."""
    tasks._scheduled_tasks, tasks._eager_tasks = OSet(), OSet()
    return VirtualLoop()

@types.coroutine
def bad_yield():
    yield 42

class Boom(Exception): pass
class Bang(Exception): pass
ERRORS = {'Boom': Boom, 'Bang': Bang, 'CancelledError': asyncio.CancelledError, 'TimeoutError': TimeoutError, 'KeyboardInterrupt': KeyboardInterrupt}
# What the same errors are called on the other side.
PLAIN = {'RuntimeError': 'LoopError', 'ValueError': 'RangeError', 'AttributeError': 'TypeError', 'LookupError': 'ReferenceError'}

def make_error(name, message):
    return ERRORS[name](message) if message is not None else ERRORS[name]()
