import type { EtcdResult } from '../api/etcd.ts'
import type { KubeObject } from '../api/request.ts'
import { expired, isStatus, notFound, tooLargeResourceVersion, tooManyRequests } from '../api/status.ts'
import type { KindDefinition } from '../kinds/index.ts'
import { answer, pass, refuse } from './answers.ts'
import { unreadableResourceVersion } from './documents.ts'
import { ask } from './etcd-client.ts'
import { flightWith } from './flights.ts'
import { isLease, withHeartbeat } from './heartbeats.ts'
import { decodeContinue, encodeContinue, selection, unreadableSelectors, wrongListOptions, wrongPlaceInTime } from './list-options.ts'
import { nextOfCollection } from './modify.ts'
import { scaleOf } from './scale.ts'
import type { Flight, Turn } from './state.ts'
import { readSubresource } from './subresources.ts'
import type { Target } from './target.ts'
import { cached, listCached, listCachedAt } from './watch-cache.ts'

/**
 * GET and LIST. Without resourceVersion both are as new as etcd: a get reads the key there, a list asks for the newest revision and waits (up to 3 s)
 * until the watch cache has come so far. With resourceVersion=0 the cache answers as it is.
 * Source: k8s.io/apiserver pkg/storage/cacher (cacher.go, delegator.go), pkg/storage/etcd3/store.go.
 */
const freshMs = 3000
const notSynced = 'storage is (re)initializing'

export function beginGet(turn: Turn, flight: Flight, { kind, resource }: Target): void {
  const { request } = flight, namespace = kind.namespaced ? request.namespace ?? '' : '', name = request.name ?? ''
  const unreadable = unreadableResourceVersion(request.resourceVersion, 'resourceVersion')
  if (unreadable) return refuse(turn, flight, unreadable)
  if (request.resourceVersion && turn.state.phase === 'serving') {
    return waitForCache(
      turn, flightWith(flight, { handler: 'get' }), Number(request.resourceVersion),
      fresh => got(turn, fresh, { kind, resource }, cached(turn.state.cache, resource, namespace, name))
    )
  }
  ask(turn, flightWith(flight, { handler: 'get', phase: 'read' }), { op: 'get', key: { resource, namespace, name }, linearizable: true })
}
export function resumeGet(turn: Turn, flight: Flight, target: Target, result: EtcdResult | undefined): void {
  const { kind, resource } = target, { request } = flight
  if (flight.phase === 'cache') {
    return got(turn, flight, target, cached(turn.state.cache, resource, kind.namespaced ? request.namespace ?? '' : '', request.name ?? ''))
  }
  if (result?.ok) got(turn, flight, target, result.object)
}

function got(turn: Turn, flight: Flight, { kind, resource }: Target, stored: KubeObject | undefined): void {
  const { request } = flight, passed = pass(turn, flight, 'storage')
  if (!stored) return refuse(turn, passed, notFound(kind, request.name ?? ''))
  const current = shown(turn, kind, resource, stored), object = kind.whenRead?.(current) ?? current
  if (request.subresource === 'scale') {
    return answer(turn, passed, { code: 200, body: scaleOf(kind, object) })
  }
  if (request.subresource && request.subresource !== 'status') return readSubresource(turn, passed, kind, object)
  answer(turn, passed, { code: 200, body: object })
}

/** A stored object as this version of its kind, with its heartbeat. */
export function shown(turn: Turn, kind: KindDefinition, resource: string, stored: KubeObject): KubeObject {
  const object = kind.storedAs ? kind.storedAs.fromStored(stored) : stored
  return isLease(resource) ? withHeartbeat(object, turn.context) : object
}

// ---- lists
export function beginList(turn: Turn, flight: Flight, target: Target): void {
  const { request } = flight, wrong = unreadableSelectors(request) ?? wrongListOptions(request), selects = selection(target.kind, request)
  const now: Flight = flightWith(flight, { handler: 'list' })
  if (wrong) return refuse(turn, flight, wrong)
  if (isStatus(selects)) return refuse(turn, flight, selects)
  const unreadable = wrongPlaceInTime(request)
  if (unreadable) return refuse(turn, flight, unreadable)
  if (turn.state.phase !== 'serving') return refuse(turn, flight, tooManyRequests(notSynced, 1))
  if (request.continue) return serveList(turn, now, target)
  if (request.resourceVersion === undefined || request.resourceVersion === '') return ask(turn, flightWith(now, { phase: 'revision' }), { op: 'revision' })
  waitForCache(turn, now, Number(request.resourceVersion), fresh => serveList(turn, fresh, target))
}

