import { defineConfig } from '@playwright/test';

/** Measures and long runs: they take the time they take, and say themselves what they found. */
export default defineConfig({
  testDir: '.',
  outputDir: '../results/bench',
  workers: 1,
  retries: 0,
  timeout: 0,
  reporter: [['list']],
});
