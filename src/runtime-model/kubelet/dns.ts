import { clusterDnsAddress } from '../api/cluster-dns.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/**
 * What a pod's resolver is told, as far as it exceeds what a resolver takes: three name servers, 32 search paths of 2048 characters together. Approximate: the
 * node's own resolv.conf adds nothing. Source: pkg/kubelet/network/dns/dns.go (GetPodDNS, formDNSConfigFitsLimits), pkg/apis/core/validation (the limits)
 */
const clusterDomain = 'cluster.local', mostServers = 3, mostSearches = 32, mostCharacters = 2048, longestName = 253

export interface Resolver { readonly servers: readonly string[]; readonly searches: readonly string[] }
export function resolverOf(pod: any): Resolver {
  const { dnsPolicy = 'ClusterFirst', dnsConfig, hostNetwork } = pod.spec, { namespace } = pod.metadata
  const cluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork)
  return {
    servers: unique([...cluster ? [clusterDnsAddress] : [], ...dnsConfig?.nameservers ?? []]),
    searches: unique([...cluster ? [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain] : [], ...dnsConfig?.searches ?? []]),
  }
}
const unique = (list: readonly string[]): string[] => [...new Set(list)]

/** The search paths that are kept. */
export function fittingSearches(searches: readonly string[]): readonly string[] {
  const kept = searches.slice(0, mostSearches).filter(s => s.length <= longestName)
  while (kept.join(' ').length > mostCharacters) kept.pop()
  return kept
}

/** Told with every sandbox, and with every look at what the pod needs. Source: kuberuntime_sandbox.go (generatePodSandboxConfig) */
export function checkResolver(session: Session, worker: Worker): void {
  if (!worker.pod.spec.dnsConfig) return
  const { servers, searches } = resolverOf(worker.pod), kept = fittingSearches(searches)
  const exceeded = (what: string, omitted: string, line: string, applied: readonly string[]): void => session.podEvent(
    worker, 'Warning', 'DNSConfigForming', `${what} limits were exceeded, some ${omitted} have been omitted, the applied ${line} line is: ${applied.join(' ')}`
  )
  if (servers.length > mostServers) exceeded('Nameserver', 'nameservers', 'nameserver', servers.slice(0, mostServers))
  if (kept.length < searches.length) exceeded('Search Line', 'search paths', 'search', kept)
}
