// Builds everything that is not written by hand, then the bundles: `node build/build.mjs [--quiet]`.
// Each file in build/steps/ exports a default async function and makes one kind of generated file; they run in order of name.
import { readdirSync, existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
process.chdir(root)
for (const file of readdirSync('build/steps').filter(f => f.endsWith('.mjs')).sort()) await (await import(pathToFileURL(join(root, 'build/steps', file)).href)).default(root)

/** bundle → its entry */
const entries = Object.fromEntries(Object.entries({
  index: 'src/index.ts', cli: 'src/cli/main.ts', worker: 'src/cli/worker.ts', cucumber: 'src/cucumber/index.ts', vitest: 'src/vitest/index.ts', 'vitest-runtime': 'src/vitest/runtime.ts', fidelity: 'src/fidelity/main.ts', bench: 'bench/main.ts',
}).filter(([, file]) => existsSync(file)))
for (const file of existsSync('dist') ? readdirSync('dist').filter(f => f.endsWith('.js')) : []) rmSync(join('dist', file)) // chunks of builds before
await build({
  absWorkingDir: root, entryPoints: entries,
  outdir: 'dist', bundle: true, splitting: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', minifySyntax: false, sourcemap: false, logLevel: 'warning', loader: { '.json': 'json' },
})
