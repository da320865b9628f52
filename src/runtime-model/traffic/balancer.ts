import { nodeAlive, nodesWithProxy, type Physics } from './physics.ts'
import { rulesOn } from './route.ts'
import type { Source } from './sources.ts'

/**
 * What a cloud's load balancer knows of the nodes behind it: it asks each of them at fixed times, leaves a node out after so many bad answers in a row, and
 * takes it in after as many good ones; till then it goes by what it knew. With a local policy a node is well while one of its own endpoints is ready (those
 * that end are not, though kube-proxy still sends to them), else while its kube-proxy answers. Where no node is well it uses all. Source:
 * https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/, pkg/proxy/healthcheck, KEP-1669
 */
export interface Check { readonly well: boolean; /** virtual ms at which it will have noticed that this has changed */ readonly turnsAt?: number }
export type Checks = Readonly<Record<string, Check>>

/** The source with what its balancer has noticed by now; the very same one where that is nothing new. */
export function lookOver(physics: Physics, source: Source, now: number): Source {
  const cloud = source.pod ? undefined : physics.peek('cloud/api')?.state, nodes = cloud && targetsOf(physics, cloud, source)
  if (!nodes) return source.checks === undefined ? source : { ...source, checks: undefined }
  const { everyMs, times } = cloud.checks, before = source.checks ?? {}, next: Record<string, Check> = {}
  for (const node of nodes) {
    const well = isWell(physics, node, source)
    next[node] = source.checks === undefined ? { well } : checked(before[node] ?? { well: false }, well, now, everyMs, times)
  }
  return same(before, next) && source.checks !== undefined ? source : { ...source, checks: next }
}
function checked(before: Check, well: boolean, now: number, everyMs: number, times: number): Check {
  if (before.well === well) return before.turnsAt === undefined ? before : { well }
  if (before.turnsAt === undefined) return { well: before.well, turnsAt: (Math.floor(now / everyMs) + times) * everyMs }
  return now >= before.turnsAt ? { well } : before
}
const same = (a: Checks, b: Checks): boolean => Object.keys(a).length === Object.keys(b).length && Object.keys(b).every(n => a[n] === b[n])
/** When the balancer will notice something next. */
export const nextNotice = ({ checks = {} }: Source): number | undefined =>
  Object.values(checks).reduce<number | undefined>((at, c) => c.turnsAt === undefined ? at : Math.min(at ?? Infinity, c.turnsAt), undefined)
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
  if (!nodeAlive(physics, node) || physics.peek(`kube-proxy/${node}`)?.status !== 'up') return false
  const rules = rulesOn(physics, node, source)
  return rules !== undefined && (!rules.externalLocal || rules.ports.some((p: any) => p.external.some((e: any) => e.ready)))
}
