import type { KubeObject } from '../api/request.ts'
import type { Identity } from '../network/client.ts'
import type { Watched } from '../network/informer.ts'

/** Names of the Gateway API and of NGINX Gateway Fabric 2. Source: https://docs.nginx.com/nginx-gateway-fabric/ */
export const NGINX_GATEWAY_ID = 'nginx-gateway-fabric/controller', group = 'gateway.networking.k8s.io'
export const CONTROLLER_NAME = 'gateway.nginx.org/nginx-gateway-controller'
export const classes = `gatewayclasses.${group}`, gateways = `gateways.${group}`, routes = `httproutes.${group}`, grpcRoutes = `grpcroutes.${group}`
export const grants = `referencegrants.${group}`
export const CONTROLLER_NAMESPACE = 'nginx-gateway'

const versions: Readonly<Record<string, string>> = { [classes]: 'v1', [gateways]: 'v1', [routes]: 'v1', [grpcRoutes]: 'v1', [grants]: 'v1beta1' }
export const watched: readonly Watched[] = [
  ...[classes, gateways, routes, grpcRoutes, grants].map(resource => ({ key: resource, resource, version: versions[resource] })),
  ...['services', 'endpointslices.discovery.k8s.io', 'secrets', 'namespaces', 'deployments.apps'].map(resource => ({ key: resource, resource })),
]
const user = `system:serviceaccount:${CONTROLLER_NAMESPACE}:nginx-gateway`
export const identity: Identity = {
  credentials: { user, groups: ['system:serviceaccounts', `system:serviceaccounts:${CONTROLLER_NAMESPACE}`, 'system:authenticated'] },
  userAgent: 'nginx-gateway-fabric',
}

export const keyOf = ({ metadata: { namespace, name } }: KubeObject): string => `${namespace ?? ''}/${name}`
/** The Deployment and the Service that carry a Gateway's traffic. */
export const dataPlaneOf = (gateway: KubeObject): string => `${gateway.metadata.name}-${gateway.spec.gatewayClassName}`
