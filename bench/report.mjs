// Results as lines of text. Pure: data in, text out.

const cells = (name, ours, native, ratio, mark) => `${name.padEnd(10)}${ours.padStart(12)}${native.padStart(12)}${ratio.padStart(9)}   ${mark}`;

export const HEADINGS = cells('row', 'ours', 'native', 'ratio', 'mark');

/** One row's result as a line. */
export function line({ row, right, unit, ours, native, ratio, mark, kept, note, skipped }) {
  if (right) return `${row.padEnd(10)}  right`;
  if (skipped !== undefined) return `${row.padEnd(10)}  skipped: ${skipped}`;
  const amount = (value) => `${value.toFixed(1)} ${unit}`;
  const text = cells(row, amount(ours), amount(native), `${ratio.toFixed(2)}x`, `${kept ? 'kept  ' : 'missed'}  ${mark}`);
  return note === undefined ? text : `${text}  (${note})`;
}
