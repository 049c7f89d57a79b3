// The whole article: every example in turn, in virtual time, with its section, its name and what it prints.
import { examples } from '../demos/catalog.ts';
import type { Exit } from './exits.ts';
import type { Globals } from './globals.ts';
import { err, out, outputIsBroken } from './output.ts';
import { rehearse } from './rehearse.ts';
import { JsonScreen } from './screens/json.ts';
import { PlainScreen } from './screens/plain.ts';
import type { Print } from './screens/screen.ts';
import { SilentScreen } from './screens/silent.ts';
import { styles } from './style.ts';

/** Runs them all; goes on after one that fails, and ends with the first failure's exit. A signal ends it at once. */
export async function runArticle(globals: Globals): Promise<Exit> {
  const style = await styles(process.stdout, globals.color);
  let worst: Exit = 0;
  for (const example of examples) {
    const complain: Print = (text) => err(`asyncdemo ${example.name}: ${text}`);
    const silent = globals.quiet || globals.json;
    if (!silent) out(`${style.bold(`${example.section.padEnd(4)} ${example.name}`)}  ${style.dim(example.summary)}`);
    const exit = await rehearse(
      example,
      (loop) => {
        if (globals.quiet) return new SilentScreen(complain);
        if (globals.json) return new JsonScreen(example.name, loop, out, complain);
        return new PlainScreen(
          (line) => out(`     ${line}`),
          complain,
          (line) => out(`     ${line}`),
        );
      },
      globals,
    );
    if (!silent) out('');
    if (typeof exit === 'string') return exit;
    worst ||= exit;
    if (outputIsBroken()) break;
  }
  return worst;
}
