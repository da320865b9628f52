import type { Driver } from '../drivers/driver.ts'
import { ADMIN } from '../runner/context.ts'

export interface KindName {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly resource: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
}
export interface KindNames {
  /** storage names: `pods`, `deployments.apps` */
  readonly namespaced: readonly KindName[]
  readonly clusterScoped: readonly KindName[]
  apiVersionOf(kind: string, resource: string): string
}

/** bookkeeping, and what comes and goes by itself */
const LEFT_OUT = [
  'events', 'leases', 'endpoints', 'podmetrics', 'nodes', 'componentstatuses', 'csinodes', 'ipaddresses', 'servicecidrs', 'certificatesigningrequests',
  'flowschemas', 'prioritylevelconfigurations',
]

export function kindNames(all: readonly KindName[]): KindNames {
  const named = all.filter(k => k.verbs.includes('list') && !LEFT_OUT.includes(k.resource.split('.')[0])).map(k => ({ ...k, resource: storageName(k) }))
  // of several versions the preferred one comes first
  const listed = named.filter((k, i) => named.findIndex(other => other.resource === k.resource) === i)
  const versions = new Map(all.toReversed().map(k => [storageName(k), k.group ? `${k.group}/${k.version}` : k.version]))
  return {
    namespaced: listed.filter(k => k.namespaced), clusterScoped: listed.filter(k => !k.namespaced),
    apiVersionOf: (_kind, resource) => versions.get(resource) ?? 'v1',
  }
}
const storageName = (k: KindName): string => k.resource.includes('.') || !k.group ? k.resource : `${k.resource}.${k.group}`

/** how long the recorder waited for a list */
const patienceMs = 10_000

/** Every object left in the namespace, and cluster-scoped ones made since, as lists tell them; nothing when one of the lists failed, as in the recordings. */
export async function finalObjects(driver: Driver, kinds: KindNames, namespace: string, before: ReadonlySet<string>): Promise<readonly any[]> {
  const found: any[] = []
  for (const k of [...kinds.namespaced, ...kinds.clusterScoped]) {
    const { code, body } = await driver.request({
      verb: 'list', group: k.group, version: k.version, resource: k.resource.split('.')[0], namespace: k.namespaced ? namespace : undefined,
      timeoutMs: patienceMs, credentials: ADMIN, userAgent: 'recorder',
    })
    if (code !== 200) return []
    for (const object of body.items) {
      if (k.namespaced || !before.has(object.metadata.uid)) found.push({ apiVersion: kinds.apiVersionOf(k.kind, k.resource), kind: k.kind, ...object })
    }
  }
  return found
}
