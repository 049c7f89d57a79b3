// The marks of several runs, on several versions of Node, as one table in Markdown: for docs/performance.md. Pure: what
// --json has printed in, text out.
import { amount } from './report.mjs';

function bound({ atMost, atLeast, unit }) {
  if (atMost !== undefined) return `at most ${amount(atMost, unit)}`;
  return atLeast === undefined ? '' : `at least ${amount(atLeast, unit)}`;
}

/** What a mark is about, the same for every version. */
const about = ({ of, against, beyond }) =>
  [of === 'ours' ? '' : of, against === undefined ? '' : `against ${against}`, beyond === undefined ? '' : `beyond ${beyond}`].filter(Boolean).join(' ');

/** A line a mark, a column a version of Node, a missed one in bold. */
export function marksTable(results) {
  const versions = [...new Set(results.map(({ node }) => node.split('.')[0]))].sort((a, b) => a - b);
  const lines = new Map();
  for (const { row, node, marks = [] } of results) {
    for (const mark of marks) {
      const key = `| ${row} | ${about(mark)} | ${bound(mark)} |`;
      const cells = lines.get(key) ?? lines.set(key, new Map()).get(key);
      cells.set(node.split('.')[0], mark.kept ? amount(mark.value, mark.unit) : `**${amount(mark.value, mark.unit)}**`);
    }
  }
  const head = [`| Row | | Mark | ${versions.map((version) => `Node ${version}`).join(' | ')} |`, `|---|---|---|${'---|'.repeat(versions.length)}`];
  return [...head, ...[...lines].map(([key, cells]) => `${key} ${versions.map((version) => cells.get(version) ?? '').join(' | ')} |`)].join('\n');
}
