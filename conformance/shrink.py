"""shrink.py SEED... | --file FAILURES.jsonl [--each-kind N]: makes failing programs small, and shows both traces."""
import sys, json, subprocess, copy, re, os, signal
import gen, interp

HERE = os.path.dirname(os.path.abspath(__file__))
class Ours:
    def __init__(self): self.start()
    def start(self):
        self.proc = subprocess.Popen(['node', os.path.join(HERE, 'serve.mjs')], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    def run(self, p):
        self.proc.stdin.write(json.dumps(p) + '\n'); self.proc.stdin.flush()
        return json.loads(self.proc.stdout.readline())
ours = Ours()
bare = lambda lines: [l.split(' ', 1)[1] for l in lines]

def difference(p):
    """(index, CPython's line, our line, CPython's trace, our trace), or None where they agree or the program is not valid."""
    try: lines, skip = interp.run(p)
    except Exception: return None
    if skip: return None
    a = ours.run(p)
    if a['skip']: return None
    for theirs, mine in ((lines, a['observed']), (bare(lines), bare(a['unobserved']))):
        for i in range(max(len(theirs), len(mine))):
            x, y = theirs[i] if i < len(theirs) else None, mine[i] if i < len(mine) else None
            if x != y: return i, x, y, theirs, mine
    return None

def kind(d):
    words = lambda l: re.sub(r'[\d]+', 'N', ' '.join((l or '- - - none').split(' ')[3:]))
    return words(d[1]) + ' <> ' + words(d[2])

def is_ops(x): return isinstance(x, list) and all(isinstance(o, list) and o and isinstance(o[0], str) for o in x)

def variants(x):
    """Smaller values in the place of x, boldest first: one change each."""
    if isinstance(x, dict):
        for k in ('main', 'cbs'):
            for v in variants(x[k]):
                if k == 'main' or len(v) == len(x[k]): yield {**x, k: v}
        return
    if isinstance(x, list):
        if is_ops(x):
            for n in (len(x) // 2, 1):
                if n: 
                    for i in range(0, len(x), n): yield x[:i] + x[i + n:]
            for i, o in enumerate(x):                    # an op gives way to the ops within
                for inner in o[1:]:
                    if is_ops(inner) and inner: yield x[:i] + inner + x[i + 1:]
                    if isinstance(inner, list) and inner and isinstance(inner[0], str) and o[0] in ('shield', 'task', 'aw', 'waitfor'):
                        yield x[:i] + [inner] + x[i + 1:]
        if x and isinstance(x[0], str):
            if x[0] in ('shield', 'task', 'aw', 'waitfor') and isinstance(x[1], list): yield x[1]
            if x[0] in ('gather', 'wait'):
                for inner in x[1]:
                    yield inner
            if x[0] in ('c', 's', 'f', 'task', 'gather', 'wait', 'waitfor', 'shield', 'acq', 'semacq') and x != ['sleep', 0, None]:
                yield ['sleep', 0, None]
            if x[0] == 'try' and x[3] is not None: yield x[:3] + [None]
            if x[0] == 'try':
                for i, h in enumerate(x[2]): yield x[:2] + [x[2][:i] + x[2][i + 1:]] + x[3:]
        for i, v in enumerate(x):
            for w in variants(v): yield x[:i] + [w] + x[i + 1:]
        return
    if isinstance(x, bool):
        if x: yield False
    elif isinstance(x, int):
        for n in (0, 1, 2):
            if abs(n) < abs(x): yield n
    elif isinstance(x, str) and re.fullmatch(r'[me]\d+', x):
        yield None

def shrink(p, keep_kind=True):
    d = difference(p)
    if d is None: return None
    k = kind(d)
    better = True
    while better:
        better = False
        for q in variants(p):
            e = difference(q)
            if e is not None and (not keep_kind or kind(e) == k):
                p, better = q, True
                break
    return p

def show(seed, p):
    d = difference(p)
    print(f'=== seed {seed}: {kind(d)}')
    print(json.dumps(p))
    print(f'--- first difference at line {d[0]}\n  CPython: {d[1]}\n  ours:    {d[2]}')
    print('--- CPython 3.13'); print(*d[3], sep='\n')
    print('--- ours'); print(*d[4], sep='\n', flush=True)

if __name__ == '__main__':
    args = sys.argv[1:]
    if args and args[0] == '--file':
        rows = [json.loads(l) for l in open(args[1])]
        seen = {}
        for row in rows:
            d = difference(row['p'])
            if d is None: print('agrees by now:', row['seed']); continue
            k = kind(d)
            seen[k] = seen.get(k, 0) + 1
            if seen[k] <= (int(args[3]) if len(args) > 3 else 1): show(row['seed'], shrink(row['p']))
        print(json.dumps(seen, indent=1))
    else:
        for seed in map(int, args):
            p = shrink(gen.program(seed))
            if p is None: print('agrees:', seed)
            else: show(seed, p)
