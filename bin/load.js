import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

/**
 * Loads an entry of dist/kscenario.cjs (see src/entries.ts). Compiling its functions anew would take a third of a short run, so V8's code cache is
 * kept beside it, one for each version of Node.js; one that is missing is written at the end of the first run, where the folder can be written to.
 */
const bundle = new URL('../dist/kscenario.cjs', import.meta.url), file = fileURLToPath(bundle)

let entries
function loaded() {
  if (entries) return entries
  // esbuild writes ASCII, which as latin1 is taken without decoding; V8 tells sources apart by their length alone, so we go by the fingerprint in line 1
  const text = readFileSync(file, 'latin1'), cacheFile = file.replace('.cjs', `.${text.slice(2, 18)}.${process.version}-${process.arch}.cache`)
  const cachedData = existsSync(cacheFile) ? readFileSync(cacheFile) : undefined
  const script = new Script(`(function (exports, require, module, bundleUrl, bundleImport) {${text}\n})`, { filename: file, cachedData })
  if (script.cachedDataRejected ?? true) process.once('exit', () => keep(script, cacheFile))
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle.href, specifier => import(specifier))
  return entries = module.exports.entries
}

/** All functions that have run so far are in it: not many after a mere `--help`. Other processes may read it meanwhile. */
function keep(script, cacheFile) {
  if (performance.now() < 400) return
  try {
    const own = `${cacheFile}.${process.pid}`
    writeFileSync(own, script.createCachedData())
    renameSync(own, cacheFile)
  } catch { /* a folder of somebody else's: the next run compiles again */ }
}

/** The exports of an entry. */
export const load = entry => loaded()[entry]()
