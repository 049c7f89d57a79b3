"""Reads ranges of seeds ("FROM TO" a line) and runs their programs on CPython: a line {seed, p, t, skip} for each to stdout, and at the end of a range
{programs, seen}: how many programs were not skipped, and in how many of them each thing was executed."""
import gc, json, sys
import gen, interp
gc.disable()
out = sys.stdout
for line in sys.stdin:
    first, last = map(int, line.split())
    interp.stats.clear()
    kept = 0
    for seed in range(first, last):
        p = gen.program(seed)
        lines, skip, _ = interp.run(p)
        kept += not skip
        out.write(json.dumps({'seed': seed, 'p': p, 't': lines, 'skip': skip}, separators=(',', ':')) + '\n')
        if seed % 100 == 0: gc.collect()
    out.write(json.dumps({'programs': kept, 'seen': interp.stats}) + '\n')
    out.flush()
