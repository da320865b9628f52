import { readFileSync, writeFileSync, existsSync } from 'node:fs'
import vm from 'node:vm'
import { createRequire } from 'node:module'
const file = new URL('../dist/k.cjs', import.meta.url), cacheFile = new URL('../dist/k.cache', import.meta.url)
const t0=performance.now()
const source = '(function(exports, require, module, __metaUrl){' + readFileSync(file, 'latin1') + '\n})'
const cachedData = existsSync(cacheFile) ? readFileSync(cacheFile) : undefined
const script = new vm.Script(source, { filename: file.pathname, cachedData, importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER ?? (s => import(s)) })
if (process.env.T) console.error('script', performance.now()-t0, script.cachedDataRejected)
const module = { exports: {} }
script.runInThisContext()(module.exports, createRequire(import.meta.url), module, file.href)
if (process.env.T) console.error('ran', performance.now()-t0)
const m = await module.exports.entries.cli()
if (process.env.T) console.error('cli', performance.now()-t0, 'since start', performance.now())
process.on('exit', () => { if (process.env.MAKE) { const d=script.createCachedData(); writeFileSync(cacheFile, d); console.error('cache', d.length) } })
await m.main(process.argv.slice(2))
