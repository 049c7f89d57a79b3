// Makes the page that report() gives its run to: src/report-page/page.html with its style and its script, bundled from
// TypeScript, in it, and a policy that lets the browser load nothing and run nothing else.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('build/report-page.mjs: expected the file to write to, got none');
/** Later ones have the last word. */
const STYLES = ['theme', 'controls', 'lanes', 'panels', 'path', 'narrow', 'print'];
const path = (relative) => fileURLToPath(new URL(`../src/report-page/${relative}`, import.meta.url));

const bundle = await rolldown({ input: path('main.ts'), platform: 'browser' });
const { output } = await bundle.generate({ format: 'iife', minify: true, comments: false });
const foreign = output[0].moduleIds.find((id) => id.includes('/node_modules/'));
if (foreign !== undefined) throw new Error(`build/report-page.mjs: expected no packages in the page, got ${foreign}: its licence would be missing`);
if (output[0].imports.length > 0) throw new Error(`build/report-page.mjs: expected a page that needs nothing from outside, got ${output[0].imports} imported`);

/** As CSP names what it allows: by the hash of what stands in the element. */
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const style = `\n${STYLES.map((name) => readFileSync(path(`style/${name}.css`), 'utf8')).join('')}`;
const script = `\n${output[0].code}`;
if (/<\/script|<!--|\{\{/i.test(script)) throw new Error('build/report-page.mjs: expected no mark-up in the script, got some');
const parts = {
  policy: `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`,
  style,
  script,
};
const page = readFileSync(path('page.html'), 'utf8').replace(/\{\{(policy|style|script)\}\}/g, (_all, name) => parts[name]);
for (const [name, times] of Object.entries({ title: 2, data: 1 })) {
  const found = page.split(`{{${name}}}`).length - 1;
  if (found !== times) throw new Error(`build/report-page.mjs: expected {{${name}}} ${times} times in the page, found it ${found} times`);
}
writeFileSync(file, page);
