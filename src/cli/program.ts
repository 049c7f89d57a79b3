// The words of the command line: commander's commands, made from the catalog. Understands, checks and hands on; what a
// command does is loaded when it runs.
import { Command, CommanderError } from 'commander';
import { examples } from '../demos/catalog.ts';
import { type Add, addExample, addOption, run, type Values } from './example-command.ts';
import { type Exit, UsageError } from './exits.ts';
import { type Globals, optionsAsked } from './globals.ts';
import { formatList } from './list.ts';
import { err, out } from './output.ts';
import { parseDuration, parseFileName, parseWhole } from './values.ts';

const NOTHING_ASKED: Globals = { json: false, virtualTime: false, seed: undefined, quiet: false, debug: false, ps: undefined, color: true };

const TOUR_TRIES = [
  ['asyncdemo tour', 'the whole walk, a page at a time'],
  ['asyncdemo tour spinner', 'one example'],
  ['asyncdemo tour --lang zh', 'the same in Chinese'],
  ['asyncdemo tour | less', 'all pages at once'],
] as const;

/** Understands a command line (without node and script), runs its command, and says how the process should end. */
export async function runProgram(words: readonly string[], version: string): Promise<Exit> {
  let exit: Exit = 0;
  /** The commands of which pictures can be had. */
  const shown = new Set([...examples.map(({ name }) => name), 'replay']);
  const program = new Command('asyncdemo');
  const add: Add = (name, summary, action) =>
    program
      .command(name)
      .description(summary)
      .action(async (...all: unknown[]) => {
        const command = all.at(-1) as Command;
        const values = { ...NOTHING_ASKED, ...command.optsWithGlobals<Values>() };
        const [asked] = optionsAsked(values);
        if (asked !== undefined && !shown.has(name)) throw new UsageError(`${asked}: expected an example to look at, got '${name}'`);
        exit = await action(values, command);
      });

  program
    .description("asyncio's event loop on generators: every example of the article, runnable")
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .option('--json', 'print one JSON object a line')
    .option('--virtual-time', 'do not wait: jump the clock to the next timer')
    .option('--seed <n>', 'make random numbers repeatable', (text) => parseWhole('--seed', text, 0, 2 ** 32 - 1))
    .option('--quiet', 'print nothing but errors')
    .option('--debug', 'tell what the loop does, and the error that ends a command with its stack')
    .option('--ps <duration>', 'print the tree of tasks to stderr every so often (SIGUSR2: once)', (text) => parseDuration('--ps', text, 0))
    .option('--no-color', 'no colours')
    .option('--timeline', 'then show what each task did when')
    .option('--record <file>', 'keep all that happened in the loop, for `replay`', (text) => parseFileName('--record', text))
    .option('--trace <file>', 'write a Chrome trace, for ui.perfetto.dev', (text) => parseFileName('--trace', text))
    .option('--report <file>', 'write a page to step through the run in a browser', (text) => parseFileName('--report', text))
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: () => {}, outputError: () => {} });

  // All of them only where one may be looked for, or help be asked: making one takes a third of a millisecond.
  const named = examples.find(({ name, alias }) => words[0] === name || words[0] === alias);
  for (const example of named === undefined ? examples : [named]) addExample(add, example);
  add('list', 'list the examples', async ({ json }) => list(json));
  add('article', 'run the whole article, in virtual time', async (values) => (await import('./article.ts')).runArticle(values));
  add('tour', 'walk through the article: what to watch for, source, run and timeline of each example', async (values, { args }) =>
    (await import('./tour.ts')).runTour(args[0], { pause: true, ...values }),
  )
    .argument('[example]', 'the one to show; none: all of them')
    .option('--lang <language>', 'en or zh (default: what the locale says)')
    .option('--no-pause', 'do not wait for a key between the pages')
    .addHelpText('after', `\nTry:\n${TOUR_TRIES.map(([line, shows]) => `  ${line}\n      ${shows}`).join('\n')}`);
  add('smoke', 'run every example in virtual time and check what it prints', async (values) => (await import('./smoke.ts')).runSmoke(values));
  add('replay', 'show a run that was recorded with --record', async (values, { args }) =>
    (await import('./pictures.ts')).runReplay(args[0] as string, values),
  ).argument('<file>', 'what was recorded (- for stdin)', (text) => parseFileName('replay', text));
  const serve = add('serve', 'keep the embedded server up', async (values) => run('serve', () => import('./serve.ts'), values));
  addOption(serve, { flags: '--port <n>', help: 'the port to listen on, 0 for any', kind: { type: 'whole', from: 0, to: 65535 }, fallback: '0' });
  for (const command of program.commands) command.exitOverride().configureOutput(program.configureOutput()).configureHelp({ showGlobalOptions: true });

  try {
    await program.parseAsync(words[0] === 'help' ? helpWords(program, words[1]) : [...words], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof UsageError) return refuse(program, words, error.message);
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.help' && error.exitCode === 1) return list(words.includes('--json')); // No command at all.
    return error.exitCode === 0 ? 0 : refuse(program, words, error.message);
  }
}

/** `help timer` is `timer --help`; of a command that does not exist, commander knows the nearest. */
function helpWords(program: Command, name: string | undefined): string[] {
  if (name === undefined) return ['--help'];
  return isCommand(program, name) ? [name, '--help'] : [name];
}

function list(json: boolean): Exit {
  if (!json) out(formatList(examples));
  else
    for (const { name, alias, section, summary } of examples)
      out(JSON.stringify({ command: 'list', event: 'example', at: 0, name, alias: alias ?? null, section, summary }));
  return 0;
}

/** Says on one line what is wrong, and where to look. */
function refuse(program: Command, words: readonly string[], message: string): Exit {
  const said = message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/s, "; did you mean '$1'?")
    .replace(/\s*\n\s*/g, ' ');
  const command = words.find((word) => isCommand(program, word));
  const help = ['asyncdemo', ...(command === undefined ? [] : [command]), '--help'].join(' ');
  err(`asyncdemo: ${said}${said.endsWith('?') ? '' : ` (${help} shows how)`}`);
  return 2;
}

function isCommand(program: Command, word: string): boolean {
  return program.commands.some((command) => command.name() === word || command.aliases().includes(word));
}
