import { formatTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'
import { create, remove, update } from '../../network/client.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { defineController, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import { lookAt, memberMaps, remembered, triggerAnnotation } from '../endpoints/members.ts'
import type { Members } from '../endpoints/members.ts'
import { partOf, sameSubsets, subsetsOf } from '../endpoints/subsets.ts'
import type { Part } from '../endpoints/subsets.ts'
import { servicesOfPod } from '../endpoints/wake.ts'
import { podsByLabel, servicesByNamespace } from '../indexes.ts'
import { errorText, isNamespaceTerminating, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf } from '../status-update.ts'

const resource = 'endpoints', capacity = 1000
const capacityKey = 'endpoints.kubernetes.io/over-capacity', headlessLabel = 'service.kubernetes.io/headless'
const managedByLabel = 'endpoints.kubernetes.io/managed-by'

/** The older, deprecated account of a Service's pods: one Endpoints object of the same name. */
export const endpoints = defineController({
  name: 'endpoint',
  watches: [
    { resource: 'services', toKeys: ownKey }, { resource: 'pods', toKeys: servicesOfPod },
    { resource, toKeys: ({ type, name }): Keys => type === 'DELETED' ? [name] : NO_KEYS },
  ],
  indexes: [servicesByNamespace, podsByLabel],
  initialMemory: memberMaps,
  retries: { baseMs: 1000, limit: 15 },
  reconcile: script(begin, run),
  source: 'pkg/controller/endpoint/endpoints_controller.go',
})

interface Snapshot {
  readonly key: string
  readonly service?: KubeObject
  readonly current?: KubeObject
  readonly subsets: readonly any[]
  readonly truncated: boolean
  readonly at?: number
  readonly members?: Members<Part>
}
function begin(key: string, view: View): Snapshot | undefined {
  const { namespace, name } = splitKey(key), service = view.get('services', namespace, name), current = view.get(resource, namespace, name)
  if (!service) return { key, current, subsets: [], truncated: false }
  if (service.spec.type === 'ExternalName' || !service.spec.selector) return undefined
  const look = lookAt(view, key, service, pod => partOf(service, pod))
  return { key, service, current, ...truncate(subsetsOf(look)), at: look.at, members: look.members }
}

/** No more than a thousand addresses, ready ones first. */
function truncate(subsets: readonly any[]): { readonly subsets: readonly any[]; readonly truncated: boolean } {
  const count = (field: string): number => subsets.reduce((n, s) => n + (s[field]?.length ?? 0), 0)
  if (count('addresses') + count('notReadyAddresses') <= capacity) return { subsets, truncated: false }
  let ready = capacity, other = Math.max(0, capacity - count('addresses'))
  const cut = (list: readonly any[] | undefined, room: number): readonly any[] => list?.slice(0, Math.max(0, room)) ?? []
  return {
    truncated: true,
    subsets: subsets.map(s => {
      const addresses = cut(s.addresses, ready), notReadyAddresses = cut(s.notReadyAddresses, other)
      ready -= addresses.length
      other -= notReadyAddresses.length
      return { ...s, addresses, notReadyAddresses }
    }),
  }
}

function run(io: Script, { key, service, current, subsets, truncated, at, members }: Snapshot, view: View): void {
  for (const effect of remembered(key, members)) io.do(effect)
  const { identity } = view
  if (!service) { if (current?.metadata.labels?.[managedByLabel]) io.ask(() => remove(identity, targetOf(resource, current)), [404]); return }
  const { [headlessLabel]: _, ...own } = service.metadata.labels ?? {}, headless = !service.spec.clusterIP || service.spec.clusterIP === 'None'
  const labels = { ...own, [managedByLabel]: 'endpoint-controller', ...headless ? { [headlessLabel]: '' } : undefined }
  if (current && sameSubsets(current.subsets, subsets) && deepEqual(current.metadata.labels, labels)
    && (current.metadata.annotations?.[capacityKey] === 'truncated') === truncated) {
    return
  }
  const { [capacityKey]: _c, [triggerAnnotation]: _t, ...kept } = current?.metadata.annotations ?? {}
  const annotations = {
    ...kept, ...at === undefined ? undefined : { [triggerAnnotation]: formatTime(at) }, ...truncated ? { [capacityKey]: 'truncated' } : undefined,
  }
  const { namespace, name } = service.metadata
  const body = {
    ...current ?? { apiVersion: 'v1', kind: 'Endpoints' }, metadata: { ...current?.metadata ?? { name, namespace }, labels, annotations }, subsets,
  }
  const answer = io.ask(() => current ? update(identity, { resource, namespace, name }, body) : create(identity, { resource, namespace }, body), 'any')
  if (isOk(answer) || isNamespaceTerminating(answer)) return
  // what went wrong is told as an Event, except where the next pass has fresher eyes
  io.do({
    do: 'event',
    event: {
      regarding: current ?? { ...service, apiVersion: 'v1', kind: 'Service' }, type: 'Warning',
      reason: current ? 'FailedToUpdateEndpoint' : 'FailedToCreateEndpoint',
      message: `Failed to ${current ? 'update' : 'create'} endpoint ${namespace}/${name}: ${errorText(answer)}`,
    },
  })
  io.fail(errorText(answer))
}
