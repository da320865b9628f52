import type { EtcdEvent } from '../api/etcd.ts'
import { formatTime } from '../api/time.ts'
import type { KubeObject } from '../api/request.ts'
import { registry, storageName } from '../kinds/index.ts'
import { askOwn } from './etcd-client.ts'
import type { Turn } from './state.ts'
import { cached } from './watch-cache.ts'

/**
 * What a new API server finds missing of what it needs, it makes: its namespaces, roles and their bindings, priority classes, levels and flow schemas, and the
 * Service of its own. Roles that have lost rules, and bindings that have lost subjects, are given them back. So an etcd that has lost everything has these
 * objects again, and nothing else. Source: pkg/controlplane/controller/{systemnamespaces,kubernetesservice}, pkg/registry/rbac/rest/storage_rbac.go
 * (PostStartHook), pkg/registry/{scheduling,flowcontrol}/rest, https://kubernetes.io/docs/reference/access-authn-authz/rbac/#auto-reconciliation
 */
export function restoreOwn(turn: Turn): void {
  for (const own of turn.options.ownObjects?.() ?? []) restore(turn, own)
}
export const RESTORE = 'restore'

/**
 * Of some it looks all the time whether they are there: its Service and the first ServiceCIDR every ten seconds, its namespaces and the objects of API Priority
 * and Fairness every minute. One that is deleted is back then; an APIService of its own only once it starts anew (tried on a 1.35.4 API server).
 */
const looksEveryMs: Readonly<Record<string, number>> = {
  services: 10_000, 'servicecidrs.networking.k8s.io': 10_000, namespaces: 60_000, 'flowschemas.flowcontrol.apiserver.k8s.io': 60_000,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': 60_000,
}
export function missOwn(turn: Turn, events: readonly EtcdEvent[]): void {
  const { context: { now }, state: { startedAt } } = turn
  for (const { type, key: { resource } } of events) {
    const everyMs = type === 'DELETE' ? looksEveryMs[resource] : undefined
    if (everyMs !== undefined) turn.effects.push({ do: 'timer', key: `own ${everyMs}`, afterMs: everyMs - (now - startedAt) % everyMs })
  }
}
/** Timer `own MS`: a look at those of that period. */
export function lookForOwn(turn: Turn, key: string): void {
  const everyMs = Number(key.slice('own '.length))
  for (const own of turn.options.ownObjects?.() ?? []) if (looksEveryMs[resourceOf(own)] === everyMs) restore(turn, own)
}
function resourceOf({ apiVersion, kind }: KubeObject): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
  return storageName(group, registry.byGroupKind(group, kind)!.resource)
}
function restore(turn: Turn, own: KubeObject): void {
  const resource = resourceOf(own), { namespace = '', name } = own.metadata, there: any = cached(turn.state.cache, resource, namespace, name)
  const value = there ? mended(there, own) : made(turn, own)
  if (value) askOwn(turn, { op: 'put', key: { resource, namespace, name }, expected: there ? Number(there.metadata.resourceVersion) : 0, value }, RESTORE)
}

const made = ({ context }: Turn, own: KubeObject): KubeObject =>
  ({ ...own, metadata: { ...own.metadata, uid: context.uid(), creationTimestamp: formatTime(context.wallMs) } })

/** The object with what it has lost; undefined if that is nothing, or it says that it is to be left alone. */
function mended(there: any, own: any): KubeObject | undefined {
  if (there.metadata.annotations?.['rbac.authorization.kubernetes.io/autoupdate'] !== 'true') return undefined
  const list = own.rules ? 'rules' : 'subjects', texts = new Set((there[list] ?? []).map((entry: any) => JSON.stringify(entry)))
  const missing = own.aggregationRule ? [] : (own[list] ?? []).filter((entry: any) => !texts.has(JSON.stringify(entry)))
  return missing.length > 0 ? { ...there, [list]: [...there[list] ?? [], ...missing] } : undefined
}
