import type { ProxyEndpoint, ProxyTarget } from '../api/http-proxy.ts'
import type { KubeObject } from '../api/request.ts'

/** What the controller knows of the cluster. Keys are `namespace/name`. */
export interface Lookup {
  service(key: string): KubeObject | undefined
  /** the EndpointSlices of a Service */
  slices(key: string): readonly KubeObject[]
  secret(key: string): KubeObject | undefined
}

/**
 * The addresses behind a backend: endpoints that are ready, past the Service's own address and kube-proxy. Nobody there is answered with 503. `byService`: the
 * Service's own address, whoever is behind it.
 * Source: internal/ingress/controller/{controller.go serviceEndpoints, endpointslices.go}; kubernetes/ingress-nginx docs/user-guide/miscellaneous.md
 */
export function upstreamOf(namespace: string, { service: reference, resource }: any, look: Lookup, byService = false): ProxyTarget {
  if (resource) return { status: 0, why: `not modelled: a backend of kind ${resource.kind}` }
  const { name, port } = reference, key = `${namespace}/${name}`, service = look.service(key)
  if (!service) return { status: 503, why: `there is no service ${name}` }
  const found = (service.spec.ports ?? []).find((p: any) => port?.name ? p.name === port.name : p.port === port?.number)
  if (service.spec.type === 'ExternalName') return byName(name, service.spec.externalName, found, port)
  if (!found) return { status: 503, why: `service ${name} has no port ${port?.name ?? port?.number}` }
  if (byService && service.spec.clusterIP !== 'None') {
    return { service: name, endpoints: [], name: { host: `${name}.${namespace}.svc.cluster.local`, port: found.port } }
  }
  const endpoints = readyOf(look.slices(key), found)
  return endpoints.length === 0 ? { status: 503, why: `service ${name} has no ready endpoints` } : { service: name, endpoints }
}

/**
 * nginx looks the name up itself, once a second, and asks there at the port's `targetPort`; a port that the Service does not have is taken as it is. Source:
 * internal/ingress/controller/{controller.go serviceEndpoints, endpointslices.go}, rootfs/etc/nginx/lua/balancer.lua (resolve_external_names)
 */
function byName(service: string, host: string, found: any, port: any): ProxyTarget {
  const target = found === undefined ? port?.number : found.targetPort ?? found.port
  return typeof target === 'number' && target > 0
    ? { service, endpoints: [], name: { host, port: target } }
    : { status: 503, why: `service ${service} has no port ${port?.name ?? port?.number}` }
}
/** In order of their addresses. */
export function readyOf(slices: readonly KubeObject[], port: any): readonly ProxyEndpoint[] {
  const found = new Map<string, ProxyEndpoint>()
  for (const slice of slices) {
    const target = (slice.ports ?? []).find((p: any) => (p.name ?? '') === (port.name ?? '') && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'))
    if (target === undefined) continue
    for (const e of slice.endpoints ?? []) {
      if (e.conditions?.ready === false) continue
      for (const address of e.addresses) found.set(address, { address, port: target.port, node: e.nodeName, pod: e.targetRef?.name, uid: e.targetRef?.uid })
    }
  }
  return [...found.values()].sort((a, b) => a.address < b.address ? -1 : 1)
}
