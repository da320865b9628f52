import { holds, parseCidr } from '../api/cidr.ts'
import type { KubeObject } from '../api/request.ts'
import { labelsMatch } from '../api/selectors.ts'

/**
 * NetworkPolicies as a table of who may talk to whom. A pod is isolated in a direction once a policy of its namespace selects it for that
 * direction; then the rules of all such policies together say what passes. Both ends must allow a connection; answers always pass.
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/, api networking/v1 types.go
 */
export interface PolicyView {
  /** an `ipBlock` means no pods and no nodes, as some plugins have it */
  readonly blocksOutsideOnly?: boolean
  /** of one namespace, in order of their names */
  policies(namespace: string): readonly KubeObject[]
  namespaceLabels(namespace: string): Readonly<Record<string, string>> | undefined
}
/** One end of a connection. `pod`: as the API has it; not for pods on their node's network, which policies do not know as pods. */
export interface Peer { readonly address: string; readonly pod?: KubeObject; /** the machine itself, if it is one */ readonly node?: string }
export interface Connection {
  readonly from: Peer
  readonly to: Peer
  readonly port: number
  readonly protocol: string
  /** machine on which `to` runs */
  readonly toNode?: string
}

/** Why a connection is dropped; undefined: it passes. */
export function refusal(view: PolicyView, connection: Connection): string | undefined {
  const { from, to, toNode } = connection
  // a node always reaches its own pods (the kubelet's probes), they it, and a pod itself
  if (from.node !== undefined && from.node === toNode || from.pod !== undefined && from.pod === to.pod) return undefined
  if (to.node !== undefined && from.pod?.spec.nodeName === to.node) return undefined
  return blocked(view, connection, 'Egress', from, to) ?? blocked(view, connection, 'Ingress', to, from)
}

const rulesOf = { Ingress: ['ingress', 'from'], Egress: ['egress', 'to'] } as const
function blocked(view: PolicyView, { to, port, protocol }: Connection, direction: 'Ingress' | 'Egress', of: Peer, other: Peer): string | undefined {
  if (of.pod === undefined) return undefined
  const { namespace, name, labels } = of.pod.metadata, [rules, peers] = rulesOf[direction]
  const isolating = view.policies(namespace ?? '').filter(({ spec }) => spec.policyTypes?.includes(direction) && labelsMatch(spec.podSelector ?? {}, labels))
  if (isolating.length === 0) return undefined
  const allowed = isolating.some(({ spec }) =>
    (spec[rules] ?? []).some((rule: any) => portMatches(rule.ports, to.pod, port, protocol) && peerMatches(view, rule[peers], namespace ?? '', other)))
  if (allowed) return undefined
  const names = isolating.map(p => p.metadata.name).join(', ')
  return `network polic${isolating.length > 1 ? 'ies' : 'y'} ${names} let${isolating.length > 1 ? '' : 's'} no such traffic ${direction === 'Ingress' ? 'into' : 'out of'} pod ${name} (${protocol} ${port}, no answer)`
}

/** No ports: all. A name means a port of the pod that is connected to. */
function portMatches(ports: readonly any[] | undefined, pod: KubeObject | undefined, port: number, protocol: string): boolean {
  if (!ports?.length) return true
  return ports.some(p =>
    (p.protocol ?? 'TCP') === protocol
      && (p.port === undefined || (typeof p.port === 'number' ? port >= p.port && port <= (p.endPort ?? p.port) : named(pod, p.port, protocol) === port)))
}
const named = (pod: KubeObject | undefined, name: string, protocol: string): number | undefined =>
  [...pod?.spec.containers ?? [], ...(pod?.spec.initContainers ?? []).filter((c: any) => c.restartPolicy === 'Always')].flatMap((c: any) =>
    c.ports ?? []).find((p: any) =>
    p.name === name && (p.protocol ?? 'TCP') === protocol)?.containerPort

/** No peers: everybody. Selectors in one item must both hold; items stand side by side. */
function peerMatches(view: PolicyView, peers: readonly any[] | undefined, namespace: string, { pod, address, node }: Peer): boolean {
  if (!peers?.length) return true
  return peers.some(({ ipBlock, podSelector, namespaceSelector }) => {
    if (ipBlock) {
      return !(view.blocksOutsideOnly && (pod !== undefined || node !== undefined)) && within(ipBlock.cidr, address)
        && !(ipBlock.except ?? []).some((e: string) => within(e, address))
    }
    if (pod === undefined) return false
    const home = pod.metadata.namespace ?? ''
    return (namespaceSelector ? labelsMatch(namespaceSelector, view.namespaceLabels(home)) : home === namespace)
      && (podSelector === undefined || labelsMatch(podSelector, pod.metadata.labels))
  })
}
export function within(cidr: string, address: string): boolean {
  const range = parseCidr(cidr)
  return range !== undefined && holds(range, address)
}
