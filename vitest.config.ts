import { defineConfig } from 'vitest/config'

// Every project here runs with `npm test`. What is slow (load, soak, benchmarks) has its own command.
const project = (name: string, extra: Record<string, unknown> = {}) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`, `tests/${name}/**/*.test.tsx`],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    ...extra,
  },
})

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      // Files share their modules: loading them costs more than half of these tests.
      project('contract', { isolate: false }),
      project('integration'),
      // Of the faults, those whose course does not hang on how busy the machine is.
      project('faults', { include: ['tests/faults/ssrf.test.ts'] }),
      project('e2e', { testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false }),
    ],
  },
})
