// What a session can be told, its defaults, and what is refused.

export interface ClientSessionOptions {
  /** Ms of the loop's time that an attempt may take: connection, headers and body. 30 000 unless given; Infinity for no limit. */
  timeout?: number;
  /** Further attempts after network errors, timeouts, 429 and 5xx, until the headers are in. 0 unless given. */
  retries?: number;
  /** The most requests at a time, until their body is read or let go; the others wait in line. 100 unless given, as in aiohttp; Infinity for no limit. */
  limit?: number;
  /** The most bytes a body may have, decompressed. 10 MiB unless given. */
  maxBytes?: number;
  /** Whether HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured; loopback addresses are never proxied. True unless given. */
  proxy?: boolean;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Ms of real time that the network may keep silent, for virtual time stands still while a request is in flight. The
   * longer of `timeout` and 5000 unless given; an attempt ended by it counts as timed out.
   */
  hostTimeout?: number;
}

/**
 * The options with their defaults.
 * @throws RangeError for one that is out of range.
 */
export function checked(options: ClientSessionOptions): Required<ClientSessionOptions> {
  const { timeout = 30_000, retries = 0, limit = 100, maxBytes = 10 * 1024 ** 2, proxy = true, headers = {} } = options;
  const { hostTimeout = Math.max(timeout, 5000) } = options;
  expect(timeout > 0, 'a timeout in milliseconds above 0', timeout);
  expect(Number.isInteger(retries) && retries >= 0, 'a whole number of retries from 0 up', retries);
  expect((Number.isInteger(limit) && limit > 0) || limit === Number.POSITIVE_INFINITY, 'a whole limit from 1 up, or Infinity', limit);
  expect(maxBytes >= 0, 'maxBytes from 0 up', maxBytes);
  expect(hostTimeout > 0, 'a hostTimeout in milliseconds above 0', hostTimeout);
  return { timeout, retries, limit, maxBytes, proxy, headers, hostTimeout };
}

function expect(holds: boolean, expected: string, actual: number): void {
  if (!holds) throw new RangeError(`ClientSession: expected ${expected}, got ${actual}`);
}
