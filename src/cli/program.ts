// The words of the command line: commander's commands, made from the catalog. Understands, checks and hands on; what a
// command does is loaded when it runs.
import { Command, CommanderError, Option } from 'commander';
import { type Example, examples, httpOptions, type Option as OptionSpec } from '../demos/catalog.ts';
import type { Run } from '../demos/demo.ts';
import { type Exit, UsageError } from './exits.ts';
import type { Globals } from './globals.ts';
import { formatList } from './list.ts';
import { err, out } from './output.ts';
import { parseValue, parseWhole } from './values.ts';

/** What a command's action is given: parsed options by name, beside the global ones. */
type Values = Record<string, unknown> & Globals;

const NOTHING_ASKED: Globals = { json: false, virtualTime: false, seed: undefined, quiet: false, debug: false, color: true };

/** Understands a command line (without node and script), runs its command, and says how the process should end. */
export async function runProgram(words: readonly string[], version: string): Promise<Exit> {
  let exit: Exit = 0;
  const program = new Command('asyncdemo');
  const add = (parent: Command, name: string, summary: string, action: (values: Values, positional: readonly string[]) => Promise<Exit>): Command =>
    parent
      .command(name)
      .description(summary)
      .action(async (...all: unknown[]) => {
        const command = all.at(-1) as Command;
        exit = await action({ ...NOTHING_ASKED, ...command.optsWithGlobals<Values>() }, command.args);
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
    .option('--debug', 'tell what the loop does, and errors with their stack')
    .option('--no-color', 'no colours')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: () => {}, outputError: () => {} });

  for (const example of examples) addExample(add, program, example);
  add(program, 'list', 'list the examples', async ({ json }) => list(json));
  add(program, 'article', 'run the whole article, in virtual time', async (values) => (await import('./article.ts')).runArticle(values));
  add(program, 'smoke', 'run every example in virtual time and check what it prints', async (values) => (await import('./smoke.ts')).runSmoke(values));
  const serve = add(program, 'serve', 'keep the embedded server up', async (values) => run('serve', () => import('./serve.ts'), values));
  addOption(serve, { flags: '--port <n>', help: 'the port to listen on, 0 for any', kind: { type: 'whole', from: 0, to: 65535 }, fallback: '0' });
  for (const command of program.commands) command.exitOverride().configureOutput(program.configureOutput()).configureHelp({ showGlobalOptions: true });

  try {
    await program.parseAsync(words[0] === 'help' ? helpWords(program, words[1]) : [...words], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof UsageError) return refuse(error.message);
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.help' && error.exitCode === 1) {
      return list(words.includes('--json'));
    }
    return error.exitCode === 0 ? 0 : refuse(error.message);
  }
}

/** `help timer` is `timer --help`; of a command that does not exist, commander knows the nearest. */
function helpWords(program: Command, name: string | undefined): string[] {
  if (name === undefined) return ['--help'];
  const known = program.commands.some((command) => command.name() === name || command.aliases().includes(name));
  return known ? [name, '--help'] : [name];
}

type Add = (parent: Command, name: string, summary: string, action: (values: Values, positional: readonly string[]) => Promise<Exit>) => Command;

function addExample(add: Add, program: Command, example: Example): void {
  const { argument, http } = example;
  const command = add(program, example.name, `${example.section.padEnd(4)}${example.summary}`, async (values, positional) => {
    const options: Record<string, unknown> = { ...values };
    if (http) options.urls = await (await import('./urls.ts')).collectUrls(positional, values.input as string | undefined);
    if (http && values.online === true && (options.urls as string[]).length > 0) {
      throw new UsageError(`--online: expected no URLs beside it, since it stands for the article's own; got ${(options.urls as string[]).length}`);
    }
    if (argument !== undefined) options[nameOf(argument)] = parseValue(argument.kind, nameOf(argument), positional[0] ?? (argument.fallback as string));
    return run(example.name, example.load as () => Promise<{ run: Run<unknown> }>, options as Values);
  });
  if (example.alias !== undefined) command.alias(example.alias);
  if (argument !== undefined) command.argument(argument.flags, `${argument.help} (default: ${argument.fallback})`);
  if (http) command.argument('[url...]', 'what to fetch (- for a list on stdin); none: the embedded server');
  for (const option of example.options) addOption(command, option);
  if (http) for (const option of httpOptions) addOption(command, option);
  const tries = example.tries.map(([line, shows]) => `  ${line}\n      ${shows}`);
  command.addHelpText('after', `\nTry:\n${tries.join('\n')}`);
}

function addOption(command: Command, { flags, help, kind, fallback }: OptionSpec): void {
  const name = flags.replace(/^-\w, /, '').replace(/ .*$/, '');
  const option = new Option(flags, help);
  if (kind.type !== 'flag') option.argParser((text: string) => parseValue(kind, name, text));
  if (kind.type !== 'flag' && fallback !== undefined) option.default(parseValue(kind, name, fallback), fallback);
  command.addOption(option);
}

function list(json: boolean): Exit {
  if (!json) out(formatList(examples));
  else
    for (const { name, alias, section, summary } of examples)
      out(JSON.stringify({ command: 'list', event: 'example', at: 0, name, alias: alias ?? null, section, summary }));
  return 0;
}

async function run<Options>(name: string, load: () => Promise<{ run: Run<Options> }>, values: Values): Promise<Exit> {
  const { runCommand } = await import('./run-command.ts');
  return runCommand(name, load, values as unknown as Options, values);
}

/** `[delay]` -> `delay` */
function nameOf(argument: OptionSpec): string {
  return argument.flags.replace(/[[\]<>.]/g, '');
}

/** Says on one line what is wrong, and where to look. */
function refuse(message: string): Exit {
  const said = message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/s, "; did you mean '$1'?")
    .replace(/\s*\n\s*/g, ' ');
  err(`asyncdemo: ${said}${said.endsWith('?') ? '' : ' (asyncdemo --help shows how)'}`);
  return 2;
}
