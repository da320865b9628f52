import { uidFrom } from '../kernel/names.ts'
import { hashString } from '../../base/hash.ts'
import { clusterDnsAddress } from '../api/cluster-dns.ts'
import { formatTime } from '../api/time.ts'
import type { KubeObject } from '../api/request.ts'
import data from './data/bootstrap-objects.json' with { type: 'json' }
import { withWriters } from './writers.ts'

/** What a cluster is set up with. Source of the content: objects read from a new 1.35.4 cluster (data/), kubeadm's and kind's add-ons. */
export interface BootstrapOptions {
  /** calendar ms at which the cluster was made */
  readonly atMs: number
  /** no StorageClass, DNS or control-plane pods: an API server alone */
  readonly bare: boolean
  readonly managed: boolean
  readonly controlPlaneNodes: readonly string[]
  /** addresses of the API servers, for the Service `kubernetes` */
  readonly apiServerAddresses: readonly string[]
  readonly kubernetesVersion: string
  /** the Leases of the API servers that are there from the beginning */
  readonly identities?: readonly { readonly metadata: any; readonly spec: any }[]
  /** objects of a config besides: [apiVersion, kind, metadata, rest] */
  readonly more?: readonly (readonly [string, string, any, any])[]
}

const kinds: Readonly<Record<string, readonly [string, string]>> = {
  ipaddresses: ['networking.k8s.io/v1', 'IPAddress'], servicecidrs: ['networking.k8s.io/v1', 'ServiceCIDR'],
  clusterrolebindings: ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'], clusterroles: ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  rolebindings: ['rbac.authorization.k8s.io/v1', 'RoleBinding'], roles: ['rbac.authorization.k8s.io/v1', 'Role'],
  priorityclasses: ['scheduling.k8s.io/v1', 'PriorityClass'],
  flowschemas: [
    'flowcontrol.apiserver.k8s.io/v1', 'FlowSchema',
  ], prioritylevelconfigurations: ['flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration'],
  apiservices: ['apiregistration.k8s.io/v1', 'APIService'],
}

/** All objects of a new cluster, as they are stored, in a fixed order; etcd gives them their resourceVersions. */
export function bootstrapObjects(options: BootstrapOptions): KubeObject[] {
  const stamp = formatTime(options.atMs)
  const objects: KubeObject[] = []
  const add = (apiVersion: string, kind: string, metadata: any, rest: any): void => {
    const seed = `${kind}/${metadata.namespace ?? ''}/${metadata.name}`
    const uid = uidFrom(hashString(seed, 1), hashString(seed, 2), hashString(seed, 3), hashString(seed, 4))
    objects.push(withWriters({ kind, apiVersion, metadata: { uid, creationTimestamp: stamp, resourceVersion: '', ...metadata }, ...stamped(rest, stamp) }))
  }
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    add('v1', 'Namespace', { name, labels: { 'kubernetes.io/metadata.name': name } }, { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } })
  }
  for (const [resource, list] of Object.entries(data as Record<string, any[]>)) {
    for (const { metadata, ...rest } of list) add(...kinds[resource], metadata, rest)
  }
  kubernetesService(options, add)
  for (const { metadata, spec } of options.identities ?? []) add('coordination.k8s.io/v1', 'Lease', metadata, { spec })
  if (!options.bare) addOns(options, add)
  for (const [apiVersion, kind, metadata, rest] of options.more ?? []) add(apiVersion, kind, metadata, rest)
  return objects
}

/** What the Node authorizer lets every kubelet do: built in, whatever becomes of the ClusterRole that says the same. */
export const nodeRules: readonly any[] = (data as Record<string, any[]>).clusterroles.find(r => r.metadata.name === 'system:node')!.rules

const kindsOfServer = new Set(['Namespace', 'ServiceCIDR', 'PriorityClass', 'FlowSchema', 'PriorityLevelConfiguration', 'APIService'])
/** Those of them that an API server makes by itself, whenever it starts and they are not there; the others are of whoever set the cluster up. */
export const ownObjects = (options: BootstrapOptions): KubeObject[] => bootstrapObjects(options).filter(({ kind, metadata: { name, labels } }) =>
  kindsOfServer.has(kind) || labels?.['kubernetes.io/bootstrapping'] === 'rbac-defaults' || name === 'kubernetes' || name === '10.96.0.1')

type Add = (apiVersion: string, kind: string, metadata: any, rest: any) => void

