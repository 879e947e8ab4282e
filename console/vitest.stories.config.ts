import { defineConfig } from 'vitest/config'

// Stories drive a browser against one real server, one after the other: they are about people, not about speed.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['e2e/**/*.story.ts', 'e2e/screenshots.ts'],
    exclude: process.argv.some((argument) => argument.includes('screenshots')) ? [] : ['e2e/screenshots.ts'],
    globalSetup: 'e2e/server.ts',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
