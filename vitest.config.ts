import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // A process a file: signal listeners, the running loop and garbage collection are the process's own.
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
