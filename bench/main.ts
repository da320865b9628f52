import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createModelDriver } from '../src/drivers/model.ts'
import { nodeLoss, nodeLossOf, outage, quietDays, scaleUp, scheduled, written } from './cluster.ts'
import { probePeriods, restarts } from './kubelet.ts'
import { manyEndpoints, programming, routed } from './network.ts'
import { parserTable } from './parser.ts'
import { suiteTable } from './suite.ts'

/** `npm run bench [NAME…]`: what the model costs in wall-clock time and memory, with targets where there are some. What takes minutes only by its name.
 * `500x15000` brings up 500 nodes and 15,000 pods. */
interface Row { readonly what: string; readonly figure: string; readonly target?: string }
const wanted = process.argv.slice(2)
const slow = ['huge', 'many-restarts']
const chosen = (name: string): boolean => wanted.length === 0 ? !slow.includes(name) : wanted.includes(name)

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]
async function timed(run: () => Promise<unknown>): Promise<number> { const began = performance.now(); await run(); return performance.now() - began }
/** the median of `runs` after `warm` runs that are not counted */
async function warmMs(warm: number, runs: number, run: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < warm; i++) await run()
  const all: number[] = []
  for (let i = 0; i < runs; i++) all.push(await timed(run))
  return median(all)
}
const ms = (value: number): string => value < 100 ? `${value.toFixed(1)} ms` : value < 10_000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`

const rows: Row[] = []
async function measure(name: string, rowsOf: () => Promise<readonly Row[]>): Promise<void> {
  if (!chosen(name)) return
  try { rows.push(...await rowsOf()) } catch (error) { rows.push({ what: name, figure: `failed: ${(error as Error).message}` }); process.exitCode = 1 }
}

await measure('node-loss', async () => {
  const cold = await timed(() => nodeLoss(createModelDriver, 1)), all: Row[] = []
  for (const replicas of [1, 3]) {
    const made = await warmMs(100, 41, () => nodeLoss(createModelDriver, replicas))
    const forked = await warmMs(50, 41, await nodeLossOf(createModelDriver, replicas))
    all.push(
      { what: `node loss: 45 virtual minutes, 3 nodes, 10 deployments of ${replicas} in a forked cluster, warm`, figure: ms(forked), target: '< 15 ms' },
      { what: '  the same with the deployments made in the run', figure: ms(made) }
    )
  }
  return [...all, { what: '  the first run of the process', figure: ms(cold) }]
})
await measure('outage', async () =>
  [{ what: 'control-plane outage: 45 virtual minutes, 3 nodes, 10 deployments, warm', figure: ms(await warmMs(10, 11, () => outage(createModelDriver))) }])
await measure('quiet', async () =>
  [{ what: '30 quiet days of a 10-node cluster', figure: ms(await warmMs(1, 3, () => quietDays(createModelDriver))), target: '< 1 s' }])
await measure('probes', async () => {
  const passing = await probePeriods(createModelDriver, 1_000_000, 200), failing = await probePeriods(createModelDriver, 100_000, 503)
  return [
    { what: '1,000,000 probe periods that pass (200 pods, each second)', figure: `${ms(passing.wallMs)}, ${passing.heapMiB.toFixed(1)} MiB` },
    { what: '  100,000 that fail, with their events', figure: `${ms(failing.wallMs)}, ${failing.heapMiB.toFixed(1)} MiB` },
  ]
})
async function restarted(count: number): Promise<Row> {
  const r = await restarts(createModelDriver, count)
  return {
    what: `${r.count} container restarts of 1,000 crash-looping pods, in ${(r.virtualMs / 60_000).toFixed(0)} virtual minutes`,
    figure: `${ms(r.wallMs)}, ${(1000 * r.wallMs / r.count).toFixed(0)} µs each, ${r.heapMiB.toFixed(0)} MiB`,
  }
}
await measure('restarts', async () => [await restarted(5_000), await restarted(20_000)])
await measure('many-restarts', async () => [await restarted(200_000)])
async function broughtUp(nodes: number, pods: number): Promise<Row> {
  globalThis.gc?.()
  const before = process.memoryUsage().rss, result = await scaleUp(createModelDriver, nodes, pods)
  return {
    what: `${nodes.toLocaleString('en')} nodes and ${pods.toLocaleString('en')} pods brought up (${result.running} Running at t+${result.virtualMs / 1000}s)`,
    figure: `${ms(result.wallMs)}, ${(result.wallMs / pods).toFixed(2)} ms a pod, ${((process.memoryUsage().rss - before) / 2 ** 20).toFixed(0)} MiB`,
  }
}
await measure('scale', async () => [await broughtUp(200, 2000), await broughtUp(1000, 10_000)])
// takes minutes: node --max-semi-space-size=128 --max-old-space-size=8000 dist/bench.js huge (what lives until the next compaction dies young then)
await measure('huge', async () => [{ ...await broughtUp(5000, 150_000), target: '≤ 60 s, ≤ 1.5 GB' }])
for (const own of wanted.filter(name => /^\d+x\d+$/.test(name))) {
  await measure(own, async () => { const [nodes, pods] = own.split('x').map(Number); return [await broughtUp(nodes, pods)] })
}
await measure('scheduling', async () => {
  const wallMs = await scheduled(createModelDriver, 1000, 1000)
  return [{ what: '1,000 pods bound to 1,000 nodes', figure: `${ms(wallMs)}, ${(1e6 / wallMs).toFixed(0)} decisions a second` }]
})
await measure('writes', async () => {
  const wallMs = await written(createModelDriver, 10_000)
  return [{ what: '10,000 objects created, one after the other', figure: `${ms(wallMs)}, ${(1e7 / wallMs).toFixed(0)} writes a second` }]
})
await measure('services', async () => {
  const all: Row[] = []
  for (const n of [1250, 5000]) {
    const { wallMs, changeMs, programmed, rssMiB } = await programming(createModelDriver, n, 50)
    all.push({
      what: `${n} services × 50 endpoints made and programmed, then a change of each (${programmed} right)`,
      figure: `${ms(wallMs)} + ${ms(changeMs)}, ${rssMiB.toFixed(0)} MiB`,
    })
  }
  return all
})
await measure('endpoints', async () => {
  const all: Row[] = []
  for (const n of [250, 500, 1000]) {
    const { upMs, churnMs, ready } = await manyEndpoints(createModelDriver, n)
    all.push({ what: `a Service of ${n} pods comes up, then all are replaced (${ready} ready)`, figure: `${ms(upMs)} + ${ms(churnMs)}` })
  }
  return all
})
await measure('requests', async () => {
  const all: Row[] = []
  for (const n of [100_000, 1_000_000]) {
    const { wallMs, sent, lost, rssMiB } = await routed(createModelDriver, n)
    all.push({ what: `${sent} requests in 1,000 s while 100 pods are replaced (${lost} lost)`, figure: `${ms(wallMs)}, ${rssMiB.toFixed(0)} MiB` })
  }
  return all
})
await measure('parser', async () => {
  const folders = ['scenarios', 'test/fidelity'].map(f => join(import.meta.dirname, '..', f))
  const features = folders.flatMap(function walk(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap(e =>
      e.isDirectory() ? walk(join(folder, e.name)) : e.name.endsWith('.feature') ? [join(folder, e.name)] : [])
  })
  return parserTable(features.map(f => readFileSync(f, 'utf8')))
})
await measure('suite', suiteTable)

const width = Math.max(...rows.map(r => r.what.length))
for (const { what, figure, target } of rows) console.log(`${what.padEnd(width)}   ${figure.padStart(14)}${target ? `   (target ${target})` : ''}`)
