import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // A process a file: signal listeners, the running loop and garbage collection are the process's own.
    pool: 'forks',
    // Two, on a machine of two cores as well: most of the longest files wait for their children most of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
