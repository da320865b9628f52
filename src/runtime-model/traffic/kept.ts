import { hashString, mix32 } from '../../base/hash.ts'
import { isLetGo } from './balancer.ts'
import { exitAt, type Route } from './route.ts'
import { nodeAlive, type Physics } from './physics.ts'
import type { Source } from './sources.ts'

/**
 * Connections that clients keep open and send all their requests over. The rules of a node are asked when a connection is made; from then on it stays with
 * its pod, whatever they say, until that pod ends or keeps silent, or the node that it came in by is gone; then the client makes another. Datagrams have no
 * connection, and their sender learns nothing: a flow goes on to an address, whoever is there, until kube-proxy makes the node forget flows to what is no
 * endpoint any more. Source: https://kubernetes.io/docs/reference/networking/virtual-ips/, pkg/proxy/conntrack
 */
export function keep(physics: Physics, source: Source, found: readonly Route[], now: number): { readonly source: Source; readonly ways: readonly Route[] } {
  if (!source.connections || found.length === 0) return { source, ways: found }
  const kept: Route[] = []
  for (let i = 0; i < source.connections; i++) kept.push(stillThere(physics, source, source.kept[i], found, now) ?? made(source, found, i))
  return { source: { ...source, kept }, ways: kept }
}

function stillThere(physics: Physics, source: Source, way: Route | undefined, found: readonly Route[], atMs: number): Route | undefined {
  const before = way?.exits[0], { protocol } = found[0]
  if (before?.to === undefined || 'upstream' in before || !source.pod && isCut(physics, source, way!.node, atMs)) return undefined
  const now = exitAt(physics, before.to, source.pod ? { pod: source.pod } : {}, protocol, way), kept: Route = { ...way!, exits: [now] }
  if (protocol === 'UDP') return found.some(w => w.node === way!.node && w.exits.some(e => e.to?.uid === before.to!.uid)) ? kept : undefined
  if (before.listener === undefined || now.lost !== undefined || now.listener.hung || now.listener.startedAt !== before.listener.startedAt) return undefined
  return kept
}
/** Is the node that it came in by gone, or has the balancer cut off what came by it? */
const isCut = (physics: Physics, source: Source, node: string, now: number): boolean => !nodeAlive(physics, node) || isLetGo(source, node, now)

function made(source: Source, found: readonly Route[], i: number): Route {
  const draw = mix32(hashString(`${source.name} ${i}`) ^ source.next), way = found[(draw >>> 0) % found.length]
  return { ...way, sticky: false, exits: [way.exits[(mix32(draw ^ 0x85ebca6b) >>> 0) % way.exits.length]] }
}
