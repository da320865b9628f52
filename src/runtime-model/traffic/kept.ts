import { hashString, mix32 } from '../../base/hash.ts'
import { exitAt, type Exit, type Listening, type Route } from './route.ts'
import type { Physics } from './physics.ts'
import type { Source } from './sources.ts'

/**
 * Connections that clients keep open and send all their requests over. The rules of a node are asked when a connection is made; from then on it stays with
 * its pod, whatever they say, until that pod ends or keeps silent; then the client makes another. Datagrams have no connection: kube-proxy makes
 * the node forget flows to addresses that are no endpoints any more. Source: https://kubernetes.io/docs/reference/networking/virtual-ips/, pkg/proxy/conntrack
 */
export function keep(physics: Physics, source: Source, found: readonly Route[]): { readonly source: Source; readonly ways: readonly Route[] } {
  if (!source.connections || found.length === 0) return { source, ways: found }
  const { protocol } = found[0], kept: Exit[] = []
  for (let i = 0; i < source.connections; i++) kept.push(stillThere(physics, source, source.kept[i], found) ?? made(source, found, i))
  return { source: { ...source, kept }, ways: [{ node: '', exits: kept, sticky: false, protocol, hidesSource: false }] }
}

function stillThere(physics: Physics, source: Source, before: Exit | undefined, found: readonly Route[]): Listening | undefined {
  if (before?.listener === undefined || before.lost !== undefined) return undefined
  const { protocol } = found[0], now = exitAt(physics, before.to, source.pod ? { pod: source.pod } : {}, protocol)
  if (now.lost !== undefined || now.listener.hung || now.listener.startedAt !== before.listener.startedAt) return undefined
  return protocol !== 'UDP' || found.some(way => way.exits.some(e => e.to?.uid === before.to.uid)) ? now : undefined
}

function made(source: Source, found: readonly Route[], i: number): Exit {
  const draw = mix32(hashString(`${source.name} ${i}`) ^ source.next), { exits } = found[(draw >>> 0) % found.length]
  return exits[(mix32(draw ^ 0x85ebca6b) >>> 0) % exits.length]
}
