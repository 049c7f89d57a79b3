// Marks: what was set out to be reached, and whether it was. Pure: numbers in, verdicts out.

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the rounds' ratios: a disturbance longer than a round falls on both of its sides. */
export function ratio(amounts, others) {
  return median(amounts.map((amount, round) => amount / others[round]));
}

/**
 * Judges `{ of, against | beyond, atMost | atLeast }`: the amount of a contestant (ours unless said), its ratio `against`
 * another one's, or what it takes `beyond` that. Undefined where one of the two was not measured. Without a bound it is
 * neither kept nor missed: what others are to be read against.
 */
export function judge(mark, amounts, unit) {
  const { of = 'ours', against, beyond, atMost, atLeast } = mark;
  const [mine, other] = [amounts[of], amounts[against ?? beyond]];
  if (mine === undefined || ((against ?? beyond) !== undefined && other === undefined)) return undefined;
  let value = median(mine);
  if (against !== undefined) value = ratio(mine, other);
  if (beyond !== undefined) value = median(mine.map((amount, round) => amount - other[round]));
  const kept = atMost === undefined ? atLeast === undefined || value >= atLeast : value <= atMost;
  return { of, against, beyond, atMost, atLeast, value, unit: against === undefined ? unit : 'x', kept };
}

/** By how much the cost per operation may grow with the size. */
const GROWS_BY = 1.5;

/**
 * What a row's amounts at growing sizes say of the cost per operation: `sizes[i]` took `amounts[i]`. An amount that is
 * per operation already is told by `each`. Timers are kept in order, which costs log n: those may grow by as much more.
 */
export function growth(sizes, amounts, { each = false, logarithmic = false } = {}) {
  const costs = amounts.map((rounds, i) => (each ? rounds : rounds.map((amount) => amount / sizes[i])));
  return sizes.map((size, i) => {
    const atMost = GROWS_BY * (logarithmic ? Math.log(size) / Math.log(sizes[0]) : 1);
    const grown = ratio(costs[i], costs[0]);
    return { size, cost: median(costs[i]), grown, ...(i > 0 && { atMost, kept: grown <= atMost }) };
  });
}
