// Runs one command on a screen that fits where its output goes.
import type { Run } from '../demos/demo.ts';
import type { EventLoop } from '../loop/index.ts';
import type { Exit } from './exits.ts';
import { type Globals, optionsAsked } from './globals.ts';
import { err, out } from './output.ts';
import { AnimatedScreen } from './screens/animated.ts';
import { JsonScreen } from './screens/json.ts';
import { PlainScreen } from './screens/plain.ts';
import type { CommandScreen, Print } from './screens/screen.ts';
import { SilentScreen } from './screens/silent.ts';
import { perform } from './stage.ts';
import { wantsColour } from './style.ts';
import { canAnimate, Terminal } from './terminal.ts';

const complain: Print = (text) => err(`asyncdemo: ${text}`);

export async function runCommand<Options>(name: string, load: () => Promise<{ run: Run<Options> }>, options: Options, globals: Globals): Promise<Exit> {
  return perform(load, options, {
    virtualTime: globals.virtualTime,
    seed: globals.seed ?? Math.floor(Math.random() * 2 ** 32),
    debug: globals.debug,
    ps: globals.ps,
    color: globals.color,
    screen: (loop) => chooseScreen(name, loop, globals),
    ...(optionsAsked(globals).length > 0 && { record: async (loop) => (await import('./pictures.ts')).recordFor(globals, loop) }),
  });
}

function chooseScreen(name: string, loop: EventLoop, globals: Globals): CommandScreen {
  if (globals.quiet) return new SilentScreen(complain);
  if (globals.json) return new JsonScreen(name, loop, out, complain);
  // In virtual time there is nothing to see of a movement, and among the remarks of --debug no room.
  if (globals.debug || globals.virtualTime || !canAnimate(process.stderr, process.env)) return new PlainScreen(out, complain, err);
  return new AnimatedScreen(new Terminal(process.stderr), out, complain, wantsColour(process.stderr, globals.color));
}
