import { contains, holds, parseCidr } from '../../api/cidr.ts'
import type { Cidr } from '../../api/cidr.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime, parseTime } from '../../api/time.ts'
import { patch } from '../../network/client.ts'
import { defineController, DONE, NO_KEYS } from '../controller.ts'
import type { ControllerEffect, View } from '../controller.ts'

/**
 * ServiceCIDRs: each is ready once it is seen, and held by a finalizer as long as an address of it is in use that no other range has. Once it is not,
 * allocators are given ten seconds to learn that it goes. The half that lets ranges go sleeps until one is to. Keys: ServiceCIDRs.
 */
const resource = 'servicecidrs.networking.k8s.io', addresses = 'ipaddresses.networking.k8s.io', finalizer = 'networking.k8s.io/service-cidr-finalizer'
const account = 'service-cidrs-controller', source = 'pkg/controller/servicecidrs/servicecidrs_controller.go', graceMs = 10_000
const inUse = 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR'

const keep = defineController({
  name: 'service-cidrs', serviceAccount: account,
  stirredBy: resource,
  onStart: view => view.list(resource).map(r => `/${r.metadata.name}`),
  watches: [{ resource, toKeys: ({ new: range, name }) => range && !isGoing(range) ? [name] : NO_KEYS }],
  reconcile(key, view) {
    const range = view.get(resource, undefined, key.slice(1)), effects: ControllerEffect[] = []
    if (!range || isGoing(range)) return DONE
    if (!range.metadata.finalizers?.includes(finalizer)) {
      const body = { metadata: { finalizers: [finalizer] } }
      effects.push({ do: 'request', request: patch(view.identity, at(range), 'application/strategic-merge-patch+json', body) })
    }
    if (!ready(range)) effects.push(status(range, view, 'True', '', 'Kubernetes Service CIDR is ready'))
    return { effects }
  },
  source,
})
const letGo = defineController({
  name: 'service-cidrs-deletion', serviceAccount: account,
  watches: [{ resource, toKeys: (_, view) => going(view) }, { resource: addresses, toKeys: ({ new: address }, view) => address ? NO_KEYS : going(view) }],
  wokenBy: ({ key, new: range }) => key === resource && range !== undefined && isGoing(range),
  onStart: going,
  reconcile(key, view) {
    const range = view.get(resource, undefined, key.slice(1))
    if (!range || !isGoing(range) || !range.metadata.finalizers?.includes(finalizer)) return DONE
    if (isNeeded(range, view)) return { effects: ready(range)?.reason === 'Terminating' ? [] : [status(range, view, 'False', 'Terminating', inUse)] }
    const waitMs = graceMs - (view.wallMs - parseTime(range.metadata.deletionTimestamp!))
    if (waitMs > 0) return { effects: [{ do: 'requeueAfter', ms: waitMs }] }
    const body = { metadata: { '$deleteFromPrimitiveList/finalizers': [finalizer] } }
    return { effects: [{ do: 'request', request: patch(view.identity, at(range), 'application/strategic-merge-patch+json', body), accept: [404] }] }
  },
  source,
})
export const serviceCidrs = [keep, letGo]

function isGoing(range: KubeObject): boolean { return range.metadata.deletionTimestamp !== undefined }
function going(view: View): readonly string[] { return view.list(resource).filter(isGoing).map(r => `/${r.metadata.name}`) }
const ready = (range: any): any => range.status?.conditions?.find((c: any) => c.type === 'Ready')
const at = ({ metadata }: KubeObject) => ({ resource, name: metadata.name })

function status(range: KubeObject, view: View, value: string, reason: string, message: string): ControllerEffect {
  const conditions = [{ type: 'Ready', status: value, lastTransitionTime: formatTime(view.wallMs), reason, message }]
  const body = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: range.metadata.name }, status: { conditions } }
  const request = patch(view.identity, { ...at(range), subresource: 'status' }, 'application/apply-patch+yaml', body)
  return { do: 'request', request: { ...request, fieldManager: 'service-cidr-controller', force: true } }
}

/** Has it an address in use that no other range has? */
function isNeeded(range: KubeObject, view: View): boolean {
  const others = view.list(resource).filter(r => r.metadata.uid !== range.metadata.uid && !isGoing(r)).flatMap(cidrsOf), own = cidrsOf(range)
  const loose = own.filter(cidr => !others.some(other => other.prefix <= cidr.prefix && contains(other, cidr)))
  return loose.length > 0 && view.list(addresses).some(({ metadata: { name } }) =>
    loose.some(cidr => holds(cidr, name)) && !others.some(other => holds(other, name)))
}
const cidrsOf = (range: any): readonly Cidr[] => ((range.spec.cidrs ?? []) as readonly string[]).flatMap(text => parseCidr(text) ?? [])
