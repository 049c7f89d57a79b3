// One program with CPython's trace, run here twice: with an observer (iteration numbers and all); and without one, half of them in turns of no time
// at all, a third with stack probes and full reports. Order must depend on none of these.
import { run } from './interp.mjs';

const bare = (line) => line.slice(line.indexOf(' ') + 1);

export function firstDifference(a, b) {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return i;
  return -1;
}

/** 'skipped', 'same', or what differs. */
export async function compare({ seed, p, t, skip }) {
  if (skip) return 'skipped';
  const full = await run(p, { observe: true });
  if (full.skip) return 'skipped';
  let at = firstDifference(t, full.lines);
  if (at !== -1) return { seed, kind: 'observed', at, cpython: t[at], ours: full.lines[at], suspect: full.suspect, p };
  const plain = await run(p, { turnBudget: t.length % 2 ? 0 : undefined, probes: t.length % 3 === 0 });
  if (plain.lines.length === t.length && plain.lines.every((line, i) => line === t[i] || bare(line) === bare(t[i]))) return 'same';
  at = firstDifference(t.map(bare), plain.lines.map(bare));
  return { seed, kind: 'unobserved', at, cpython: t[at], ours: plain.lines[at], suspect: plain.suspect, p };
}