export function resumeList(turn: Turn, flight: Flight, target: Target, result: EtcdResult | undefined): void {
  if (flight.phase === 'revision' && result?.ok) return waitForCache(turn, flight, result.revision, fresh => serveList(turn, fresh, target))
  if (flight.phase === 'cache') return serveList(turn, flight, target)
  if (flight.phase === 'etcd' && result?.ok) answerList(turn, flight, target, result.objects ?? [], result.revision)
}

/** Goes on at once, or when the stream from etcd has come so far; see `freshened` and `staleAfterAll`. */
export function waitForCache(turn: Turn, flight: Flight, revision: number, ready: (flight: Flight) => void): void {
  if (turn.state.cache.revision >= revision) return ready(flight)
  turn.state.parked.set(String(flight.number), { flight: flightWith(flight, { phase: 'cache', revision }), for: 'cache' })
  turn.effects.push({ do: 'timer', key: `fresh ${flight.number}`, afterMs: freshMs })
}

/** The cache did not come so far in time: a consistent list reads etcd itself, everything else is refused. */
export function staleAfterAll(turn: Turn, flight: Flight, target: Target): void {
  const { request } = flight
  if (flight.handler === 'list' && !request.resourceVersion) {
    return ask(turn, flightWith(flight, { phase: 'etcd' }), {
      op: 'list', resource: target.resource, namespace: target.kind.namespaced ? request.namespace : undefined, linearizable: true,
    })
  }
  refuse(turn, flight, tooLargeResourceVersion(flight.revision ?? 0, turn.state.cache.revision))
}

function serveList(turn: Turn, flight: Flight, target: Target): void {
  const { request } = flight, { cache } = turn.state, namespace = target.kind.namespaced ? request.namespace : undefined
  if (request.continue) return continued(turn, flight, target, namespace)
  if (request.resourceVersionMatch === 'Exact' || (request.limit && request.resourceVersion && request.resourceVersion !== '0')) {
    const revision = Number(request.resourceVersion), then = listCachedAt(cache, target.resource, namespace, revision)
    return then ? answerList(turn, flight, target, then, revision) : refuse(turn, flight, expired('The resourceVersion for the provided list is too old.'))
  }
  answerList(turn, flight, target, listCached(cache, target.resource, namespace), cache.revision)
}

const tooOldText =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. '
  + 'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/** Later pages show the state of the first. */
function continued(turn: Turn, flight: Flight, target: Target, namespace: string | undefined): void {
  const token = decodeContinue(flight.request.continue!)
  if (isStatus(token)) return refuse(turn, flight, token)
  const { cache } = turn.state, then = token.rv < 0 ? listCached(cache, target.resource, namespace) : listCachedAt(cache, target.resource, namespace, token.rv)
  if (!then) return refuse(turn, flight, expired(tooOldText, encodeContinue(-1, token.start)))
  answerList(
    turn, flight, target, then.filter(o => `${o.metadata.namespace ?? ''}/${o.metadata.name}` >= token.start), token.rv < 0 ? cache.revision : token.rv
  )
}

function answerList(turn: Turn, flight: Flight, target: Target, objects: readonly KubeObject[], revision: number): void {
  const { request } = flight, { kind, resource } = target, selects = selection(kind, request) as (object: any) => boolean
  const plain = kind.storedAs === undefined && !isLease(resource)
  const all = plain ? objects.filter(selects) : objects.map(o => shown(turn, kind, resource, o)).filter(selects)
  const passed = pass(turn, flight, 'storage')
  if (request.verb === 'deletecollection') return nextOfCollection(turn, flightWith(passed, { collection: { listed: all, at: 0 } }), target)
  const cut = request.limit! > 0 && request.resourceVersion !== '0' && all.length > request.limit! ? request.limit! : all.length
  const page = cut < all.length ? all.slice(0, cut) : all, items = kind.whenRead ? page.map(o => kind.whenRead!(o)) : page
  const more = cut < all.length
    ? {
      continue: encodeContinue(revision, `${all[cut].metadata.namespace ?? ''}/${all[cut].metadata.name}`),
      ...request.labelSelector || request.fieldSelector ? undefined : { remainingItemCount: all.length - cut },
    }
    : undefined
  const metadata = { resourceVersion: String(revision), ...more }, apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version
  answer(turn, passed, { code: 200, body: { kind: `${kind.kind}List`, apiVersion, metadata, items } })
}
