// Builds everything that is not written by hand, then the bundles: `node build/build.mjs [--quiet]`.
// Each file in build/steps/ exports a default async function and makes one kind of generated file; they run in order of name.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { sharedShapes } from './shared-shapes.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
process.chdir(root)
for (const file of readdirSync('build/steps').filter(f => f.endsWith('.mjs')).sort()) {
  await (await import(pathToFileURL(join(root, 'build/steps', file)).href)).default(root)
}

const options = { absWorkingDir: root, outdir: 'dist', bundle: true, platform: 'node', target: 'node20', logLevel: 'warning', loader: { '.json': 'json' } }
const written = new Set()
function write(name, text) { written.add(name); writeFileSync(join('dist', name), text) }

// one script of everything, which begins with its fingerprint
const peers = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).peerDependencies)
const { outputFiles: [{ text: script }] } = await build({
  ...options, entryPoints: ['src/entries.ts'], format: 'cjs', write: false, external: peers, define: { 'import.meta.url': 'bundleUrl' },
})
// code from a code cache has lost who imports for it (Node.js 20), so it is handed to it
const text = sharedShapes(script.replaceAll(/(?<![\w$.])import\(/g, 'bundleImport('), 'script')
const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 16)
write('kscenario.cjs', `//${fingerprint}\n${text}`)

// for each entry that others import a module with its exports
const { metafile: { outputs } } = await build({
  ...options, entryPoints: { index: 'src/index.ts', vitest: 'src/vitest/index.ts', 'vitest-runtime': 'src/vitest/runtime.ts' }, format: 'esm',
  packages: 'external', metafile: true, write: false,
})
for (const [path, { exports: names }] of Object.entries(outputs)) {
  write(basename(path), `import { load } from '../bin/load.js'\n\nexport const { ${names.join(', ')} } = await load('${basename(path, '.js')}')\n`)
}
write('worker.js', "import { load } from '../bin/load.js'\n\nawait load('worker')\n")
for (const entry of ['cucumber', 'fidelity', 'differential']) {
  write(`${entry}.js`, `import { load } from '../bin/load.js'\n\nconst { main } = await load('${entry}')\nawait main()\n`)
}

const { outputFiles: [bench] } = await build({ ...options, entryPoints: ['bench/main.ts'], format: 'esm', packages: 'external', write: false })
write('bench.js', sharedShapes(bench.text, 'module'))

// the code cache holds what a usual run has compiled
const cache = `kscenario.${fingerprint}.${process.version}-${process.arch}.cache`
written.add(cache)
if (!existsSync(join('dist', cache))) {
  execFileSync(
    process.execPath, ['bin/kscenario.js', 'run', 'scenarios/chapter03', '--no-reports', '--quiet', '--parallel', '1'],
    { stdio: ['ignore', 'ignore', 'inherit'] }
  )
}
for (const file of readdirSync('dist')) if (/\.(js|cjs|cache)$/.test(file) && !written.has(file)) rmSync(join('dist', file))
