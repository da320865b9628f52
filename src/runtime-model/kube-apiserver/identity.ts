import { sha256 } from '../../base/sha256.ts'
import type { EtcdEvent } from '../api/etcd.ts'
import type { KubeObject } from '../api/request.ts'
import { formatMicroTime, formatTime, parseTime } from '../api/time.ts'
import type { Input } from '../kernel/actor.ts'
import { uidFrom } from '../kernel/names.ts'
import { hashString } from '../../base/hash.ts'
import { updateManagedFields } from './patch/index.ts'
import { registry } from '../kinds/index.ts'
import { isConnected } from './connection.ts'
import { askOwn } from './etcd-client.ts'
import { withHeartbeat } from './heartbeats.ts'
import type { Turn } from './state.ts'
import { cached, listCached } from './watch-cache.ts'

/**
 * The Lease by which an API server says that it is there: `apiserver-…` in kube-system, renewed every ten seconds in closed form, with a new holder whenever
 * the process starts. Each server looks every hour, if there are others than its own, for those that nobody has renewed for so long, and removes them.
 * Sources: k8s.io/apiserver pkg/server/config.go (NewConfig: the identity), pkg/controlplane/apiserver/server.go
 * (start-kube-apiserver-identity-lease-controller), pkg/controlplane/controller/apiserverleasegc/gc_controller.go
 */
export const IDENTITY = 'identity', IDENTITIES = 'identities'
const renewEveryMs = 10_000, collectEveryMs = 3_600_000, resource = 'leases.coordination.k8s.io', namespace = 'kube-system'

const letters = 'abcdefghijklmnopqrstuvwxyz234567', lengthAndText = (text: string): string => String.fromCharCode(text.length >> 8, text.length & 255) + text
/** base32 of the first 16 bytes of what its host and its name hash to */
export function identityOf(host: string): string {
  const hash = sha256(lengthAndText(host) + lengthAndText('kube-apiserver')).slice(0, 32)
  const bits = [...hash].map(digit => parseInt(digit, 16).toString(2).padStart(4, '0')).join('').padEnd(130, '0')
  return `apiserver-${bits.match(/.{5}/g)!.map(five => letters[parseInt(five, 2)]).join('')}`
}

/** That of a server which has been there since the cluster was made. */
export function identityLease(host: string, atMs: number): Pick<KubeObject, 'metadata'> & { readonly spec: unknown } {
  const name = identityOf(host), seed = [1, 2, 3, 4].map(i => hashString(`identity of ${host}`, i)) as [number, number, number, number]
  return { metadata: metadataOf(host, name), spec: specOf(`${name}_${uidFrom(...seed)}`, atMs) }
}
const metadataOf = (host: string, name: string): any =>
  ({ name, namespace, labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver', 'kubernetes.io/hostname': host } })
const specOf = (holderIdentity: string, atMs: number): any => ({ holderIdentity, leaseDurationSeconds: 3600, renewTime: formatMicroTime(atMs) })

/** It serves: its Lease is its own from now on. */
export function takeIdentity(turn: Turn): void {
  const { options: { host }, state: { cache, startedAt } } = turn, name = identityOf(host)
  collectIdentities(turn)
  if (startedAt === 0 && cached(cache, resource, namespace, name)) return keep(turn)
  write(turn, `${name}_${turn.context.uid()}`)
}
/** Another server has come: one day it may be gone. */
export function followIdentities(turn: Turn, events: readonly EtcdEvent[]): void {
  if (events.some(e => e.type === 'PUT' && e.key.resource === resource && isAnothers(turn, e.object))) lookEveryHour(turn)
}
const isAnothers = ({ options: { host } }: Turn, { metadata }: KubeObject): boolean =>
  metadata.namespace === namespace && metadata.labels?.['apiserver.kubernetes.io/identity'] === 'kube-apiserver' && metadata.name !== identityOf(host)
function lookEveryHour({ context: { now }, state: { startedAt }, effects }: Turn): void {
  effects.push({ do: 'timer', key: IDENTITIES, afterMs: collectEveryMs - (now - startedAt) % collectEveryMs, background: true })
}
/** Removes what servers that are gone have left. */
export function collectIdentities(turn: Turn): void {
  const { context, state: { cache } } = turn, others = listCached(cache, resource, namespace).filter(lease => isAnothers(turn, lease))
  if (others.length > 0) lookEveryHour(turn)
  if (!isConnected(turn, resource) || turn.state.stream === 0) return
  for (const lease of others) {
    const { renewTime, leaseDurationSeconds } = withHeartbeat(lease, context).spec ?? {}, { name, resourceVersion } = lease.metadata
    if (renewTime && leaseDurationSeconds && parseTime(renewTime) + leaseDurationSeconds * 1000 >= context.wallMs) continue
    askOwn(turn, { op: 'delete', key: { resource, namespace, name }, expected: Number(resourceVersion) }, IDENTITIES)
  }
}
/** Renewals have not arrived, and could again. */
export function identityHeartbeat(turn: Turn, { state, lastAt }: Extract<Input, { on: 'heartbeat' }>): void {
  const sinceMs = turn.context.now - lastAt
  if (state === 'possible' && turn.state.listens) again(turn, renewEveryMs - sinceMs % renewEveryMs)
}
export function renewIdentity(turn: Turn): void {
  // it goes by the connection that all requests to etcd share
  if (!isConnected(turn, resource) || turn.state.stream === 0) return again(turn, renewEveryMs)
  const there: any = cached(turn.state.cache, resource, namespace, identityOf(turn.options.host))
  write(turn, there?.spec.holderIdentity ?? `${identityOf(turn.options.host)}_${turn.context.uid()}`)
}
export function identityWritten(turn: Turn, ok: boolean): void {
  if (ok) keep(turn); else again(turn, renewEveryMs)
}
const again = (turn: Turn, afterMs: number): void => { turn.effects.push({ do: 'timer', key: IDENTITY, afterMs, background: true }) }
const keep = (turn: Turn): void => {
  turn.effects.push({ do: 'keep', key: `${resource}/${namespace}/${identityOf(turn.options.host)}`, periodMs: renewEveryMs })
}
function write(turn: Turn, holder: string): void {
  const { context, options: { host }, state } = turn, name = identityOf(host), there: any = cached(state.cache, resource, namespace, name)
  const nowText = formatTime(context.wallMs), spec = specOf(holder, context.wallMs), kind = registry.byGroupKind('coordination.k8s.io', 'Lease')!
  const object: any = there ? { ...there, spec }
    : { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { ...metadataOf(host, name), uid: context.uid(), creationTimestamp: nowText }, spec }
  const value = updateManagedFields(kind, there, object, { manager: 'kube-apiserver', operation: 'Update', nowText, given: object })
  askOwn(turn, { op: 'put', key: { resource, namespace, name }, expected: there ? Number(there.metadata.resourceVersion) : 0, value }, IDENTITY)
}
