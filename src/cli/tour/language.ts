// Which language the tour is told in.
import { UsageError } from '../exits.ts';

export type Language = 'en' | 'zh';

/** What was asked for, or else what the locale says. @throws UsageError for a language there is no tour in. */
export function languageOf(asked: string | undefined, env: NodeJS.ProcessEnv): Language {
  if (asked === 'en' || asked === 'zh') return asked;
  if (asked !== undefined) throw new UsageError(`--lang: expected en or zh, got '${asked}'`);
  // POSIX: the first that is set and not empty decides.
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
