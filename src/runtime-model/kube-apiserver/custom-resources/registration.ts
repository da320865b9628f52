import type { EtcdOperation } from '../../api/etcd.ts'
import { withManagedFields } from '../../api/managed-fields.ts'
import { formatTime } from '../../api/time.ts'
import { definitionsResource } from '../../kinds/index.ts'
import type { Turn } from '../state.ts'
import { cached, listCached } from '../watch-cache.ts'

/**
 * The APIServices of CustomResourceDefinitions: one for each group and version that a definition serves, kept as long as one does. Approximate: it comes with
 * its condition, which another part of the server adds a moment later.
 * Source: pkg/controlplane/controller/crdregistration, k8s.io/kube-aggregator pkg/controllers/autoregister; seen on a 1.35.4 API server.
 */
export const servicesResource = 'apiservices.apiregistration.k8s.io'
const managed = 'kube-aggregator.kubernetes.io/automanaged'

/** What is to be written so that the APIServices of a definition's group are those that its definitions serve. */
export function registrations(turn: Turn, group: string): readonly EtcdOperation[] {
  const { cache } = turn.state, served = new Set<string>()
  for (const { spec } of listCached(cache, definitionsResource) as readonly any[]) {
    if (spec.group === group) for (const version of spec.versions) if (version.served) served.add(version.name)
  }
  const missing = [...served].filter(version => !cached(cache, servicesResource, '', `${version}.${group}`))
  const stale = listCached(cache, servicesResource).filter(({ spec, metadata }) =>
    spec.group === group && metadata.labels?.[managed] === 'true' && !served.has(spec.version))
  return [
    ...missing.map(version => registration(turn, group, version)),
    ...stale.map(({ metadata: { name, resourceVersion } }): EtcdOperation =>
      ({ op: 'delete', key: { resource: servicesResource, namespace: '', name }, expected: Number(resourceVersion) })),
  ]
}

function registration(turn: Turn, group: string, version: string): EtcdOperation {
  const name = `${version}.${group}`, nowText = formatTime(turn.context.wallMs)
  const condition = { type: 'Available', status: 'True', lastTransitionTime: nowText, reason: 'Local', message: 'Local APIServices are always available' }
  const object = {
    kind: 'APIService', apiVersion: 'apiregistration.k8s.io/v1',
    metadata: { name, uid: turn.context.uid(), resourceVersion: '', creationTimestamp: nowText, labels: { [managed]: 'true' } },
    spec: { group, version, groupPriorityMinimum: 1000, versionPriority: 100 }, status: { conditions: [condition] },
  }
  return {
    op: 'put', key: { resource: servicesResource, namespace: '', name }, expected: 0,
    value: withManagedFields(undefined, object, { manager: 'kube-apiserver', operation: 'Update', nowText }),
  }
}
