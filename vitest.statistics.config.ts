import { defineConfig } from 'vitest/config'

// Simulations of some minutes that show what intervals cover: `npm run test:statistics`. Files run
// side by side, one a core.
export default defineConfig({
  test: {
    include: ['tests/statistics/**/*.test.ts'],
    testTimeout: 30 * 60_000,
    pool: 'forks',
  },
})