/** Conditions have been as they are since the cluster was made. */
const stamped = (rest: any, stamp: string): any => rest.status?.conditions
  ? { ...rest, status: { ...rest.status, conditions: rest.status.conditions.map((c: any) => ({ ...c, lastTransitionTime: stamp })) } }
  : rest

/** The Service of the API servers. Source: pkg/controlplane/controller/kubernetesservice. */
function kubernetesService(options: BootstrapOptions, add: Add): void {
  const labels = { component: 'apiserver', provider: 'kubernetes' }
  add('v1', 'Service', { name: 'kubernetes', namespace: 'default', labels }, {
    spec: {
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }], clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], type: 'ClusterIP',
      sessionAffinity: 'None', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  })
  // A server that only knows itself by a loopback address announces none.
  if (options.bare) return
  add(
    'v1', 'Endpoints', { name: 'kubernetes', namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    { subsets: [{ addresses: options.apiServerAddresses.map(ip => ({ ip })), ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }] }
  )
  add(
    'discovery.k8s.io/v1', 'EndpointSlice', { name: 'kubernetes', namespace: 'default', generation: 1, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    {
    addressType: 'IPv4', endpoints: [{ addresses: options.apiServerAddresses, conditions: { ready: true } }],
    ports: [{ name: 'https', protocol: 'TCP', port: 6443 }],
  }
  )
}

/** What kind adds to a kubeadm cluster and a course meets: a default StorageClass, CoreDNS, the mirror pods of the control plane. */
function addOns(options: BootstrapOptions, add: Add): void {
  add(
    'storage.k8s.io/v1', 'StorageClass', { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    { provisioner: 'rancher.io/local-path', reclaimPolicy: 'Delete', volumeBindingMode: 'WaitForFirstConsumer' }
  )
  addOnRoles(add)
  for (const name of ['coredns', 'kube-proxy', 'network-plugin']) add('v1', 'ServiceAccount', { name, namespace: 'kube-system' }, {})
  add('v1', 'ConfigMap', { name: 'coredns', namespace: 'kube-system' }, {
    data: {
      Corefile:
        '.:53 {\n    errors\n    health {\n       lameduck 5s\n    }\n    ready\n    kubernetes cluster.local in-addr.arpa ip6.arpa {\n       pods insecure\n       fallthrough in-addr.arpa ip6.arpa\n       ttl 30\n    }\n    prometheus :9153\n    forward . /etc/resolv.conf {\n       max_concurrent 1000\n    }\n    cache 30 {\n       disable success cluster.local\n       disable denial cluster.local\n    }\n    loop\n    reload\n    loadbalance\n}\n',
    },
  })
  add(
    'v1', 'Service',
    { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' } },
    {
    spec: {
      ports: [
        { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 }, { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
        { name: 'metrics', protocol: 'TCP', port: 9153, targetPort: 9153 },
      ],
      selector: { 'k8s-app': 'kube-dns' }, clusterIP: clusterDnsAddress, clusterIPs: [clusterDnsAddress], type: 'ClusterIP', sessionAffinity: 'None',
      ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  }
  )
  add('apps/v1', 'Deployment', { name: 'coredns', namespace: 'kube-system', generation: 1, labels: { 'k8s-app': 'kube-dns' } }, corednsDeployment)
  if (!options.managed) {
    for (const node of options.controlPlaneNodes) {
      for (const component of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) mirrorPod(component, node, options, add)
    }
  }
}

/** That machines may ask for their first certificate with a token, and for the next with the one they have. Source: cmd/kubeadm/app/phases/bootstraptoken */
function bootstrapRoles(add: Add): void {
  const group = 'system:bootstrappers:kubeadm:default-node-token', signing = 'system:certificates.k8s.io:certificatesigningrequests'
  const bind = (name: string, role: string, subject: string): void => add('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { name }, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: subject }],
  })
  add('rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'kubeadm:get-nodes' }, { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['nodes'] }] })
  bind('kubeadm:get-nodes', 'kubeadm:get-nodes', group)
  bind('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', group)
  bind('kubeadm:node-autoapprove-bootstrap', `${signing}:nodeclient`, group)
  bind('kubeadm:node-autoapprove-certificate-rotation', `${signing}:selfnodeclient`, 'system:nodes')
}

/** What kubeadm's add-ons and the network plugin may do. Source: cmd/kubeadm/app/phases/addons/{dns,proxy} */
function addOnRoles(add: Add): void {
  const bind = (name: string, role: string, account: string): void => add('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { name }, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: 'kube-system' }],
  })
  add('rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'system:coredns' }, {
    rules: [
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ],
  })
  add('rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'network-plugin' }, {
    rules: [
      { apiGroups: [''], resources: ['pods', 'namespaces', 'nodes'], verbs: ['list', 'watch'] },
      { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['list', 'watch'] },
    ],
  })
  bootstrapRoles(add)
  bind('network-plugin', 'network-plugin', 'network-plugin')
  bind('system:coredns', 'system:coredns', 'coredns')
  bind('kubeadm:node-proxier', 'system:node-proxier', 'kube-proxy')
}

/** Source: cmd/kubeadm/app/phases/addons/dns/manifests.go */
const corednsDeployment = {
  spec: {
    replicas: 2, selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    template: {
      metadata: { labels: { 'k8s-app': 'kube-dns' } },
      spec: {
        volumes: [{ name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }], defaultMode: 420 } }],
        containers: [{
          name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.13.1', args: ['-conf', '/etc/coredns/Corefile'],
          ports: [
            { name: 'dns', containerPort: 53, protocol: 'UDP' }, { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
            { name: 'metrics', containerPort: 9153, protocol: 'TCP' }, { name: 'liveness-probe', containerPort: 8080, protocol: 'TCP' },
            { name: 'readiness-probe', containerPort: 8181, protocol: 'TCP' },
          ],
          resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
          volumeMounts: [{ name: 'config-volume', readOnly: true, mountPath: '/etc/coredns' }],
          livenessProbe: {
            httpGet: { path: '/health', port: 'liveness-probe', scheme: 'HTTP' }, initialDelaySeconds: 60, timeoutSeconds: 5, periodSeconds: 10,
            successThreshold: 1, failureThreshold: 5,
          },
          readinessProbe: {
            httpGet: {
              path: '/ready', port: 'readiness-probe', scheme: 'HTTP',
            }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3,
          },
          terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'IfNotPresent',
        }],
        restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'Default', serviceAccountName: 'coredns', serviceAccount: 'coredns',
        securityContext: {}, schedulerName: 'default-scheduler',
        nodeSelector: { 'kubernetes.io/os': 'linux' }, priorityClassName: 'system-cluster-critical',
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{
              weight: 100,
              podAffinityTerm: {
                labelSelector: { matchExpressions: [{ key: 'k8s-app', operator: 'In', values: ['kube-dns'] }] }, topologyKey: 'kubernetes.io/hostname',
              },
            }],
          },
        },
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
      },
    },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: '25%' } }, revisionHistoryLimit: 10, progressDeadlineSeconds: 600,
  },
  status: {},
}

