// The chart for the README: what each contestant takes, beside ours, as horizontal bars. Pure: results in, SVG out. The
// scale is logarithmic, since some take half and others a hundred times what we do; to the right of the line is more.

const WIDTH = 800;
const NAMES = 190;
const VALUES = 60;
const LINE = 18;
const TITLE = 26;

// Readable on both of GitHub's backgrounds: it shows the picture as an image, which follows the reader's preference.
const STYLE = `
  text { font: 12px -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328; }
  .row { font-weight: 600; }
  .more { fill: #2da44e; }
  .less { fill: #d4791f; }
  .ours { stroke: #656d76; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .more { fill: #3fb950; }
    .less { fill: #e3923b; }
    .ours { stroke: #8b949e; }
  }`;

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);

/** What a contestant takes, in multiples of ours. */
const multiple = ({ ratio }) => 1 / ratio;

/** Rows in which others stand beside ours, each with those that do. */
function comparisons(results) {
  const rows = results.map(({ row, what, contestants = [] }) => ({ row, what, peers: contestants.filter(({ ratio }) => Number.isFinite(ratio) && ratio > 0) }));
  return rows.filter(({ peers }) => peers.length > 0);
}

/** The chart of results as --json prints them. */
export function chart(results) {
  const rows = comparisons(results);
  const multiples = rows.flatMap(({ peers }) => peers.map(multiple));
  const [least, most] = [Math.min(0.5, ...multiples), Math.max(2, ...multiples)];
  const room = WIDTH - NAMES - 2 * VALUES;
  const x = (value) => Math.round(NAMES + VALUES + (room * Math.log(value / least)) / Math.log(most / least));
  const ours = x(1);
  const shapes = [];
  let y = TITLE;
  shapes.push(`<text x="${ours}" y="${y - 8}" text-anchor="middle">ours = 1; to the right: takes longer, or more</text>`);
  const top = y;
  for (const { row, what, peers } of rows) {
    y += TITLE;
    shapes.push(`<text class="row" x="8" y="${y - 8}">${escaped(row)}<title>${escaped(what)}</title></text>`);
    for (const peer of peers) {
      const end = x(multiple(peer));
      const more = multiple(peer) >= 1;
      const [left, width] = [Math.min(ours, end), Math.max(1, Math.abs(end - ours))];
      shapes.push(`<text x="${NAMES - 8}" y="${y + 12}" text-anchor="end">${escaped(peer.name)}</text>`);
      shapes.push(`<rect class="${more ? 'more' : 'less'}" x="${left}" y="${y + 2}" width="${width}" height="${LINE - 5}" rx="2"/>`);
      const label = `${multiple(peer).toPrecision(multiple(peer) >= 100 ? 3 : 2)}x`;
      shapes.push(`<text x="${more ? end + 6 : end - 6}" y="${y + 12}" text-anchor="${more ? 'start' : 'end'}">${label}</text>`);
      y += LINE;
    }
  }
  const height = y + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="What others take, beside ours">
<style>${STYLE}
</style>
<line class="ours" x1="${ours}" y1="${top}" x2="${ours}" y2="${y}"/>
${shapes.join('\n')}
</svg>
`;
}
