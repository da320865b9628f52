import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { manifestYaml } from '../../base/manifest-yaml.ts'
import { createModelDriver } from '../../drivers/model.ts'
import { connect, WrongChoice } from '../../drivers/real/connection.ts'
import { compared, type Disagreement, type Outcome } from './trial.ts'

/**
 * `npm run differential`: random mistakes in manifests, sent to a real cluster and to a modelled one as trials, of which nothing is left (dry runs). What
 * the two do not answer alike is told by how often it happens.
 */
const usage = `usage: npm run differential -- [--kubeconfig FILE] [--context NAME] [--count N] [--seed N] [--kind KIND,…] [--min PERCENT] [--write FILE] [DIR…]

Begins with the manifests in DIR (default: scenarios and examples), in files and in the doc strings of features.`

const filesIn = (path: string): string[] => !statSync(path).isDirectory() ? [path]
  : readdirSync(path).sort().flatMap(name => name === 'node_modules' ? [] : filesIn(join(path, name)))

/** Every object that a file describes, whatever else stands in it. */
function manifestsIn(path: string): readonly any[] {
  const text = /\.(?:ya?ml|feature)$/.test(path) ? readFileSync(path, 'utf8') : ''
  const parts = path.endsWith('.feature') ? [...text.matchAll(/"""[^\n]*\n([\s\S]*?)"""/g)].map(([, part]) => withoutIndent(part)) : [text]
  const objects = parts.map(manifestYaml).flatMap(read => 'objects' in read ? read.objects : [])
  return objects.filter(o => o?.kind && o.apiVersion && o.metadata)
}
function withoutIndent(text: string): string {
  const lines = text.split('\n'), indent = Math.min(...lines.filter(line => line.trim() !== '').map(line => line.search(/\S/)))
  return lines.map(line => line.slice(indent)).join('\n')
}

/** The same place and the same words, whatever the names and numbers in them. */
function grouped(all: readonly Disagreement[]): readonly (readonly Disagreement[])[] {
  const groups = new Map<string, Disagreement[]>()
  const shape = (text: string): string => text.replace(/"[^"]*"/g, '"…"').replace(/\d+/g, '#').replace(/\[[^\]]*\]/g, '[…]').slice(0, 150)
  for (const one of all) {
    const key = `${one.kind} ${shape(one.real)} ${shape(one.model)}`
    groups.set(key, [...groups.get(key) ?? [], one])
  }
  return [...groups.values()].sort((a, b) => b.length - a.length)
}
function told({ asked, accepted, disagreements }: Outcome, seed: number): string {
  const alike = asked - disagreements.length
  return [
    ...grouped(disagreements).flatMap(({ length, 0: { kind, number, real, model } }) => [
      `${length} × ${kind} (number ${number})`, `  real   …${real}`, `  model  …${model}`,
    ]),
    `${alike} of ${asked} answers alike (${share(alike, asked)} %), ${accepted} of them accepted; seed ${seed}`,
  ].join('\n')
}
const share = (part: number, whole: number): string => (100 * part / Math.max(1, whole)).toFixed(1)

async function run(): Promise<number> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { kubeconfig: text, context: text, count: text, seed: text, kind: text, min: text, write: text, help: { type: 'boolean' } },
  })
  if (values.help) { console.log(usage); return 0 }
  const folders = positionals.length > 0 ? positionals : ['scenarios', 'examples'], missing = folders.find(folder => !existsSync(folder))
  const [count, seed, min] = [values.count ?? '1000', values.seed ?? '1', values.min ?? '0'].map(Number)
  if (missing !== undefined || ![count, seed, min].every(n => n >= 0)) {
    console.error(missing === undefined ? usage : `there is no ${missing}\n\n${usage}`)
    return 2
  }
  const real = await connect(values), model = createModelDriver({ nodes: [{ name: 'worker-1' }], bare: true })
  await model.advance(60_000)
  const outcome = await compared(real, model, {
    seed, count, manifests: folders.flatMap(filesIn).flatMap(manifestsIn), ...values.kind ? { kinds: new Set(values.kind.split(',')) } : undefined,
  })
  real.close()
  console.log(told(outcome, seed))
  if (values.write) writeFileSync(values.write, JSON.stringify(outcome.disagreements, null, 1) + '\n')
  return 100 * (outcome.asked - outcome.disagreements.length) < min * outcome.asked ? 1 : 0
}
export async function main(): Promise<void> {
  try { process.exitCode = await run() } catch (error) {
    console.error((error as Error).message)
    process.exitCode = error instanceof WrongChoice || (error as any).code?.startsWith?.('ERR_PARSE_ARGS') ? 2 : 3
  }
}