/**
 * The API's picture of a static pod. Approximate: the processes of the control plane are actors of their own; the kubelet of their machine lets these mirrors
 * follow them (kubelet/processes.ts). They are set up without their owner reference to the Node.
 * Source: cmd/kubeadm/app/util/staticpod, pkg/kubelet/pod/mirror_client.go
 */
function mirrorPod(component: string, node: string, options: BootstrapOptions, add: Add): void {
  const stamp = formatTime(options.atMs)
  const image = component === 'etcd' ? 'registry.k8s.io/etcd:3.6.5-0' : `registry.k8s.io/${component}:${options.kubernetesVersion}`
  const condition = (type: string): any => ({ type, observedGeneration: 1, status: 'True', lastProbeTime: null, lastTransitionTime: stamp })
  const id = hashString(`${component}/${node}`).toString(16).padStart(8, '0').repeat(4)
  add('v1', 'Pod', {
    name: `${component}-${node}`, namespace: 'kube-system', generation: 1, labels: { component, tier: 'control-plane' },
    annotations: { 'kubernetes.io/config.hash': id, 'kubernetes.io/config.mirror': id, 'kubernetes.io/config.source': 'file' },
  }, {
    spec: {
      containers: [{
        name: component, image, command: [component],
        resources: { requests: { cpu: component === 'kube-apiserver' ? '250m' : component === 'kube-controller-manager' ? '200m' : '100m' } },
        terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'IfNotPresent',
      }],
      restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', nodeName: node, hostNetwork: true,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } }, schedulerName: 'default-scheduler',
      tolerations: [{ operator: 'Exists', effect: 'NoExecute' }], priorityClassName: 'system-node-critical', priority: 2000001000, enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {
      observedGeneration: 1, phase: 'Running',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition), hostIP: '', startTime: stamp,
      qosClass: 'Burstable',
      containerStatuses: [{
        name: component, state: { running: { startedAt: stamp } }, lastState: {}, ready: true, restartCount: 0, image, imageID: image,
        containerID: `containerd://${id}${id}`, started: true,
      }],
    },
  })
}
