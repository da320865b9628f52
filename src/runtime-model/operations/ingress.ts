import { parseUrl, type HttpRequest } from '../api/http-proxy.ts'
import type { Cluster } from '../cluster.ts'
import { INGRESS_NGINX_ID, ingressAdmission, ingressNginx, ingressNginxObjects } from '../ingress-nginx/index.ts'
import { gatewaySource } from './gateways.ts'
import { registry } from '../kinds/index.ts'

type Args = Readonly<Record<string, any>>

/** Applies ingress-nginx's manifest, as an administrator does. Answers why that failed, if it did. */
export function installIngressNginx(cluster: Cluster): string | void {
  if (cluster.options.bare) return 'a bare cluster has no kube-proxy: no traffic reaches an ingress controller'
  if (cluster.kernel.has(INGRESS_NGINX_ID)) return 'ingress-nginx is installed already'
  for (const [apiVersion, kind, metadata, rest] of ingressNginxObjects(cluster.options.managed ?? false)) {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion], { resource } = registry.byGroupKind(group, kind)!
    const { code, body, failure } = cluster.request({
      verb: 'create', group, version, resource, namespace: metadata.namespace, body: { apiVersion, kind, metadata, ...rest },
      credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl',
    })
    if (code >= 300 || code === 0) return `ingress-nginx could not be installed: ${body?.message ?? `nobody answered (${failure})`}`
  }
  cluster.kernel.add(ingressNginx())
  cluster.kernel.add(ingressAdmission())
}

/**
 * Clients outside that ask an ingress controller, or a `gateway` (`namespace/name`), for a URL at a steady rate: `{ name, url, perSecond, gateway?, headers?,
 * method?, takesMs? }`. Their DNS leads every host to it.
 */
export function urlSource(cluster: Cluster, { name, url: text, perSecond, gateway, headers, method, takesMs }: Args): string | void {
  const parsed = parseUrl(text)
  if (typeof parsed === 'string') return parsed
  const url: HttpRequest = { ...parsed, ...headers ? { headers } : undefined, ...method ? { method } : undefined }
  if (gateway !== undefined) return gatewaySource(cluster, { name, url, perSecond, gateway, takesMs })
  if (!cluster.kernel.has(INGRESS_NGINX_ID)) return 'nobody answers for URLs in this cluster: say `ingress-nginx is installed` first'
  if (url.port !== (url.scheme === 'http' ? 80 : 443)) return `not modelled: port ${url.port} of ingress-nginx (80 for http, 443 for https)`
  cluster.kernel.operate('traffic/sources', 'add-source', {
    name, namespace: 'ingress-nginx', service: 'ingress-nginx-controller', port: url.scheme === 'http' ? 80 : 443, url, proxy: INGRESS_NGINX_ID, perSecond,
    takesMs,
  })
}
