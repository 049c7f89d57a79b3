// Bundles src/cli, and all it loads, into the few CommonJS files that bin/asyncdemo.js starts from: Node 20 takes longer to
// find a hundred modules than to run them, and longer to start with an ES module than with CommonJS. The library is not
// bundled; the command has a copy of it, which no program that imports the library ever meets.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('build/command.mjs: expected the folder to write to, got none');
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Nobody asks for the lines of packages; and Node reads the whole map of a file for the first stack that passes through it. */
const packagesUnmapped = {
  name: 'packages-unmapped',
  transform: { filter: { id: /\/node_modules\/|\.cjs$/ }, handler: (code) => ({ code, map: { mappings: '' } }) },
};

const bundle = await rolldown({
  input: path('../src/cli/main.ts'),
  platform: 'node',
  resolve: { alias: { undici: path('undici.cjs'), 'node:child_process': path('no-child-process.cjs'), 'node:http2': path('no-http2.cjs') } },
  plugins: [packagesUnmapped],
});
const { output } = await bundle.write({
  dir: folder,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
  keepNames: true, // Where two files have a function of the same name, stacks go on calling both by it.
  dynamicImportInCjs: false, // import() would start the ES loader after all.
  comments: false, // Node looks through all of a file for the name of its map.
  sourcemap: true,
  sourcemapExcludeSources: true, // The package brings src/.
  // Whatever is loaded by import() is a file of its own; these are for what they share.
  codeSplitting: {
    groups: [
      { name: 'base', test: /src\/(cli\/(exits|output|source-lines)|loop\/errors)\.ts$/, priority: 2 }, // All that --version needs beside main.
      { name: 'words', test: /src\/(cli\/(program|example-command|list|values)|demos\/catalog)\.ts$|\/commander\//, priority: 1 },
      {
        name: 'stage',
        test: /src\/loop\/|src\/observe\/(narrator|wait-watch|deadlocks|task-tree|tree-groups|await-points|shown-text)\.ts|src\/cli\/(run-command|stage|live-tasks|style|terminal|random|tqdm|screens)/,
      },
      { name: 'http', test: /src\/http\/|src\/demos\/targets\.ts/ },
      { name: 'chalk', test: /\/node_modules\/chalk\// },
    ],
  },
});

for (const { fileName, map } of output) {
  if (map?.sources.length !== 0) continue;
  rmSync(`${folder}/${fileName}.map`);
  writeFileSync(`${folder}/${fileName}`, readFileSync(`${folder}/${fileName}`, 'utf8').replace(/\n\/\/# sourceMappingURL=.*$/, '\n'));
}

/** What their licences ask of whoever passes them on. */
const packages = new Set(output.flatMap(({ moduleIds = [] }) => moduleIds.flatMap((id) => /.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? [])));
if (packages.size === 0) throw new Error('build/command.mjs: expected packages in the bundle, found none: their licences would be missing');
const licences = [...packages].sort().map((home) => {
  const { name, version } = JSON.parse(readFileSync(`${home}/package.json`, 'utf8'));
  const licence = readdirSync(home).find((file) => /^licen[cs]e/i.test(file));
  if (licence === undefined) throw new Error(`build/command.mjs: expected a licence in ${name}, found none`);
  return `${name} ${version}\n\n${readFileSync(`${home}/${licence}`, 'utf8').trim()}\n`;
});
writeFileSync(`${folder}/LICENSES.txt`, licences.join('\n\n'));
