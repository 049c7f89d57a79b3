// Runs an example the way it comes out the same every time: its own default options, virtual time, a fixed seed.
import { type Example, httpOptions } from '../demos/catalog.ts';
import type { Run } from '../demos/demo.ts';
import type { EventLoop } from '../loop/index.ts';
import type { Exit } from './exits.ts';
import { whenOutputBreaks } from './output.ts';
import type { CommandScreen } from './screens/screen.ts';
import { perform } from './stage.ts';
import { parseValue } from './values.ts';

/** The seed of runs whose output is written down. */
const FIXED_SEED = 0;

/** Runs `example` on the screen that is made for it. */
export function rehearse(
  example: Example,
  screen: (loop: EventLoop) => CommandScreen,
  { seed, debug }: { seed: number | undefined; debug: boolean },
): Promise<Exit> {
  const load = example.load as () => Promise<{ run: Run<unknown> }>;
  return perform(load, defaultsOf(example), { virtualTime: true, seed: seed ?? FIXED_SEED, debug, screen, onStart: whenOutputBreaks });
}

/** What an example is given when nothing is typed but its name. */
function defaultsOf({ argument, options, http }: Example): Record<string, unknown> {
  const all = [...(argument === undefined ? [] : [argument]), ...options, ...(http ? httpOptions : [])];
  const values: Record<string, unknown> = http ? { urls: [], online: false } : {};
  for (const { flags, kind, fallback } of all) {
    const name = /--([\w-]+)|\[(\w+)\]/.exec(flags)?.slice(1).find(Boolean) as string;
    if (fallback !== undefined) values[name] = parseValue(kind, name, fallback);
  }
  return values;
}
