import type { Driver } from '../drivers/driver.ts'

export interface KindName { readonly group: string; readonly version: string; readonly kind: string; readonly resource: string; readonly namespaced: boolean; readonly verbs: readonly string[] }
export interface KindNames {
  /** storage names: `pods`, `deployments.apps` */
  readonly namespaced: readonly KindName[]
  readonly clusterScoped: readonly KindName[]
  apiVersionOf(kind: string, resource: string): string
}

/** bookkeeping, and what comes and goes by itself */
const LEFT_OUT = ['events', 'leases', 'endpoints', 'podmetrics', 'nodes', 'componentstatuses', 'csinodes', 'ipaddresses', 'servicecidrs', 'certificatesigningrequests', 'flowschemas', 'prioritylevelconfigurations']

export function kindNames(all: readonly KindName[]): KindNames {
  const listed = all.filter(k => k.verbs.includes('list') && !LEFT_OUT.includes(k.resource.split('.')[0])).map(k => ({ ...k, resource: storageName(k) }))
  const versions = new Map(all.map(k => [storageName(k), k.group ? `${k.group}/${k.version}` : k.version]))
  return { namespaced: listed.filter(k => k.namespaced), clusterScoped: listed.filter(k => !k.namespaced), apiVersionOf: (_kind, resource) => versions.get(resource) ?? 'v1' }
}
const storageName = (k: KindName): string => k.resource.includes('.') || !k.group ? k.resource : `${k.resource}.${k.group}`

/** Every object left in the namespace, and cluster-scoped ones made since; nothing when no API server answers that could list them. */
export function finalObjects(driver: Driver, kinds: KindNames, namespace: string, before: ReadonlySet<string>): readonly any[] {
  const up = (component: string): boolean => driver.components().some(c => c.component === component && c.state === 'up')
  if (!up('kube-apiserver') || !up('etcd')) return []
  const whole = (k: KindName) => (object: any): any => ({ apiVersion: kinds.apiVersionOf(k.kind, k.resource), kind: k.kind, ...object })
  return [
    ...kinds.namespaced.flatMap(k => driver.storedList(k.resource, namespace).map(whole(k))),
    ...kinds.clusterScoped.flatMap(k => driver.storedList(k.resource).filter(o => !before.has(o.metadata.uid!)).map(whole(k))),
  ]
}
