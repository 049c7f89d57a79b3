// Results as text for people. Pure: data in, text out.

/** Three digits that mean something. */
export function amount(value, unit) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return unit === 'x' ? `${value.toFixed(2)}x` : `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}

function markText({ of, against, beyond, atMost, atLeast, value, unit, kept }, name) {
  const bound = atMost === undefined ? `at least ${amount(atLeast, unit)}` : `at most ${amount(atMost, unit)}`;
  const other = against ?? beyond;
  // The ratio of ours to whoever the line is about stands in the line already.
  const what = of === 'ours' && against === name ? '' : ` (${amount(value, unit)}${against ? ' of' : ''}${beyond ? ' beyond' : ''}${other ? ` ${other}` : ''})`;
  return `${kept ? 'kept  ' : 'missed'}  ${bound}${what}`;
}

/** The line a mark stands in: that of whoever is not ours in it. */
const lineOf = ({ of, against }) => (of === 'ours' && against !== undefined ? against : of);

/** One row's result: a line for what it is, one for each contestant, and one for each mark that none has room for. */
export function table({ row, what, unit, rounds, contestants, marks }) {
  const lines = [`${row}: ${what} (median of ${rounds})`];
  for (const { name, runsOn, missing, median, ratio, note } of contestants) {
    const label = `  ${name}${runsOn === undefined ? '' : ` (${runsOn})`}`.padEnd(36);
    if (missing !== undefined) {
      lines.push(`${label}   ${missing}`);
      continue;
    }
    const texts = marks.filter((mark) => lineOf(mark) === name && (mark.atMost ?? mark.atLeast) !== undefined).map((mark) => markText(mark, name));
    const cells = `${label}${amount(median, unit).padStart(14)}${(ratio === undefined ? '' : amount(ratio, 'x')).padStart(10)}`;
    lines.push(`${cells}   ${texts[0] ?? ''}${note === undefined ? '' : `${texts.length > 0 ? '  ' : ''}${note}`}`.trimEnd());
    for (const text of texts.slice(1)) lines.push(`${' '.repeat(63)}${text}`);
  }
  return lines.join('\n');
}

/** How the cost per operation of one row grows with its size. */
export function growthTable({ row, what, unit, rounds, each, grown, notMeasured }) {
  const lines = [`${row}: ${what} (median of ${rounds})`];
  for (const { size, cost, grown: times, atMost, kept } of grown) {
    const perOperation = each ? amount(cost, unit) : amount(cost * 1e6, 'ns');
    const verdict = atMost === undefined ? '' : `${amount(times, 'x').padStart(10)}   ${kept ? 'kept  ' : 'missed'}  at most ${amount(atMost, 'x')}`;
    lines.push(`  ${size.toLocaleString('en').padStart(16)}${perOperation.padStart(16)} each${verdict}`);
  }
  for (const { size, why } of notMeasured) lines.push(`  ${size.toLocaleString('en').padStart(16)}   not measured: ${why}`);
  return lines.join('\n');
}
