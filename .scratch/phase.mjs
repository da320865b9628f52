import { setFlagsFromString } from 'node:v8'
setFlagsFromString('--interrupt-budget=614400')
const t0 = performance.now()
const { load } = await import('../bin/load.js')
const { main } = await load('cli')
const t1 = performance.now()
const { createCluster } = {}
await main(process.argv.slice(2))
console.error('start', t0|0, 'load', (t1-t0)|0, 'main', (performance.now()-t1)|0)
