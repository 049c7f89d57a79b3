// One example as a command: its words and options, from the catalog, and their checks.
import { type Command, Option } from 'commander';
import { type Example, httpOptions, nameOf, type Option as OptionSpec } from '../demos/catalog.ts';
import type { Run } from '../demos/demo.ts';
import { type Exit, UsageError } from './exits.ts';
import type { Globals } from './globals.ts';
import { parseValue } from './values.ts';

/** What a command's action is given: its options by name, beside the global ones. */
export type Values = Record<string, unknown> & Globals;

/** Adds a command; `action` runs it, and is given what was typed. */
export type Add = (name: string, summary: string, action: (values: Values, command: Command) => Promise<Exit>) => Command;

/** Adds the command of an example. */
export function addExample(add: Add, example: Example): void {
  const { argument, http } = example;
  const command = add(example.name, `${example.section.padEnd(4)}${example.summary}`, async (values, typed) => {
    const options: Values = { ...values };
    if (argument !== undefined) options[nameOf(argument)] = parseValue(argument.kind, nameOf(argument), typed.args[0] ?? (argument.fallback as string));
    if (http) options.urls = await collect(typed.args, values, typed.getOptionValueSource('count') === 'cli');
    return run(example.name, example.load, options);
  });
  if (example.alias !== undefined) command.alias(example.alias);
  if (argument !== undefined) command.argument(argument.flags, `${argument.help} (default: ${argument.fallback})`);
  if (http) command.argument('[url...]', 'what to fetch (- for a list on stdin); none: the embedded server');
  for (const option of [...example.options, ...(http ? httpOptions : [])]) addOption(command, option);
  const tries = example.tries.map(([line, shows]) => `  ${line}\n      ${shows}`);
  command.addHelpText('after', `\nTry:\n${tries.join('\n')}`);
}

/** Adds an option of the catalog's to a command. */
export function addOption(command: Command, spec: OptionSpec): void {
  const { flags, help, kind, fallback } = spec;
  const name = flags.replace(/^-\w, /, '').replace(/ .*$/, '');
  const option = new Option(flags, help);
  if (kind.type !== 'flag') option.argParser((text: string) => parseValue(kind, name, text));
  if (kind.type !== 'flag' && fallback !== undefined) option.default(parseValue(kind, name, fallback), fallback);
  command.addOption(option);
}

/** Runs a command's code on the options it was given, which were checked against what it declares in the catalog. */
export async function run(name: string, load: () => Promise<{ readonly run: Run<never> }>, values: Values): Promise<Exit> {
  const { runCommand } = await import('./run-command.ts');
  return runCommand(name, load as () => Promise<{ run: Run<Values> }>, values, values);
}

/** The URLs that were given; those of the example itself are another matter, with options that mean nothing here. */
async function collect(given: readonly string[], values: Values, countTyped: boolean): Promise<string[]> {
  const { collectUrls } = await import('./urls.ts');
  const urls = await collectUrls(given, values.input as string | undefined);
  if (urls.length === 0) return urls;
  if (values.online === true) throw new UsageError(`--online: expected no URLs beside it, since it stands for the article's own; got ${urls.length}`);
  if (countTyped) throw new UsageError(`--count: expected no URLs beside it, each of which is fetched once; got ${urls.length}`);
  return urls;
}
