// Random tests that can be repeated: the seed is in the message of what fails.

export interface Random {
  /** A whole number from 0 to `below - 1`. */
  int(below: number): number;
  chance(probability: number): boolean;
}

/** The generator mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { int: (below) => Math.floor(next() * below), chance: (probability) => next() < probability };
}

/** Runs `body` for many seeds; what fails names its seed. `ASYNCDEMO_SEED=n` runs one alone. */
export async function forSeeds(count: number, body: (random: Random) => void | Promise<void>): Promise<void> {
  const only = process.env.ASYNCDEMO_SEED;
  const seeds = only === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(only)];
  for (const seed of seeds) {
    try {
      await body(seededRandom(seed));
    } catch (error) {
      throw new Error(`failed with ASYNCDEMO_SEED=${seed}`, { cause: error });
    }
  }
}
