import { defineConfig } from 'vitest/config'

// One module graph for all files: the model keeps no global state, and isolating each file costs most of a second.
export default defineConfig({ test: { include: ['test/**/*.test.ts'], isolate: false, testTimeout: 60_000, hookTimeout: 60_000, pool: 'threads' } })
