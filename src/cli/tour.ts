// The article as a walk: of each example what to watch for, its coroutines, a run, what each task did when, and what to try.
import { type Example, examples } from '../demos/catalog.ts';
import { painter } from '../observe/paint.ts';
import { timeline } from '../observe/timeline.ts';
import { type Exit, UsageError } from './exits.ts';
import type { Globals } from './globals.ts';
import { HOME } from './home.ts';
import { nearestOf } from './nearest.ts';
import { err, out, outputIsBroken } from './output.ts';
import { wantsColour } from './style.ts';
import { COLUMNS, columnsOf } from './terminal.ts';
import { type Chapter, visit } from './tour/chapter.ts';
import type { Wait } from './tour/findings.ts';
import { type Language, languageOf } from './tour/language.ts';
import { type Block, pageOf, prose, rule, type Sheet } from './tour/page.ts';
import { type Answer, canPause, Pauses } from './tour/pause.ts';
import { route } from './tour/route.ts';
import type { TourWords } from './tour/words.ts';

interface TourOptions extends Globals {
  readonly lang?: string;
  /** False with `--no-pause`. */
  readonly pause: boolean;
}

/** Goes through all examples, or the one that is named. Goes on after one that fails, and ends with the first failure's exit. */
export async function runTour(named: string | undefined, options: TourOptions): Promise<Exit> {
  const language = languageOf(options.lang, process.env);
  const stops = named === undefined ? examples : [exampleOf(named)];
  const words: TourWords = language === 'zh' ? (await import('./tour/zh.ts')).zh : (await import('./tour/en.ts')).en;
  const walk = new Walk(words, options);
  const whole = named === undefined;
  const shown = !options.json && !options.quiet;
  let worst: Exit = 0;
  if (whole && shown) await walk.show([(sheet) => ['', rule('asyncdemo tour', '', sheet), '', ...prose(words.welcome, sheet)]]);
  for (const [index, example] of stops.entries()) {
    if (whole && shown) await walk.pause(words.goTo(example.name));
    if (walk.over !== undefined) return walk.over;
    const chapter = await visit(example, HOME, options, (text) => err(`asyncdemo ${example.name}: ${text}`));
    if (typeof chapter.exit === 'string') return chapter.exit;
    worst ||= chapter.exit;
    if (options.json && !options.quiet) out(JSON.stringify(factsOf(chapter, words, language)));
    else if (shown) await walk.show([() => [''], ...pageOf(chapter, whole ? [index, stops.length] : undefined, words)]);
    if (walk.over !== undefined) return walk.over;
    if (outputIsBroken()) break;
  }
  if (whole && shown) await walk.show([(sheet) => ['', rule('', '', sheet), '', ...prose(words.farewell, sheet)]]);
  if (shown) out('');
  return walk.over ?? worst;
}

function exampleOf(named: string): Example {
  const example = examples.find(({ name, alias }) => named === name || named === alias);
  if (example !== undefined) return example;
  const near = nearestOf(
    named,
    examples.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias])),
  );
  throw new UsageError(`example: expected one that \`asyncdemo list\` names, got '${named}'${near === undefined ? '' : `; did you mean '${near}'?`}`);
}

/** Shows pages, a screenful at a time where somebody is there to turn them. */
class Walk {
  /** How the walk was left, if it was. */
  over: Exit | undefined;
  readonly #words: TourWords;
  readonly #color: boolean;
  readonly #pauses: Pauses | undefined;
  /** Lines since the last pause. */
  #lines = 0;

  constructor(words: TourWords, { color, pause, json, quiet }: TourOptions) {
    this.#words = words;
    this.#color = wantsColour(process.stdout, color);
    const asked = pause && !json && !quiet && canPause(process.stdin, process.stdout, process.env);
    this.#pauses = asked ? new Pauses(process.stdin, process.stdout) : undefined;
  }

  /** The terminal may have become another between two pauses. */
  get #sheet(): Sheet {
    return { columns: columnsOf(process.stdout) ?? COLUMNS, color: this.#color, paint: painter(this.#color), words: this.#words };
  }

  /**
   * Pauses before a block that would push what has not been read yet off the screen, and in the middle of one that does so by
   * itself. A block whose lines are no longer as wide as the window after a pause is shown once more, from its beginning.
   */
  async show(blocks: readonly Block[]): Promise<void> {
    for (const block of blocks) {
      let sheet = this.#sheet;
      let lines = block(sheet);
      for (let shown = 0; shown < lines.length; shown++) {
        const needed = shown === 0 && this.#lines > 0 ? lines.length : 1;
        if (this.#lines + needed > this.#room) {
          await this.pause(this.#words.goOn);
          if (this.over !== undefined) return;
          if (this.#sheet.columns !== sheet.columns) {
            sheet = this.#sheet;
            lines = block(sheet);
            shown = 0;
          }
        }
        out(lines[shown] as string);
        this.#lines += 1;
      }
    }
  }

  async pause(prompt: string): Promise<void> {
    if (this.#pauses === undefined || this.over !== undefined || outputIsBroken()) return;
    const { paint } = this.#sheet;
    const answer: Answer = await this.#pauses.ask(prompt, (text) => paint('cyan', text));
    this.#lines = 0;
    if (answer !== 'on') this.over = answer === 'quit' ? 0 : answer;
  }

  /** The last line of the screen is the prompt's. Of a terminal that does not know its height all fits. */
  get #room(): number {
    return (process.stdout.rows || Number.POSITIVE_INFINITY) - 1;
  }
}

/** A chapter for programs. */
function factsOf({ example, name, file, excerpts, command, printed, log, findings }: Chapter, words: TourWords, language: Language): object {
  const { title, watch, reading, tries, live, question, change } = words.stops[name];
  const { tasks, most, iterations, steps, length, longest } = findings;
  return {
    command: 'tour',
    event: 'example',
    at: Math.round(length),
    name,
    section: example.section,
    lang: language,
    title,
    watch,
    file,
    source: excerpts.map(({ name, from, lines }) => ({ name, line: from, text: lines.join('\n') })),
    run: command,
    printed,
    tasks,
    most,
    iterations,
    steps,
    longest: longest === undefined ? null : waitFacts(longest),
    timeline: tasks === 0 ? null : timeline(log, { words: words.timeline }),
    reading: [...(tasks === 0 ? [words.noTasks] : []), ...reading, ...(tasks === 0 ? [] : words.findings(findings))],
    tries: [...example.tries.map(([line], i) => ({ command: line, shows: tries[i] })), { command: route[name].live, shows: live }],
    question,
    change,
  };
}

function waitFacts({ title, awaits, cancelled, ms, place }: Wait): object {
  return { task: title ?? null, awaits, cancelled, ms: Math.round(ms), place: place ?? null };
}
