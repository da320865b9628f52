export const entries: any = { cli: () => import('../src/cli/main.ts'), index: () => import('../src/index.ts'), worker: () => import('../src/cli/worker.ts') }
