// All that the tour says itself, in one shape for every language: en.ts, zh.ts.
import type { TimelineWords } from '../../observe/timeline-words.ts';
import type { Findings } from './findings.ts';
import type { Stop } from './route.ts';

/** What is said of one example. In prose, code stands between backticks. */
export interface StopWords {
  readonly title: string;
  /** What it shows, and what to watch for: sentences. */
  readonly watch: readonly string[];
  /** How to read its timeline: sentences. */
  readonly reading: readonly string[];
  /** What each of the catalog's command lines shows, in their order. */
  readonly tries: readonly string[];
  /** What the run with a timeline shows. */
  readonly live: string;
  /** Something to think about. */
  readonly question: string;
  /** A change to make in the source, and what comes of it. */
  readonly change: string;
}

export interface TourWords {
  readonly stops: Readonly<Record<Stop, StopWords>>;
  readonly timeline: TimelineWords;
  /** Between two sentences. */
  readonly space: string;
  /** Before and after the whole walk: paragraphs. */
  readonly welcome: readonly string[];
  readonly farewell: readonly string[];
  readonly source: string;
  readonly run: string;
  readonly picture: string;
  readonly next: string;
  readonly question: string;
  readonly change: string;
  /** Of a run in which no task was created: why there is no timeline. */
  readonly noTasks: string;
  /** What the log says: sentences. */
  readonly findings: (findings: Findings) => readonly string[];
  /** What to press: in the middle of an example, and before the next one, which is named. */
  readonly goOn: string;
  readonly goTo: (name: string) => string;
}
