import { createCluster } from '../../src/runtime-model/cluster.ts'
import type { Cluster, ModelOptions } from '../../src/runtime-model/cluster.ts'
import { request } from '../../src/runtime-model/network/client.ts'
import type { Observation } from '../../src/runtime-model/kernel/observation.ts'

/** A small cluster whose story is told in lines: `54.2 node worker-1 Ready=Unknown`. */
export class Story {
  readonly cluster: Cluster
  #lines: string[] = []
  constructor(options: ModelOptions) {
    this.cluster = createCluster({ seed: 0, bare: true, nodes: [{ name: 'worker-1' }, { name: 'worker-2' }], ...options })
    this.cluster.observe(o => { const line = lineOf(o); if (line) this.#lines.push(`${(o.at / 1000).toFixed(1)} ${line}`) })
  }
  send(verb: any, target: any, body?: any, rest: any = {}): any {
    const { code, body: answer } = this.cluster.request(request(
      { credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl' }, verb, target, { body, ...rest }
    ))
    if (code >= 300) throw new Error(JSON.stringify(answer))
    return answer
  }
  pod(name: string, spec: any = {}): void {
    this.send('create', { resource: 'pods', namespace: 'default' }, {
      apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'example.com/app:1' }], ...spec },
    })
  }
  merge(resource: string, name: string, body: any, namespace?: string): void {
    this.send('patch', { resource, name, namespace }, body, { patchType: 'application/merge-patch+json' })
  }
  /** lets time pass and answers what happened meanwhile, of these words */
  after(seconds: number, words: RegExp): string[] {
    this.cluster.advance(seconds * 1000)
    return this.lines(words)
  }
  lines(words: RegExp): string[] { const all = this.#lines; this.#lines = []; return all.filter(line => words.test(line)) }
  node(name: string): any { return this.cluster.stored('nodes', '', name) }
  pods(): Record<string, any> { return Object.fromEntries(this.cluster.storedList('pods', 'default').map(p => [p.metadata.name, p])) }
}

function lineOf(o: Observation): string | undefined {
  if (o.type !== 'object' || o.change === 'DELETED' && o.resource === 'events') return undefined
  const { old, new: now } = o
  if (o.resource === 'events') return `event ${(now.involvedObject ?? now.regarding).name} ${now.reason}: ${now.message ?? now.note}`
  if (o.change === 'DELETED') return `${o.kind.toLowerCase()} ${o.name} gone`
  const changes = [...conditions(old, now), ...taints(old, now)]
  if (now.metadata.deletionTimestamp && !old?.metadata.deletionTimestamp) changes.push('deleted')
  if (now.spec?.nodeName && !old?.spec?.nodeName) changes.push(`on ${now.spec.nodeName}`)
  return changes.length ? `${o.kind.toLowerCase()} ${o.name} ${changes.join(' ')}` : undefined
}
function conditions(old: any, now: any): string[] {
  const before = new Map<string, string>((old?.status?.conditions ?? []).map((c: any) => [c.type, c.status]))
  return (now.status?.conditions ?? []).filter((c: any) =>
    ['Ready', 'DisruptionTarget'].includes(c.type) && before.get(c.type) !== c.status && !(c.status === 'False' && !before.has(c.type))).map((c: any) =>
    `${c.type}=${c.status}`)
}
function taints(old: any, now: any): string[] {
  const of = (o: any): string[] => (o?.spec?.taints ?? []).map((t: any) => `${t.key.replace('node.kubernetes.io/', '')}:${t.effect}`)
  return [...of(now).filter(t => !of(old).includes(t)).map(t => `+${t}`), ...of(old).filter(t => !of(now).includes(t)).map(t => `-${t}`)]
}
