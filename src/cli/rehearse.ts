// Runs an example the way it comes out the same every time: its own default options, virtual time, a fixed seed.
import { type Example, httpOptions, nameOf } from '../demos/catalog.ts';
import type { Run } from '../demos/demo.ts';
import type { EventLoop } from '../loop/index.ts';
import type { Exit } from './exits.ts';
import type { Globals } from './globals.ts';
import type { CommandScreen } from './screens/screen.ts';
import { type PerformOptions, perform } from './stage.ts';
import { parseValue } from './values.ts';

/** The seed of runs whose output is written down. */
const FIXED_SEED = 0;

/** Runs `example` on the screen that is made for it. */
export function rehearse(
  example: Example,
  screen: (loop: EventLoop) => CommandScreen,
  { seed, debug, ps, color }: Pick<Globals, 'seed' | 'debug' | 'ps' | 'color'>,
  more: Pick<PerformOptions, 'record'> = {},
): Promise<Exit> {
  const load = example.load as () => Promise<{ run: Run<unknown> }>;
  return perform(load, defaultsOf(example), { virtualTime: true, seed: seed ?? FIXED_SEED, debug, ps, color, screen, ...more });
}

/** What an example is given when nothing is typed but its name. */
function defaultsOf({ argument, options, http }: Example): Record<string, unknown> {
  const all = [...(argument === undefined ? [] : [argument]), ...options, ...(http ? httpOptions : [])];
  const values: Record<string, unknown> = http ? { urls: [], online: false } : {};
  for (const option of all) {
    if (option.fallback !== undefined) values[nameOf(option)] = parseValue(option.kind, nameOf(option), option.fallback);
  }
  return values;
}
