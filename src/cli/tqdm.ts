// The progress line, in tqdm's form, as wide as the terminal allows. Pure.

/** How far it is: `done` of `total` after `elapsed` ms. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly elapsed: number;
}

const BAR_WIDTH = 10;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** `100%|██████████| 10/10 [00:20<00:00, 2.00s/it]`; where `width` is too narrow, first the bar goes, then the rate, then the times. */
export function formatProgress({ done, total, elapsed }: Progress, width: number): string {
  const fraction = total === 0 ? 1 : Math.min(done / total, 1);
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  const counts = `${done}/${total}`;
  const remaining = done === 0 ? '?' : clock((elapsed / done) * (total - done));
  const times = `${clock(elapsed)}<${remaining}`;
  const full = ` ${counts} [${times}, ${rate(done, elapsed)}]`;

  const room = width - percent.length - 2 - full.length;
  if (room >= BAR_WIDTH) return `${percent}|${bar(fraction, Math.min(room, BAR_WIDTH))}|${full}`;
  const shorter = [`${percent}${full}`, `${percent} ${counts} [${times}]`, `${percent} ${counts}`, percent];
  return shorter.find((line) => line.length <= width) ?? percent.slice(0, width);
}

function bar(fraction: number, width: number): string {
  const eighths = Math.floor(fraction * width * 8);
  return ('█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '')).padEnd(width);
}

/** `00:20`, from an hour up `1:02:03`. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutesAndSeconds = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? minutesAndSeconds : `${Math.floor(seconds / 3600)}:${minutesAndSeconds}`;
}

/** Iterations a second, or, where that is below one, seconds an iteration. */
function rate(done: number, elapsed: number): string {
  if (done === 0 || elapsed === 0) return '?it/s';
  const perSecond = done / (elapsed / 1000);
  return perSecond < 1 ? `${(1 / perSecond).toFixed(2)}s/it` : `${perSecond.toFixed(2)}it/s`;
}
