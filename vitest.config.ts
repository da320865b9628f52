import { defineConfig } from 'vitest/config'
import { sharedShapesPlugin } from './build/shared-shapes.mjs'

// One module graph for all files of a thread: the model keeps no global state, and isolating each file costs most of a second. Each processor has a thread.
export default defineConfig({
  plugins: [sharedShapesPlugin],
  test: { include: ['test/**/*.test.ts'], isolate: false, testTimeout: 60_000, hookTimeout: 60_000, pool: 'threads', maxWorkers: '100%' },
})
