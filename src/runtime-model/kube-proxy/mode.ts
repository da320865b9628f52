/**
 * How kube-proxy makes a node's kernel do its work, as far as anybody can see it. Source:
 * https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-modes
 */
export type ProxyMode = 'iptables' | 'ipvs' | 'nftables'
export interface ModeTraits {
  /** no sooner than so long after the last time are rules written again. Source: pkg/proxy/apis/config/v1alpha1/defaults.go (none for ipvs) */
  readonly minSyncMs: number
  /**
   * which endpoint a new connection goes to: a random one, the next one (`rr`), always the same for one client (`sh`) or for all (`dh`), the first that has
   * nothing to do (`sed`)
   */
  readonly picks: 'random' | 'turns' | 'client' | 'service' | 'idle'
  /** a port of a Service's address that the Service does not have: iptables lets the packet go its way into nothing */
  readonly refusesOtherPorts: boolean
  /**
   * A local policy without a local endpoint: ipvs falls back to those of the cluster, which serve who asks from within; answers to others bear a pod's address
   * and are thrown away. A Service that only its own address leads to has none to fall back to, and refuses; the other modes drop. Source:
   * pkg/proxy/ipvs/proxier.go (syncEndpoint), Linux net/netfilter/ipvs/ip_vs_core.c (ip_vs_leave)
   */
  readonly fallsBack: boolean
  /** node ports answer on 127.0.0.1 too. Source: --iptables-localhost-nodeports, pkg/proxy/nftables (NodePorts on 127.0.0.1 are not served) */
  readonly nodePortsOnLoopback: boolean
}

const traits: Readonly<Record<ProxyMode, ModeTraits>> = {
  iptables: { minSyncMs: 1000, picks: 'random', refusesOtherPorts: false, fallsBack: false, nodePortsOnLoopback: true },
  nftables: { minSyncMs: 1000, picks: 'random', refusesOtherPorts: true, fallsBack: false, nodePortsOnLoopback: false },
  ipvs: { minSyncMs: 0, picks: 'turns', refusesOtherPorts: true, fallsBack: true, nodePortsOnLoopback: false },
}
/**
 * Of ipvs. All real servers have the same weight, and requests of the model are over at once, so that `wrr` and those that count connections take turns too
 * (a connection that is over still counts for a while); `dh` hashes the address that is asked, which all clients of a Service have in common; `sed` and `nq`
 * look at open connections only, and so at one server alone while none stay open (approximate: the one with the first address). Source: Linux
 * net/netfilter/ipvs/ip_vs_{wrr,lc,wlc,sh,dh,mh,sed,nq}.c
 */
const schedulers: Readonly<Record<string, ModeTraits['picks']>> = {
  rr: 'turns', wrr: 'turns', lc: 'turns', wlc: 'turns', sh: 'client', mh: 'client', dh: 'service', sed: 'idle', nq: 'idle',
}
/** `scheduler`: of ipvs, `rr` unless told otherwise. */
export const traitsOf = (mode: ProxyMode = 'iptables', scheduler = 'rr'): ModeTraits =>
  mode === 'ipvs' ? { ...traits.ipvs, picks: schedulers[scheduler] ?? 'turns' } : traits[mode]
