/**
 * How kube-proxy makes a node's kernel do its work, as far as anybody can see it. Source:
 * https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-modes
 */
export type ProxyMode = 'iptables' | 'ipvs' | 'nftables'
export interface ModeTraits {
  /** no sooner than so long after the last time are rules written again. Source: pkg/proxy/apis/config/v1alpha1/defaults.go (none for ipvs) */
  readonly minSyncMs: number
  /** which endpoint a new connection goes to: a random one, the next one (`rr`), or always the same for one client (`sh`) */
  readonly picks: 'random' | 'turns' | 'client'
  /** a port of a Service's address that the Service does not have: iptables lets the packet go its way into nothing */
  readonly refusesOtherPorts: boolean
  /**
   * a local policy without a local endpoint: a virtual server without real ones refuses, the others drop. Source: Linux net/netfilter/ipvs/ip_vs_core.c
   * (ip_vs_leave)
   */
  readonly refusesWithoutLocal: boolean
  /** node ports answer on 127.0.0.1 too. Source: --iptables-localhost-nodeports, pkg/proxy/nftables (NodePorts on 127.0.0.1 are not served) */
  readonly nodePortsOnLoopback: boolean
}

const traits: Readonly<Record<ProxyMode, ModeTraits>> = {
  iptables: { minSyncMs: 1000, picks: 'random', refusesOtherPorts: false, refusesWithoutLocal: false, nodePortsOnLoopback: true },
  nftables: { minSyncMs: 1000, picks: 'random', refusesOtherPorts: true, refusesWithoutLocal: false, nodePortsOnLoopback: false },
  ipvs: { minSyncMs: 0, picks: 'turns', refusesOtherPorts: true, refusesWithoutLocal: true, nodePortsOnLoopback: false },
}
/** `scheduler`: of ipvs, `rr` (unless told otherwise) or `sh`. */
export const traitsOf = (mode: ProxyMode = 'iptables', scheduler?: string): ModeTraits =>
  mode === 'ipvs' && scheduler === 'sh' ? { ...traits.ipvs, picks: 'client' } : traits[mode]
