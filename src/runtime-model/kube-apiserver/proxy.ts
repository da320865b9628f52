import { parseIP } from '../api/cidr.ts'
import { schemeNamePort, type ProxyTarget } from '../api/proxied.ts'
import { badRequest, notFound, unavailable, type Status } from '../api/status.ts'
import type { Target } from './target.ts'
import { cached, type WatchCache } from './watch-cache.ts'

/**
 * Where a request for `…/proxy` of a pod, Service or node goes. Sources: pkg/registry/core/pod/strategy.go (ResourceLocation),
 * pkg/registry/core/service/storage/storage.go, pkg/registry/core/node/strategy.go
 */
export function proxyTarget(cache: WatchCache, { kind, resource }: Target, namespace: string, id: string): ProxyTarget | Status {
  const named = schemeNamePort(id), word = kind.kind.toLowerCase()
  if (!named) return badRequest(`invalid ${word} request ${JSON.stringify(id)}`)
  const { name, port } = named, scheme = named.scheme === 'https' ? 'https' : 'http'
  if (resource === 'services') return serviceTarget(cache, kind, namespace, id, { scheme, name, port })
  const object = cached(cache, resource, kind.namespaced ? namespace : '', name)
  if (!object) return notFound(kind, name)
  if (resource === 'nodes') return nodeTarget(object, port)
  const address = object.status?.podIP ?? '', declared = object.spec.containers.flatMap((c: any) => c.ports?.slice(0, 1) ?? [])[0]?.containerPort
  if (parseIP(address) === undefined) return badRequest('address not allowed')
  return { scheme, address, port: port || String(declared ?? (scheme === 'https' ? 443 : 80)) }
}
/** The kubelet, or another port of its node, where it is asked for by the scheme that was said. */
function nodeTarget({ metadata: { name }, status }: any, port: string): ProxyTarget {
  const address = status?.addresses?.find((a: any) => a.type === 'InternalIP')?.address ?? name
  const kubelet = String(status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250)
  return port === '' || port === kubelet ? { scheme: 'https', address, port: kubelet, node: name } : { scheme: 'http', address, port }
}
/** One of its pods; which one is left to chance on a real server. */
function serviceTarget(
  cache: WatchCache, kind: Target['kind'], namespace: string, id: string, { scheme, name, port }: { scheme: 'http' | 'https'; name: string; port: string }
): ProxyTarget | Status {
  const service = cached(cache, 'services', namespace, name), endpoints = cached(cache, 'endpoints', namespace, name)
  if (!service) return notFound(kind, name)
  const byNumber = /^[+-]?\d+$/.test(port) ? service.spec.ports?.find((p: any) => p.port === Number(port)) : undefined
  if (/^[+-]?\d+$/.test(port) && !byNumber) return unavailable(`no service port ${Number(port)} found for service ${JSON.stringify(name)}`)
  if (!endpoints) return notFound(kind, name)
  const wanted = byNumber ? byNumber.name ?? '' : port, subsets: readonly any[] = endpoints.subsets ?? []
  if (subsets.length === 0) return unavailable(`no endpoints available for service ${JSON.stringify(name)}`)
  for (const { addresses = [], ports = [] } of subsets) {
    const found = ports.find((p: any) => (p.name ?? '') === wanted), address = addresses.find((a: any) => isPod(cache, a))
    if (found && address) return { scheme, address: address.ip, port: String(found.port) }
  }
  return unavailable(`no endpoints available for service ${JSON.stringify(id)}`)
}
const isPod = (cache: WatchCache, { ip, targetRef }: any): boolean =>
  targetRef?.kind === 'Pod' && cached(cache, 'pods', targetRef.namespace, targetRef.name)?.status?.podIPs?.some((p: any) => p.ip === ip)
