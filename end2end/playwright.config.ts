import { defineConfig } from '@playwright/test';

/** Journeys start their own server and browser, as a person's tablet would: nothing is shared between two of them. */
export default defineConfig({
  testDir: './journeys',
  outputDir: './results/failures',
  // Two at a time, each with a server and browsers of its own: they mostly wait.
  workers: 2,
  fullyParallel: false,
  // A journey that passes at the second try is a broken journey.
  retries: 0,
  timeout: 240_000,
  reporter: [['list']],
});
