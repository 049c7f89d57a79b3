"""record.py COUNT SEED: of many programs from SEED on, the COUNT small ones that together try most things beside each other; a line {p, t} each to stdout."""
import collections, gc, itertools, json, sys
import gen, interp

LARGEST = 3000     # characters of program and trace
CANDIDATES = 5     # times as many as are wanted
OFTEN = 3          # how often each pair of things is wanted

def candidates(count, seed):
    gc.disable()
    found = []
    for seed in itertools.count(seed):
        p = gen.program(seed, small=True)
        lines, skip, seen = interp.run(p)
        row = json.dumps({'p': p, 't': lines}, separators=(',', ':'))
        if not skip and len(row) <= LARGEST: found.append((len(row), row, sorted(seen)))
        if seed % 100 == 0: gc.collect()
        if len(found) == count: return sorted(found)

def choose(found, count):
    """The smallest first that bring a pair of things not yet seen often; then whatever is left, the largest first."""
    pairs = collections.Counter()
    chosen, left = [], []
    for size, row, seen in found:
        own = list(itertools.combinations(seen, 2))
        if any(pairs[pair] < OFTEN for pair in own) and len(chosen) < count:
            pairs.update(own)
            chosen.append(row)
        else: left.append(row)
    print(f'{len(chosen)} programs for {len(pairs)} pairs, {OFTEN} times each where they occur', file=sys.stderr)
    return chosen + left[len(left) - (count - len(chosen)):] if len(chosen) < count else chosen

if __name__ == '__main__':
    count, seed = map(int, sys.argv[1:])
    for row in choose(candidates(count * CANDIDATES, seed), count): print(row)
