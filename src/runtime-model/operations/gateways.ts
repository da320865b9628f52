import type { Cluster } from '../cluster.ts'
import { registry } from '../kinds/index.ts'
import {
  dataPlaneOf, gatewayDefinitionNames, gatewayDefinitions, gatewayObjects, gateways, nginxGatewayFabric, NGINX_GATEWAY_ID,
} from '../nginx-gateway-fabric/index.ts'

type Args = Readonly<Record<string, any>>

/** until an API server serves what it was told of, virtual ms */
const establishedMs = 10_000

/** Applies the definitions of the Gateway API and the manifest of its controller, as an administrator does. Answers why that failed, if it did. */
export function installGateways(cluster: Cluster): string | void {
  if (cluster.options.bare) return 'a bare cluster has no kube-proxy: no traffic reaches a gateway'
  if (cluster.kernel.has(NGINX_GATEWAY_ID)) return 'the Gateway API is installed already'
  const apply = (object: any): string | undefined => {
    const { apiVersion, kind, metadata } = object, [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
    const resource = registry.byGroupKind(group, kind)?.resource ?? `${kind.toLowerCase()}es`
    const { code, body, failure } = cluster.request({
      verb: 'create', group, version, resource, namespace: metadata.namespace, body: object,
      credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl',
    })
    return code !== 409 && (code >= 300 || code === 0)
      ? `the Gateway API could not be installed: ${body?.message ?? `nobody answered (${failure})`}`
      : undefined
  }
  for (const object of gatewayDefinitions) { const why = apply(object); if (why) return why }
  const served = (): boolean =>
    gatewayDefinitionNames.every(name => cluster.stored('customresourcedefinitions.apiextensions.k8s.io', '', name)?.status?.conditions?.some((c: any) =>
    c.type === 'Established' && c.status === 'True'))
  if (cluster.runUntil(served, cluster.now + establishedMs, true) !== 'done') {
    return 'the Gateway API could not be installed: its definitions are not established'
  }
  for (const object of gatewayObjects) { const why = apply(object); if (why) return why }
  cluster.kernel.add(nginxGatewayFabric({ cloud: cluster.options.managed ?? false }))
}

/** Clients outside that ask a Gateway. */
export function gatewaySource(cluster: Cluster, { name, url, perSecond, gateway, takesMs }: Args): string | void {
  if (!cluster.kernel.has(NGINX_GATEWAY_ID)) return 'there are no gateways in this cluster: say `the Gateway API is installed` first'
  const [namespace, own] = gateway.split('/'), object = cluster.stored(gateways, namespace, own)
  if (!object) return `there is no gateway ${own} in namespace ${namespace}`
  cluster.kernel.operate('traffic/sources', 'add-source', {
    name, namespace, service: dataPlaneOf(object), port: url.port, url, proxy: NGINX_GATEWAY_ID, gateway, perSecond, takesMs,
  })
}
