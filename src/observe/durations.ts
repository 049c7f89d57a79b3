// Lengths of time as people read them.

/** `12 us`, `3.4 ms`, `1.25 s`, `2 min 5 s`: three digits at most. */
export function formatDuration(ms: number): string {
  if (ms < 0.9995) return `${Math.round(ms * 1000)} us`;
  if (ms < 999.5) return `${digits(ms)} ms`;
  if (ms < 59_950) return `${digits(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The marks of an axis from 0 to `length` ms, not more than `most`, and how each is written; the last with its unit. */
export function axisMarks(length: number, most: number): { readonly at: number; readonly text: string }[] {
  const step = stepOf(length, most);
  const unit = UNITS.find(({ ms }) => length >= 2 * ms) ?? (UNITS.at(-1) as (typeof UNITS)[number]);
  const marks = [];
  for (let i = 0; i * step <= length * 1.000001; i++) marks.push({ at: i * step, text: String(Number(((i * step) / unit.ms).toPrecision(6))) });
  const last = marks.at(-1);
  if (last !== undefined) last.text += ` ${unit.name}`;
  return marks;
}

const UNITS = [
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1000, name: 's' },
  { ms: 1, name: 'ms' },
  { ms: 0.001, name: 'us' },
] as const;

/** 1, 2 or 5 of a power of ten, or of minutes and hours what divides them. */
function stepOf(length: number, most: number): number {
  const least = length / Math.max(1, most);
  if (!(least > 0)) return 1;
  for (const step of [30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000]) if (least > 10_000 && step >= least) return step;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least * 0.999999) as number) * power;
}
