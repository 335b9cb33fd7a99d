import { defineConfig } from 'vitest/config'

// What providers can do wrong, and what they must not reach: run by `npm run test:faults`. One file
// after the other, since they say how long things took.
export default defineConfig({
  test: {
    include: ['tests/faults/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    disableConsoleIntercept: true,
  },
})
