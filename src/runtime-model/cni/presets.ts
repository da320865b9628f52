import type { NetworkAgent } from '../api/network-agent.ts'

/**
 * Network plugins by name, as far as they differ where anybody can see it: whether NetworkPolicies are enforced, which addresses pods get, and
 * whom a policy's `ipBlock` means. A plugin that is not in the list, and the one of a cluster that names none (kindnet), is as the usual one.
 */
export interface Preset {
  readonly enforcesPolicies: boolean
  /** the pods' addresses on the node of this number, `A.B.C.0/24`; absent: the node's own podCIDR. */
  readonly podRange?: (node: number) => string
  /** an `ipBlock` means addresses outside of the cluster only, no pods and no nodes */
  readonly blocksOutsideOnly: boolean
  /** what runs on each node, where a cluster shows it */
  readonly agent?: NetworkAgent
}
const agent = (daemonSet: string, container: string, image: string, without: NetworkAgent['without']): NetworkAgent =>
  ({ namespace: 'kube-system', daemonSet, container, image, labels: { 'k8s-app': daemonSet }, without })
const usual: Preset = { enforcesPolicies: true, blocksOutsideOnly: false }
const presets: Readonly<Record<string, Preset>> = {
  // enforces them since kind 0.24: https://github.com/kubernetes-sigs/kind/releases/tag/v0.24.0
  kindnet: { ...usual, agent: agent('kindnet', 'kindnet-cni', 'docker.io/kindest/kindnetd:v20251212-v0.29.0-alpha-105-g20ccfc88', 'as before') },
  // an address pool of its own, whatever podCIDR the nodes have; approximate: a range for each node at once, instead of blocks of 64 as they are needed.
  // https://docs.tigera.io/calico/latest/networking/ipam/
  // a pod that comes while Felix is away has its address from the plugin, but no rule that lets its packets through
  calico: {
    ...usual, agent: agent('calico-node', 'calico-node', 'docker.io/calico/node:v3.31.0', 'no connection'), podRange: node => `192.168.${node & 255}.0/24`,
  },
  // cluster-pool: 10.0.0.0/8, a /24 for each node. https://docs.cilium.io/en/stable/network/concepts/ipam/cluster-pool/;
  // https://docs.cilium.io/en/stable/network/kubernetes/policy/ (known missing features)
  cilium: {
    ...usual, agent: agent('cilium', 'cilium-agent', 'quay.io/cilium/cilium:v1.18.4', 'no sandbox'), podRange: node => `10.${node >> 8}.${node & 255}.0/24`,
    blocksOutsideOnly: true,
  },
  flannel: { ...usual, enforcesPolicies: false, agent: agent('kube-flannel-ds', 'kube-flannel', 'ghcr.io/flannel-io/flannel:v0.27.4', 'as before') },
  bridge: { ...usual, enforcesPolicies: false },
}
export const presetOf = (cni: string | undefined): Preset => presets[cni ?? 'kindnet'] ?? usual

/** The DaemonSet that brings a plugin's agent to every node; it tolerates everything and is on the nodes' own network. */
export const agentObjects = ({ namespace, daemonSet, container, image, labels }: NetworkAgent): readonly (readonly [string, string, any, any])[] => [
  ['v1', 'ServiceAccount', { name: daemonSet, namespace }, {}],
  ['apps/v1', 'DaemonSet', { name: daemonSet, namespace, labels, generation: 1 }, {
    spec: {
      selector: { matchLabels: labels }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } }, revisionHistoryLimit: 10,
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true, serviceAccountName: daemonSet, serviceAccount: daemonSet, priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists' }],
          terminationGracePeriodSeconds: 1, restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler', securityContext: {},
          containers: [{
            name: container, image, imagePullPolicy: 'IfNotPresent', resources: { requests: { cpu: '100m' } }, terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
          }],
        },
      },
    },
    status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  }],
]
