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

/**
 * The marks of an axis from 0 to `length` ms, with not more than `most` steps between them, and how each is written: a few digits,
 * the last with its unit.
 */
export function axisMarks(length: number, most: number): { readonly at: number; readonly text: string }[] {
  const step = stepOf(length, most);
  const unit = UNITS.find(({ ms, finest }) => length >= 2 * ms && step >= finest) ?? (UNITS.at(-1) as (typeof UNITS)[number]);
  const marks = [];
  for (let i = 0; i * step <= length * 1.000001; i++) marks.push({ at: i * step, text: String(Number(((i * step) / unit.ms).toPrecision(6))) });
  const last = marks.at(-1);
  if (last !== undefined) last.text += ` ${unit.name}`;
  return marks;
}

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** With the smallest step that is told in it: ten minutes are no number of hours to be read. */
const UNITS = [
  { ms: HOUR, finest: HOUR / 2, name: 'h' },
  { ms: MINUTE, finest: MINUTE / 2, name: 'min' },
  { ms: SECOND, finest: 0, name: 's' },
  { ms: 1, finest: 0, name: 'ms' },
  { ms: 0.001, finest: 0, name: 'us' },
] as const;

/** Their names, for a pattern: a number and its unit are read as one, and stand on one line. */
export const UNIT: string = UNITS.map(({ name }) => name).join('|');

/** What divides minutes, hours and days; from ten seconds to a day, where decimals do not. */
const CLOCK = [...[10, 20, 30].map((n) => n * SECOND), ...[1, 2, 5, 10, 20, 30].map((n) => n * MINUTE), ...[1, 2, 3, 6, 12, 24].map((n) => n * HOUR)];

/** Of less than ten seconds, and of hours beyond a day, 1, 2 or 5 of a power of ten; else of minutes, hours and days what divides them. */
function stepOf(length: number, most: number): number {
  const least = (length / Math.max(1, most)) * 0.999999;
  if (!(least > 0)) return 1;
  const unit = least > 24 * HOUR ? HOUR : 1;
  const step = least > 5 * SECOND ? CLOCK.find((step) => step >= least) : undefined;
  const power = 10 ** Math.floor(Math.log10(least / unit));
  return step ?? ([1, 2, 5, 10].find((factor) => factor * power >= least / unit) as number) * power * unit;
}
