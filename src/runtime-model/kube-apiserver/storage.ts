import { encryptedBy, type EtcdOperation, type EtcdResult } from '../api/etcd.ts'
import type { KubeObject } from '../api/request.ts'
import { conflict } from '../api/status.ts'
import type { Admitted } from './admission-chain.ts'
import { answer, refuse } from './answers.ts'
import { ask } from './etcd-client.ts'
import { flightWith, withWrite } from './flights.ts'
import { allocateAgain } from './service-addresses.ts'
import type { Turn, Write } from './state.ts'
import { storedKind, type Target } from './target.ts'

/**
 * What reaches etcd, one operation at a time: updates that must come first (a quota's status), addresses to take, the object itself, addresses to
 * give back. Between any two of them the server may end; what was stored by then stays.
 */
const firstLimit = 10
const eventTtlSeconds = 3600

export function put(turn: Turn, flight: Admitted, target: Target, expected: number, value: any): void {
  const { write } = flight, { resource } = target
  const ttlSeconds = resource === 'events' ? eventTtlSeconds : undefined
  const encrypted = resource === 'secrets' ? encryptedBy(turn.state.encryptionKeys[0]) : undefined
  ask(turn, flight, { op: 'put', key: { resource, namespace: write.namespace, name: write.name }, expected, value, ttlSeconds, encrypted })
}

/** Stores what must come first, then goes on with `ready`; if another writer was faster, admission looks again (`again`). */
export function storeFirst(
  turn: Turn, flight: Admitted, result: EtcdResult | undefined, again: (flight: Admitted) => void, ready: (flight: Admitted) => void
): void {
  let now = flight
  if (result?.ok && flight.phase === 'first') {
    const { write } = flight, [done, ...rest] = write.first, kind = storedKind(done.resource, turn.state.cache)
    if (!result.succeeded) {
      if (write.firstConflicts + 1 >= firstLimit) return refuse(turn, flight, conflict(kind, done.name))
      const newest = result.object ? [...write.newest.filter(o => o.metadata.uid !== result.object!.metadata.uid), result.object] : write.newest
      return again(withWrite(flight, { first: [], newest, firstConflicts: write.firstConflicts + 1 }))
    }
    now = withWrite(flight, { first: rest, newest: [...write.newest.filter(o => o.metadata.uid !== result.object!.metadata.uid), result.object!] })
  }
  if (result?.ok && flight.phase === 'before') {
    if (!result.succeeded) {
      const other = allocateAgain(turn, storedKind(flight.write.resource, turn.state.cache), flight.write)
      if ('status' in other) return refuse(turn, flight, other.status)
      now = flightWith(flight, { write: other.write })
    } else now = withWrite(flight, withUndo(flight.write, result.object))
  }
  const { write } = now
  if (write.first.length > 0) {
    const [{ resource, namespace, name, object, resourceVersion }] = write.first
    return ask(turn, flightWith(now, { phase: 'first' }), { op: 'put', key: { resource, namespace, name }, expected: Number(resourceVersion), value: object })
  }
  if (write.before.length > 0) return ask(turn, flightWith(now, { phase: 'before' }), write.before[0])
  ready(now)
}

/** What was put before the object goes again if the object is refused. Source: pkg/registry/core/service/storage/transaction.go */
function withUndo(write: Write, put: KubeObject | undefined): Pick<Write, 'before'> & Partial<Pick<Write, 'undo'>> {
  const [done, ...before] = write.before
  if (done.op !== 'put' || !put) return { before }
  return { before, undo: [{ op: 'delete', key: done.key, expected: Number(put.metadata.resourceVersion) }, ...write.undo] }
}

/** Runs what is left in `after`, then answers with the outcome. */
export function finish(turn: Turn, flight: Admitted): void {
  const [next, ...rest]: readonly EtcdOperation[] = flight.write.after
  if (next) return ask(turn, withWrite(flight, { after: rest }, 'after'), next)
  answer(turn, flight, flight.write.outcome!)
}
