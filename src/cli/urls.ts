// The URLs to fetch: from the command line, a file or stdin, checked before anything is started.
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { shownText } from '../observe/shown-text.ts';
import { UsageError } from './exits.ts';

/** Of what is not a URL, no more than this is repeated. */
const LONGEST_SHOWN = 100;

/** Collects the URLs of a command line. Blank lines of a list and those that start with `#` are skipped. */
export async function collectUrls(given: readonly string[], input: string | undefined): Promise<string[]> {
  if (given.filter((url) => url === '-').length + (input === '-' ? 1 : 0) > 1) throw new UsageError('-: expected stdin to be named once, got it more often');
  const urls: string[] = [];
  for (const url of given) {
    if (url === '-') urls.push(...(await readUrls('-', '-')));
    else urls.push(checkUrl(url, 'URL'));
  }
  if (input !== undefined) urls.push(...(await readUrls(input, '--input')));
  return urls;
}

/** Reads the URLs of a file, `-` being stdin. `typed` is how it was asked for. */
async function readUrls(path: string, typed: string): Promise<string[]> {
  const name = path === '-' ? 'stdin' : path;
  const lines = (await readInput(path)).replace(/^\uFEFF/, '').split(/\r?\n/);
  const urls = lines.flatMap((line, index) => {
    const trimmed = line.trim();
    return trimmed === '' || trimmed.startsWith('#') ? [] : [checkUrl(trimmed, `${name}:${index + 1}`)];
  });
  if (urls.length === 0) throw new UsageError(`${typed}: expected at least one URL in ${name}, got none`);
  return urls;
}

async function readInput(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'it does not exist' : code === 'EISDIR' ? 'it is a directory' : code === 'EACCES' ? 'permission denied' : message;
    throw new UsageError(`--input: expected a readable file, got '${path}': ${reason}`);
  }
}

/** A URL as it was typed, if it can be fetched. */
function checkUrl(url: string, where: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && (parsed.protocol === 'http:' || parsed.protocol === 'https:') && parsed.hostname !== '') return url;
  throw new UsageError(`${where}: expected a URL that starts with http:// or https://, got '${shorten(url)}'${hintFor(url)}`);
}

/** A host name was typed as browsers take it. */
function hintFor(url: string): string {
  const local = /^(localhost|\d+(\.\d+){3})(:\d+)?(\/|$)/.test(url);
  const meant = `${local ? 'http' : 'https'}://${url}`;
  return (local || (!url.includes('://') && /^[\w-]+(\.[\w-]+)+/.test(url))) && URL.canParse(meant) ? `; did you mean ${meant}?` : '';
}

function shorten(text: string): string {
  const shown = shownText(text);
  return shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}...` : shown;
}
