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
}
const usual: Preset = { enforcesPolicies: true, blocksOutsideOnly: false }
const presets: Readonly<Record<string, Preset>> = {
  // enforces them since kind 0.24: https://github.com/kubernetes-sigs/kind/releases/tag/v0.24.0
  kindnet: usual,
  // an address pool of its own, whatever podCIDR the nodes have; approximate: a range for each node at once, instead of blocks of 64 as they are needed.
  // https://docs.tigera.io/calico/latest/networking/ipam/
  calico: { ...usual, podRange: node => `192.168.${node & 255}.0/24` },
  // cluster-pool: 10.0.0.0/8, a /24 for each node. https://docs.cilium.io/en/stable/network/concepts/ipam/cluster-pool/;
  // https://docs.cilium.io/en/stable/network/kubernetes/policy/ (known missing features)
  cilium: { ...usual, podRange: node => `10.${node >> 8}.${node & 255}.0/24`, blocksOutsideOnly: true },
  flannel: { ...usual, enforcesPolicies: false }, bridge: { ...usual, enforcesPolicies: false },
}
export const presetOf = (cni: string | undefined): Preset => presets[cni ?? 'kindnet'] ?? usual
