import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.spec.ts'],
    testTimeout: 60_000,
    globalSetup: 'tests/run-folder.ts',
    // Left alone vitest keeps one processor for itself, which is half of two.
    maxWorkers: '100%',
  },
});
