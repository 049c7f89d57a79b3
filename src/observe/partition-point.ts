// Where a condition turns: binary search, for all that is in order. Knows nothing of what it is asked about.

/** How many of the places from 0 below `length` it holds for: for the first so many, and for none after them. */
export function partitionPoint(length: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
