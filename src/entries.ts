/**
 * Everything that can be entered from outside. `build/build.mjs` makes one script of all of it, `dist/kscenario.cjs`, whose modules run when they are
 * first asked for, and for each entry a file of its name that loads it (`bin/load.js`): one instance of every module, and one code cache.
 */
export const entries = {
  index: () => import('./index.ts'),
  cli: () => import('./cli/main.ts'),
  worker: () => import('./cli/worker.ts'),
  cucumber: () => import('./cucumber/index.ts'),
  vitest: () => import('./vitest/index.ts'),
  'vitest-runtime': () => import('./vitest/runtime.ts'),
  fidelity: () => import('./fidelity/main.ts'),
  differential: () => import('./fidelity/differential/main.ts'),
}
