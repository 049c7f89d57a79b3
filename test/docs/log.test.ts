// docs/log.md says what is in a log: all of it, and as the reader checks it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FACTS, parseLog } from '../../src/observe/log-reader.ts';

const text = readFileSync(fileURLToPath(new URL('../../docs/log.md', import.meta.url)), 'utf8');

test('every event stands in the table, with just the fields that the reader checks', () => {
  const told = [...text.matchAll(/^\| `([a-z-]+)` \|([^|]*)\| [^|]+ \|$/gm)]
    .map(
      ([, event, fields]) =>
        [event as string, Object.fromEntries([...(fields as string).matchAll(/`(\w+)` (\w+\??)/g)].map(([, name, kind]) => [name, kind]))] as const,
    )
    .filter(([event]) => event in FACTS);
  expect(Object.fromEntries(told)).toEqual(FACTS);
});

test('the example is a log', () => {
  const example = /^```json\n([\s\S]*?)^```$/m.exec(text)?.[1] as string;
  const log = parseLog(example);
  expect(log.events.length).toBeGreaterThan(5);
  expect(log.whole).toBe(false);
});
