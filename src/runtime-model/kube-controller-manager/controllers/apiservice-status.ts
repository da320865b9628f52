import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { update } from '../../network/client.ts'
import type { Identity } from '../../network/client.ts'
import { apiServices, availableOf } from '../api-services.ts'
import { defineController, DONE, NO_KEYS } from '../controller.ts'
import type { Keys, View } from '../controller.ts'

const services = 'services', slices = 'endpointslices.discovery.k8s.io', serviceOfSlice = 'kubernetes.io/service-name'
const roles = 'clusterroles.rbac.authorization.k8s.io'
const aggregator: Identity = { credentials: { user: 'system:apiserver', groups: ['system:masters'] }, userAgent: 'kube-apiserver' }

/**
 * Says of API groups of other servers whether they are available. Approximate: it is a part of kube-apiserver, and runs here; containers speak plain HTTP,
 * so that none of them is ever found to be an API server, but for metrics-server, which is taken to answer.
 */
export const apiServiceStatus = defineController({
  name: 'apiservice-status',
  watches: [
    { resource: apiServices, toKeys: ({ new: service, name }) => service && (service.spec.service || !availableOf(service)) ? [name] : [] },
    { resource: services, toKeys: ({ new: now, old }, view) => keysOf((now ?? old)!.metadata.namespace, (now ?? old)!.metadata.name, view) },
    { resource: slices, toKeys: ({ new: now, old }, view) => keysOf((now ?? old)!.metadata.namespace, (now ?? old)!.metadata.labels?.[serviceOfSlice], view) },
    { resource: roles, toKeys: () => NO_KEYS },
  ],
  reconcile(key, view) {
    const object = view.get(apiServices, undefined, key.slice(1))
    if (!object) return DONE
    const before = availableOf(object), [status, reason, message] = availability(object, view)
    if (before?.status === status && before.reason === reason && before.message === message) return DONE
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : formatTime(view.wallMs)
    const others = (object.status?.conditions ?? []).filter((c: any) => c !== before)
    const body = { ...object, status: { ...object.status, conditions: [...others, { type: 'Available', status, lastTransitionTime, reason, message }] } }
    return {
      effects: [{ do: 'request', request: update({ ...aggregator }, { resource: apiServices, name: object.metadata.name, subresource: 'status' }, body) }],
    }
  },
  source: 'k8s.io/kube-aggregator pkg/controllers/status/{local,remote}',
})

function keysOf(namespace: string | undefined, name: string | undefined, view: View): Keys {
  return view.list(apiServices).filter(({ spec }) => spec.service?.namespace === namespace && spec.service.name === name).map(s => `/${s.metadata.name}`)
}

/** The one that a cluster is given is no pod here, so that nothing stands for its Service; its role does. */
const hasMetricsServer = (view: View): boolean => view.get(roles, undefined, 'system:metrics-server') !== undefined
function availability({ spec }: KubeObject, view: View): readonly [status: string, reason: string, message: string] {
  if (!spec.service) return ['True', 'Local', 'Local APIServices are always available']
  const { namespace, name, port } = spec.service, service = view.get(services, namespace, name), at = `service/${name} in ${JSON.stringify(namespace)}`
  if (!service && namespace === 'kube-system' && name === 'metrics-server' && hasMetricsServer(view)) return ['True', 'Passed', 'all checks passed']
  if (!service) return ['False', 'ServiceNotFound', `${at} is not present`]
  const found = service.spec.ports?.find((p: any) => p.port === port)
  const ready = view.list(slices, namespace).filter(s => s.metadata.labels?.[serviceOfSlice] === name)
  if (service.spec.type === 'ExternalName') return ['False', 'FailedDiscoveryCheck', `failing or missing response from ${service.spec.externalName}`]
  if (!found) return ['False', 'ServicePortError', `${at} is not listening on port ${port}`]
  const named = ready.filter(s => s.ports?.some((p: any) => (p.name ?? '') === (found.name ?? '')))
  const active = named.some(s => s.endpoints?.some((e: any) => e.conditions?.ready !== false && e.addresses?.length > 0))
  if (!active) return ['False', 'MissingEndpoints', `endpointslices for ${at} have no addresses with port name ${JSON.stringify(found.name ?? '')}`]
  const url = `https://${service.spec.clusterIP}:${port}/apis/${spec.group}/${spec.version}`
  return [
    'False', 'FailedDiscoveryCheck', `failing or missing response from ${url}: Get ${JSON.stringify(url)}: http: server gave HTTP response to HTTPS client`,
  ]
}
