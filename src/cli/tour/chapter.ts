// One example on the tour: everything that is shown of it, as data. The example is really run, in virtual time, and recorded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Example } from '../../demos/catalog.ts';
import type { Log } from '../../observe/log.ts';
import { record } from '../../observe/recorder.ts';
import { Story } from '../../observe/story.ts';
import type { Exit } from '../exits.ts';
import type { Globals } from '../globals.ts';
import { rehearse } from '../rehearse.ts';
import { PlainScreen } from '../screens/plain.ts';
import type { Print } from '../screens/screen.ts';
import { type Findings, findingsOf } from './findings.ts';
import { route, type Stop } from './route.ts';
import { type Excerpt, excerptOf } from './source.ts';

export interface Chapter {
  readonly example: Example;
  readonly name: Stop;
  /** The example's file, as it is to be shown. */
  readonly file: string;
  readonly excerpts: readonly Excerpt[];
  /** The command line that does what was done here. */
  readonly command: string;
  /** What the example printed, line by line. */
  readonly printed: readonly string[];
  readonly log: Log;
  readonly findings: Findings;
  /** How the run ended. */
  readonly exit: Exit;
}

/** Runs an example. @param home the package's folder */
export async function visit(example: Example, home: string, globals: Globals, complain: Print): Promise<Chapter> {
  const name = example.name as Stop;
  const seed = globals.seed ?? 0;
  const command = `asyncdemo ${name} --virtual-time --seed ${seed}`;
  const printed: string[] = [];
  const print: Print = (line) => {
    printed.push(line);
  };
  let log: Log | undefined;
  const exit = await rehearse(
    example,
    () => new PlainScreen(print, complain, print),
    { ...globals, seed },
    {
      async record(loop) {
        const recorder = record(loop, { title: `asyncdemo ${name}`, wall: false, stacks: true, root: home, capacity: Number.POSITIVE_INFINITY });
        return {
          async finish() {
            log = recorder.stop();
          },
        };
      },
    },
  );
  if (log === undefined) throw new Error(`tour: expected a recording of '${name}', got none`);
  const file = `src/demos/${name}.ts`;
  return { example, name, file, excerpts: excerptsOf(join(home, file), name), command, printed, log, findings: findingsOf(new Story(log)), exit };
}

function excerptsOf(path: string, name: Stop): Excerpt[] {
  const source = readFileSync(path, 'utf8');
  return route[name].declarations.map((declaration) => {
    const excerpt = excerptOf(source, declaration);
    if (excerpt === undefined) throw new Error(`tour: expected '${declaration}' in ${path}, found none`);
    return excerpt;
  });
}
