import type { KubeObject } from '../api/request.ts'
import { classes, CONTROLLER_NAME, CONTROLLER_NAMESPACE, dataPlaneOf, gateways, group, grpcRoutes, routes } from './names.ts'

const rbac = 'rbac.authorization.k8s.io', account = 'nginx-gateway', read = ['get', 'list', 'watch'], write = ['create', 'update', 'delete', ...read]

/** What an administrator applies, besides the definitions. Source: nginx/nginx-gateway-fabric deploy/default/deploy.yaml */
export const gatewayObjects: readonly any[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: CONTROLLER_NAMESPACE } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace: CONTROLLER_NAMESPACE } },
  {
    apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: account }, rules: [
      { apiGroups: ['', 'apps'], resources: ['services', 'deployments'], verbs: write }, { apiGroups: [''], resources: ['namespaces', 'secrets'], verbs: read },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
      { apiGroups: [group], resources: [classes, gateways, routes, grpcRoutes, 'referencegrants'].map(r => r.split('.')[0]), verbs: read },
      { apiGroups: [group], resources: [classes, gateways, routes, grpcRoutes].map(r => `${r.split('.')[0]}/status`), verbs: ['update'] },
    ],
  },
  {
    apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name: account }, roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: account },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: CONTROLLER_NAMESPACE }],
  },
  {
    apiVersion: `${group}/v1`, kind: 'GatewayClass', metadata: { name: 'nginx', labels: { 'app.kubernetes.io/name': 'nginx-gateway' } },
    spec: { controllerName: CONTROLLER_NAME },
  },
]

/**
 * The Deployment and the Service that the controller makes for a Gateway, which own its traffic; they go with it. In a cloud the Service has a load
 * balancer that keeps to the nodes with a pod, else node ports. Source: nginx/nginx-gateway-fabric internal/controller/provisioner/objects.go
 */
export function dataPlane(gateway: KubeObject, listening: readonly number[], cloud: boolean): { readonly deployment: any; readonly service: any } {
  const name = dataPlaneOf(gateway), { namespace, uid } = gateway.metadata
  const labels = {
    'app.kubernetes.io/managed-by': 'nginx-gateway-nginx', 'app.kubernetes.io/name': name, 'gateway.networking.k8s.io/gateway-name': gateway.metadata.name,
  }
  const ports = [...new Set(listening)].sort((a, b) => a - b)
  const metadata = {
    name, namespace, labels, ownerReferences: [{ apiVersion: `${group}/v1`, kind: 'Gateway', name: gateway.metadata.name, uid, controller: true }],
  }
  const container = {
    name: 'nginx', image: 'ghcr.io/nginx/nginx-gateway-fabric/nginx:2.1.4', ports: ports.map(p => ({ name: `port-${p}`, containerPort: p })),
    readinessProbe: { httpGet: { path: '/readyz', port: 8081 }, initialDelaySeconds: 3 },
  }
  return {
    deployment: {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata,
      spec: {
        replicas: 1, selector: {
          matchLabels: labels,
        }, template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 30, containers: [container] } },
      },
    },
    service: {
      apiVersion: 'v1', kind: 'Service', metadata,
      spec: {
        type: cloud ? 'LoadBalancer' : 'NodePort', ...cloud ? { externalTrafficPolicy: 'Local' } : undefined, selector: labels,
        ports: ports.map(p => ({ name: `port-${p}`, port: p, targetPort: p })),
      },
    },
  }
}
