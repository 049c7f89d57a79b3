// The header fields of requests, as a flat list of names and values, and of answers, as undici parses them.

/** Names, in lower case, and values in turn: undici takes such a list as it is, and never writes to it. */
export type Sent = readonly string[];

/** By name, in lower case; a list where the field came more than once. */
export type Received = Readonly<Record<string, string | string[] | undefined>>;

type Given = Readonly<Record<string, string>>;

/** What fetch sends, unless a program says otherwise. */
const DEFAULTS: Given = { accept: '*/*', 'accept-language': '*', 'user-agent': 'undici' };

/** The fields of a request to `origin`; of a name given more than once, whatever its case, the later one counts. */
export function fieldsToSend(origin: string, ...given: readonly Given[]): Sent {
  const fields = new Map<string, string>();
  for (const some of [DEFAULTS, ...given]) for (const name of Object.keys(some)) fields.set(name.toLowerCase(), some[name] as string);
  if (!fields.has('accept-encoding')) fields.set('accept-encoding', encodings(origin, fields));
  return [...fields].flat();
}

/** As fetch asks for them: a part of a file cannot be decompressed, and proxies of old break what they do not know. */
function encodings(origin: string, fields: ReadonlyMap<string, string>): string {
  if (fields.has('range')) return 'identity';
  return origin.startsWith('https:') ? 'br, gzip, deflate' : 'gzip, deflate';
}

/** The list without the fields of these names. */
export function without(fields: Sent, names: ReadonlySet<string>): Sent {
  return fields.filter((_, index) => !names.has(fields[index - (index % 2)] as string));
}

/** The value of a field that came; one that came more than once is one list, as everywhere in HTTP. */
export function received(fields: Received, name: string): string | undefined {
  const value = fields[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The same for programs, as fetch has it. */
export function toHeaders(fields: Received): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(fields)) for (const one of [value ?? []].flat()) headers.append(name, one);
  return headers;
}
