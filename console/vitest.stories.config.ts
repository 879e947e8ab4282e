import { defineConfig } from 'vitest/config'

// Stories drive a browser against the real server. Each file has both for itself, so two files run at once.
export default defineConfig({
  test: {
    environment: 'node',
    include: [process.env.STORIES ?? 'e2e/**/*.story.ts'],
    globalSetup: 'e2e/seed.ts',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // What a page shows after a while, on a machine that has other things to do.
    expect: { poll: { timeout: 15_000, interval: 100 } },
  },
})
