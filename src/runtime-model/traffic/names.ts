import type { Physics } from './physics.ts'
import { hostsOutside } from './places.ts'
import { exitAt, lostWay, rulesOn, routeToService, type Endpoint, type Route, type ServiceTarget } from './route.ts'
import type { Sender } from './sender.ts'

/**
 * A Service for which no rules are written: clients come to it by its name, as CoreDNS knows it. A headless one leads to its ready pods themselves, at the
 * port that was asked for, whatever its `targetPort`; an ExternalName to another name. undefined: it has rules, or is not known.
 * Source: https://kubernetes.io/docs/concepts/services-networking/service/#headless-services, #externalname
 */
export function byName(physics: Physics, node: string, target: ServiceTarget, sender: Sender, depth = 0): Route | undefined {
  const dns = physics.peek('coredns/cluster'), stores = dns?.state.informers.stores, spec = stores?.services.get(`${target.namespace}/${target.service}`)?.spec
  if (!spec || spec.type !== 'ExternalName' && spec.clusterIP !== 'None') return undefined
  const asked = dns!.status === 'up' ? routeToService(physics, node, nameServer, sender) : lostWay(node, `i/o timeout (CoreDNS is ${dns!.status})`)
  if (asked.exits.every(e => e.lost !== undefined)) return lostWay(node, `lookup ${target.service}: ${asked.exits[0].lost}`)
  const port: number | undefined = target.port ?? spec.ports?.[0]?.port
  if (spec.type === 'ExternalName') return elsewhere(physics, node, `service ${target.service}`, spec.externalName, port, sender, depth)
  const exits = readyEndpoints(stores.endpointslices, target, port ?? 80).map(e => exitAt(physics, e, sender, 'TCP'))
  return exits.length > 0
    ? { node, exits, sticky: false, protocol: 'TCP', hidesSource: false }
    : lostWay(node, `lookup ${target.service}: no such host (the Service has no ready endpoints)`)
}
const nameServer: ServiceTarget = { namespace: 'kube-system', service: 'kube-dns', port: 53 }

function readyEndpoints(slices: any, { namespace, service }: ServiceTarget, port: number): readonly Endpoint[] {
  const own: readonly any[] = slices.sorted().map(([, s]: [string, any]) => s).filter((s: any) =>
    s.metadata.namespace === namespace && s.metadata.labels?.['kubernetes.io/service-name'] === service)
  return own.flatMap(s => s.endpoints ?? []).filter(e => e.conditions?.ready ?? true).flatMap((e: any) =>
    e.addresses.map((address: string): Endpoint => ({ address, port, node: e.nodeName, pod: e.targetRef?.name, uid: e.targetRef?.uid })))
}

const aliasesAtMost = 8, zone = '.svc.cluster.local'
/** Where a name leads from a node; `who` says it: `service payments`, which is an alias of it then. */
export function elsewhere(physics: Physics, node: string, who: string, alias: string, port: number | undefined, sender: Sender, depth = 0): Route {
  const bare = alias.endsWith('.') ? alias.slice(0, -1) : alias
  if (!bare.endsWith(zone)) {
    const address = hostsOutside(physics)[bare.toLowerCase()]
    return address === undefined
      ? lostWay(
        node,
        `not modelled: ${who} leads to ${bare}, which is outside of the cluster (say \`host "${bare}" is outside of the cluster\` if it is there)`
      )
      : { node, exits: [exitAt(physics, { address, port: port ?? 80 }, sender, 'TCP')], sticky: false, protocol: 'TCP', hidesSource: false }
  }
  if (depth >= aliasesAtMost) return lostWay(node, `lookup ${bare}: too many aliases`)
  const [service, namespace, ...more] = bare.slice(0, -zone.length).split('.')
  const known = physics.peek('coredns/cluster')!.state.informers.stores.services.has(`${namespace}/${service}`)
  if (!known || more.length > 0) return lostWay(node, `lookup ${bare}: no such host${who.startsWith('service ') ? ` (${who} is an alias of it)` : ''}`)
  const target = { namespace, service, port }
  return rulesOn(physics, node, target) ? routeToService(physics, node, target, sender)
    : byName(physics, node, target, sender, depth + 1) ?? lostWay(node, `no rules for service ${service} on ${node}`)
}
