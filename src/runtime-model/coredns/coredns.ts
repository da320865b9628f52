import type { PersistentMap } from '../../base/persistent-map.ts'
import type { KubeObject } from '../api/request.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Identity } from '../network/client.ts'
import { emptyInformers, hasSynced, informerStep, startInformers, store, type Informers, type Watched } from '../network/informer.ts'

/**
 * What CoreDNS knows of the cluster: Services and EndpointSlices as its watches told it. It goes on answering from that while the API is
 * away. Approximate: all CoreDNS pods share this one view, and neither they nor the resolvers of pods cache answers (the Corefile says `cache 30`).
 * Source: coredns/coredns plugin/kubernetes; https://github.com/kubernetes/dns/blob/master/docs/specification.md
 */
export interface DnsState { readonly informers: Informers }

const identity: Identity = { credentials: { user: 'system:serviceaccount:kube-system:coredns', groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'] }, userAgent: 'coredns' }
const watched: readonly Watched[] = [{ key: 'services', resource: 'services' }, { key: 'endpointslices', resource: 'endpointslices.discovery.k8s.io' }, { key: 'namespaces', resource: 'namespaces' }]

export const coredns = (): Actor<DnsState> => ({
  id: 'coredns/cluster', component: 'coredns', host: 'dns', supervised: true,
  init: () => ({ informers: emptyInformers(watched) }),
  step(state, input, context) {
    if (input.on === 'start') return { state, effects: startInformers(state.informers, watched, identity, context) }
    return { state, effects: informerStep(state.informers, watched, identity, input, context).effects }
  },
})

/** `service`: `namespace/name` of the Service that the name belongs to. */
export type DnsAnswer = { readonly addresses: readonly string[]; readonly service: string } | { readonly alias: string; readonly service: string } | { readonly error: 'NXDOMAIN' | 'SERVFAIL' }

const zone = 'cluster.local'

/** Answers for a name as a pod of `namespace` would ask it: with its search list and `ndots:5`. Source: pkg/kubelet/network/dns/dns.go */
export function lookUp(state: DnsState, name: string, namespace: string): DnsAnswer {
  if (!hasSynced(state.informers, watched)) return { error: 'SERVFAIL' }
  const absolute = name.endsWith('.'), bare = absolute ? name.slice(0, -1) : name
  const searched = [`${namespace}.svc.${zone}`, `svc.${zone}`, zone].map(suffix => `${bare}.${suffix}`)
  const asked = absolute ? [bare] : bare.split('.').length > 5 ? [bare, ...searched] : [...searched, bare]
  for (const full of asked) { const answer = answerFor(state, full); if (answer) return answer }
  return { error: 'NXDOMAIN' }
}

function answerFor(state: DnsState, full: string): DnsAnswer | undefined {
  if (!full.endsWith(`.${zone}`)) return undefined
  const labels = full.slice(0, -zone.length - 1).split('.')
  if (labels.at(-1) === 'pod' && labels.length === 3) return { addresses: [labels[0].replaceAll('-', '.')], service: '' }
  if (labels.at(-1) !== 'svc' || labels.length < 3 || labels.length > 4) return undefined
  const [namespace, name, host] = labels.slice(0, -1).reverse()
  const service = store(state.informers, 'services').get(`${namespace}/${name}`)
  if (!service) return undefined
  const id = `${namespace}/${name}`
  if (service.spec.type === 'ExternalName') return host === undefined ? { alias: service.spec.externalName, service: id } : undefined
  if (service.spec.clusterIP !== 'None') return host === undefined ? { addresses: service.spec.clusterIPs ?? [service.spec.clusterIP], service: id } : undefined
  const addresses = headless(store(state.informers, 'endpointslices'), namespace, name, host)
  return addresses.length > 0 ? { addresses, service: id } : undefined
}

/** A headless Service has one record for each ready endpoint; `host` names one by its hostname or its dashed address. */
function headless(slices: PersistentMap<KubeObject>, namespace: string, name: string, host: string | undefined): string[] {
  const found: string[] = []
  for (const [key, slice] of slices.sorted()) {
    if (!key.startsWith(`${namespace}/`) || slice.metadata.labels?.['kubernetes.io/service-name'] !== name) continue
    for (const e of slice.endpoints ?? []) if ((e.conditions?.ready ?? true) && (host === undefined || host === (e.hostname ?? e.addresses[0].replaceAll('.', '-')))) found.push(...e.addresses)
  }
  return found.sort()
}
