import { nodeAlive, nodesWithProxy, type Physics } from './physics.ts'
import { rulesOn } from './route.ts'
import type { Source } from './sources.ts'

/**
 * What a cloud's load balancer knows of the nodes behind it: it asks each of them at fixed times, leaves a node out after so many bad answers in a row, and
 * takes it in after as many good ones; till then it goes by what it knew. With a local policy a node is well while one of its own endpoints is ready (those
 * that end are not, though kube-proxy still sends to them), else while its kube-proxy answers and does not say that the node is about to go. Where no node is
 * well it uses all. What is in flight by a node that it was told to forget goes on for a while. Source:
 * https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/, pkg/proxy/healthcheck, KEP-1669, KEP-3836
 */
export interface Check { readonly well: boolean; /** virtual ms at which it will have noticed that this has changed */ readonly turnsAt?: number }
export type Checks = Readonly<Record<string, Check>>
/** node that it was told to forget → virtual ms at which it cuts off what is still in flight there */
export type Released = Readonly<Record<string, number>>

/** The source with what its balancer has noticed by now; the very same one where that is nothing new. */
export function lookOver(physics: Physics, source: Source, now: number): Source {
  const cloud = source.pod ? undefined : physics.peek('cloud/api')?.state, nodes = cloud && targetsOf(physics, cloud, source)
  if (!nodes) return source.checks === undefined ? source : { ...source, checks: undefined, released: undefined }
  const { everyMs, times } = cloud.checks, before = source.checks ?? {}, next: Record<string, Check> = {}
  for (const node of nodes) {
    const well = isWell(physics, node, source)
    next[node] = source.checks === undefined ? { well } : checked(before[node] ?? { well: false }, well, now, everyMs, times)
  }
  const released = letGo(source, nodes, now, cloud.drainsMs)
  return same(before, next) && source.checks !== undefined && released === source.released ? source : { ...source, checks: next, released }
}
/** Only who is in flight, or keeps a connection open, is there to be cut off. */
function letGo({ checks = {}, released, takesMs, connections }: Source, nodes: readonly string[], now: number, drainsMs: number): Released | undefined {
  if (!takesMs && !connections) return undefined
  const gone = Object.keys(checks).filter(n => !nodes.includes(n)), over = Object.keys(released ?? {}).filter(n => now > released![n] || nodes.includes(n))
  if (gone.length === 0 && over.length === 0) return released
  const left = Object.entries(released ?? {}).filter(([n]) => !over.includes(n))
  return Object.fromEntries([...left, ...gone.map((n): [string, number] => [n, now + drainsMs])])
}
/** Has the time run out in which it lets go on what has come by this node? */
export const isLetGo = ({ released }: Source, node: string, now: number): boolean => released?.[node] !== undefined && now >= released[node]
function checked(before: Check, well: boolean, now: number, everyMs: number, times: number): Check {
  if (before.well === well) return before.turnsAt === undefined ? before : { well }
  if (before.turnsAt === undefined) return { well: before.well, turnsAt: (Math.floor(now / everyMs) + times) * everyMs }
  return now >= before.turnsAt ? { well } : before
}
const same = (a: Checks, b: Checks): boolean => Object.keys(a).length === Object.keys(b).length && Object.keys(b).every(n => a[n] === b[n])
/** When the balancer will notice, or cut off, something next. */
export function nextNotice({ checks = {}, released = {} }: Source, now: number): number | undefined {
  const next = Math.min(...Object.values(checks).map(c => c.turnsAt ?? Infinity), ...Object.values(released).filter(at => at > now))
  return next === Infinity ? undefined : next
}
/** Nodes that the balancer uses now. */
export function nodesBehind(checks: Checks): readonly string[] {
  const all = Object.keys(checks), well = all.filter(n => checks[n].well)
  return well.length > 0 ? well : all
}

/** The nodes that the Service's balancer was given; undefined: it has none. */
function targetsOf(physics: Physics, cloud: any, source: Source): readonly string[] | undefined {
  const node = nodesWithProxy(physics).find(n => nodeAlive(physics, n)), rules = node === undefined ? undefined : rulesOn(physics, node, source)
  if (rules ? rules.type !== 'LoadBalancer' : source.checks === undefined) return undefined
  if (!rules) return Object.keys(source.checks!)
  for (const [, balancer] of cloud.balancers) if (rules.addresses.includes(balancer.ip)) return balancer.nodes
  return undefined
}
function isWell(physics: Physics, node: string, source: Source): boolean {
  const proxy = physics.peek(`kube-proxy/${node}`)
  if (!nodeAlive(physics, node) || proxy?.status !== 'up') return false
  const rules = rulesOn(physics, node, source)
  return rules !== undefined && (!rules.externalLocal ? proxy.state.nodeEligible : rules.ports.some((p: any) => p.external.some((e: any) => e.ready)))
}
