"""Runs the programs of seeds FROM..TO on CPython; writes {seed, p, t, skip} a line to stdout, statistics to the file STATS."""
import sys, json, gc
import gen, interp
first, last = int(sys.argv[1]), int(sys.argv[2])
gc.disable()
out = sys.stdout
lengths = 0
for seed in range(first, last):
    p = gen.program(seed)
    lines, skip = interp.run(p)
    lengths += len(lines)
    out.write(json.dumps({'seed': seed, 'p': p, 't': lines, 'skip': skip}, separators=(',', ':')) + '\n')
    if seed % 100 == 0: gc.collect()
interp.stats['programs'] += last - first
interp.stats['lines'] += lengths
if len(sys.argv) > 3:
    with open(sys.argv[3], 'a') as f: f.write(json.dumps(interp.stats) + '\n')
