import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/exits.ts';
import { collectUrls } from '../../src/cli/urls.ts';

let file: string;
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'asyncdemo-')), 'urls.txt');
});
afterAll(() => rm(dirname(file), { recursive: true }));

test('URLs stay as they were typed, in their order, and may come twice', async () => {
  const urls = ['http://b.test', 'HTTPS://A.test/x?y=%20#z', 'http://b.test', 'http://[::1]:8080/', 'http://user:secret@host.test/'];
  expect(await collectUrls(urls, undefined)).toEqual(urls);
});

test('those of a file come behind those of the command line; blanks, remarks and line ends do not count', async () => {
  await writeFile(file, '\ufeff# mine\r\n\r\n  http://c.test/  \r\n#http://d.test/\nhttp://e.test/#not-a-remark');
  expect(await collectUrls(['http://a.test/'], file)).toEqual(['http://a.test/', 'http://c.test/', 'http://e.test/#not-a-remark']);
});

test('none given are none', async () => {
  expect(await collectUrls([], undefined)).toEqual([]);
});

test.for(['', 'ftp://a.test/', 'data:,x', 'a', 'http:/', 'http://', 'http://a b/', '//a.test/', 'localhost', '127.0.0.1:80'])(
  '%j is no URL to fetch',
  async (url) => {
    await expect(collectUrls([url], undefined)).rejects.toThrow(UsageError);
    await expect(collectUrls([url], undefined)).rejects.toThrow(`URL: expected a URL that starts with http:// or https://, got '${url}'`);
  },
);

test.for(['example.com', 'www.example.com/path', 'example.com:8080/x'])('a bare name that could be one is met with a hint: %s', async (url) => {
  await expect(collectUrls([url], undefined)).rejects.toThrow(`got '${url}'; did you mean https://${url}?`);
});

test('a wrong line of a file is told by its number, remarks counted', async () => {
  await writeFile(file, '# one\n\nhttp://a.test/\nnonsense\n');
  await expect(collectUrls([], file)).rejects.toThrow(`${file}:4: expected a URL that starts with http:// or https://, got 'nonsense'`);
});

test('a file that cannot be read is told with the reason', async () => {
  await expect(collectUrls([], `${file}.missing`)).rejects.toThrow(
    new UsageError(`--input: expected a readable file, got '${file}.missing': it does not exist`),
  );
});
