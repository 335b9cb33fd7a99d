import { defineConfig } from 'vitest/config'

// What takes minutes: run by its own command, never by `npm test`.
export default defineConfig({
  test: {
    include: ['tests/load/**/*.test.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
