import { ADMISSION_WEBHOOK } from './admission.ts'
import { CONTROLLER_CLASS } from './classes.ts'
import { NAMESPACE, SERVICE } from './state.ts'

const labels = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/instance': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }
const rbac = 'rbac.authorization.k8s.io', account = 'ingress-nginx', read = ['list', 'watch']

/**
 * What `kubectl apply` of ingress-nginx's own manifest makes, [apiVersion, kind, metadata, rest]: in a cloud with a load balancer, else with a node port.
 * Without the Jobs that make the webhook's certificate. Source: kubernetes/ingress-nginx deploy/static/provider/{cloud,baremetal}/deploy.yaml
 */
export function ingressNginxObjects(cloud: boolean): readonly (readonly [string, string, any, any])[] {
  const at = (name: string): any => ({ name, namespace: NAMESPACE, labels })
  return [
    ['v1', 'Namespace', { name: NAMESPACE, labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/instance': 'ingress-nginx' } }, {}],
    ['v1', 'ServiceAccount', at(account), {}],
    ['v1', 'ConfigMap', at(SERVICE), {}],
    [`${rbac}/v1`, 'ClusterRole', { name: account, labels }, {
      rules: [
        { apiGroups: [''], resources: ['configmaps', 'endpoints', 'nodes', 'pods', 'secrets', 'namespaces'], verbs: read },
        { apiGroups: [''], resources: ['services'], verbs: ['get', ...read] },
        { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: ['get', ...read] },
        { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: [...read, 'get'] },
      ],
    }],
    [
      `${rbac}/v1`, 'ClusterRoleBinding', { name: account, labels },
      { roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: account }, subjects: [{ kind: 'ServiceAccount', name: account, namespace: NAMESPACE }] },
    ],
    ['v1', 'Service', at(SERVICE), {
      spec: {
        type: cloud ? 'LoadBalancer' : 'NodePort', ...cloud ? { externalTrafficPolicy: 'Local' } : undefined, selector: labels,
        ports: [{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'http' }, { name: 'https', port: 443, targetPort: 'https', appProtocol: 'https' }],
      },
    }],
    [
      'v1', 'Service', at(`${SERVICE}-admission`),
      { spec: { selector: labels, ports: [{ name: 'https-webhook', port: 443, targetPort: 'webhook', appProtocol: 'https' }] } },
    ],
    [
      'apps/v1', 'Deployment', at(SERVICE),
      {
        spec: {
          replicas: 1, minReadySeconds: 0, revisionHistoryLimit: 10, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec },
        },
      },
    ],
    ['networking.k8s.io/v1', 'IngressClass', { name: 'nginx', labels }, { spec: { controller: CONTROLLER_CLASS } }],
    [
      'admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration',
      { name: 'ingress-nginx-admission', labels: { ...labels, 'app.kubernetes.io/component': 'admission-webhook' } }, {
      webhooks: [{
        name: ADMISSION_WEBHOOK, admissionReviewVersions: ['v1'], failurePolicy: 'Fail', matchPolicy: 'Equivalent', sideEffects: 'None',
        clientConfig: { service: { namespace: NAMESPACE, name: `${SERVICE}-admission`, path: '/networking/v1/ingresses' } },
        rules: [{ apiGroups: ['networking.k8s.io'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['ingresses'] }],
      }],
    },
    ],
  ]
}

const probe = { httpGet: { path: '/healthz', port: 10254, scheme: 'HTTP' }, initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1 }
const podSpec = {
  serviceAccountName: account, terminationGracePeriodSeconds: 300, dnsPolicy: 'ClusterFirst', nodeSelector: { 'kubernetes.io/os': 'linux' },
  containers: [{
    name: 'controller', image: 'registry.k8s.io/ingress-nginx/controller:v1.13.3', imagePullPolicy: 'IfNotPresent',
    lifecycle: { preStop: { exec: { command: ['/wait-shutdown'] } } },
    args: [
      '/nginx-ingress-controller', '--election-id=ingress-nginx-leader', `--controller-class=${CONTROLLER_CLASS}`, '--ingress-class=nginx',
      `--configmap=$(POD_NAMESPACE)/${SERVICE}`,
    ],
    ports: [{ name: 'http', containerPort: 80 }, { name: 'https', containerPort: 443 }, { name: 'webhook', containerPort: 8443 }],
    livenessProbe: { ...probe, failureThreshold: 5 }, readinessProbe: { ...probe, failureThreshold: 3 },
    resources: { requests: { cpu: '100m', memory: '90Mi' } },
  }],
}
