import type { EtcdEvent, EtcdResult } from '../api/etcd.ts'
import type { KubeObject, WatchEvent } from '../api/request.ts'
import { typeName } from '../api/schema.ts'
import { isStatus, tooManyRequests, tooOldResourceVersion } from '../api/status.ts'
import { normalise, type KindDefinition } from '../kinds/index.ts'
import { answer, pass, refuse } from './answers.ts'
import { unreadableResourceVersion } from './documents.ts'
import { ask } from './etcd-client.ts'
import { flightWith } from './flights.ts'
import { selection, unreadableSelectors, wrongWatchOptions } from './list-options.ts'
import { asPrinted } from './older-columns.ts'
import { minorOf } from './older-versions.ts'
import { shown, waitForCache } from './read.ts'
import { eventsAs } from './representations.ts'
import type { Flight, Turn } from './state.ts'
import { wrongTable } from './table.ts'
import { kindNamed, wordOf, type Target } from './target.ts'
import { eventsAfter, listCached, oldestRevision } from './watch-cache.ts'
import { addWatch, concerned, forgetBesides, removeWatch, type Watch } from './watches.ts'

/**
 * WATCH: from the watch cache alone. Without resourceVersion the current state comes first, as ADDED events in one message, at least as new as etcd is
 * now; with one, what happened since, or an ERROR event with 410 if that is no longer known.
 * Source: k8s.io/apiserver pkg/storage/cacher/cacher.go (Watch, dispatchEvent), watch_cache.go (getAllEventsSinceLocked).
 */
export function beginWatch(turn: Turn, flight: Flight, target: Target): void {
  const { request } = flight, selects = selection(target.kind, request), now: Flight = flightWith(flight, { handler: 'watch' })
  const unfit = unreadableSelectors(request) ?? wrongWatchOptions(request, turn.options) ?? wrongTable(request)
  if (unfit) return refuse(turn, flight, unfit)
  if (isStatus(selects)) return refuse(turn, flight, selects)
  const unreadable = unreadableResourceVersion(request.resourceVersion, 'resourceVersion')
  if (unreadable) return refuse(turn, flight, unreadable)
  if (turn.state.phase !== 'serving') return refuse(turn, flight, tooManyRequests('storage is (re)initializing', 1))
  if (!request.resourceVersion) return ask(turn, flightWith(now, { phase: 'revision' }), { op: 'revision' })
  if (request.sendInitialEvents) return waitForCache(turn, now, Number(request.resourceVersion), fresh => openWatch(turn, fresh, target))
  openWatch(turn, now, target)
}
export function resumeWatch(turn: Turn, flight: Flight, target: Target, result: EtcdResult | undefined): void {
  if (flight.phase === 'revision' && result?.ok) return waitForCache(turn, flight, result.revision, fresh => openWatch(turn, fresh, target))
  if (flight.phase === 'cache') openWatch(turn, flight, target)
}

function openWatch(turn: Turn, flight: Flight, { kind, resource }: Target): void {
  const { request } = flight, { cache, watches } = turn.state, after = Number(request.resourceVersion ?? '0'), stream = turn.context.nextId()
  const watch: Watch = {
    stream, client: flight.from, resource, served: `${kind.group}/${kind.version}/${kind.resource}`,
    namespace: kind.namespaced ? request.namespace : undefined, name: request.name, labelSelector: request.labelSelector, fieldSelector: request.fieldSelector,
    ...request.besides ? { besides: request.besides } : undefined, ...request.as ? { form: { as: request.as, query: request.query } } : undefined,
  }
  turn.effects.push({ do: 'open', stream, client: flight.from })
  answer(turn, pass(turn, flight, 'storage'), { code: 200 }, stream)
  if (after === 0 || request.sendInitialEvents) {
    addWatch(watches, watch)
    const selects = selectsOf(watch, kind), events: WatchEvent[] = []
    if (request.sendInitialEvents !== false) for (const stored of listCached(cache, resource, watch.namespace)) {
      const object = shown(turn, kind, resource, stored)
      if (selects(object)) events.push({ type: 'ADDED', object })
    }
    // without a version they are asked for too, unless told otherwise
    const toldWhole = request.sendInitialEvents ?? minorOf(turn.options) >= 34
    if (toldWhole && request.allowWatchBookmarks) events.push(initialEventsEnd(kind, cache.revision))
    send(turn, watch, kind, events, true)
    return stir(turn, watch)
  }
  const missed = eventsAfter(cache, resource, after)
  if (!missed) {
    send(turn, watch, kind, [{ type: 'ERROR', object: tooOldResourceVersion(after, oldestRevision(cache, resource)) }], false)
    turn.effects.push({ do: 'close', stream })
    return
  }
  addWatch(watches, watch)
  const events = missed.flatMap(e => eventFor(turn, watch, kind, e) ?? [])
  if (events.length > 0) send(turn, watch, kind, events, false)
  stir(turn, watch)
}
/** Source: k8s.io/apiserver pkg/storage/cacher/cache_watcher.go (convertToWatchEvent), api/core metav1.InitialEventsAnnotationKey */
function bookmarkAt(kind: KindDefinition, revision: number, annotations?: object): WatchEvent {
  const { group, version } = kind, apiVersion = group ? `${group}/${version}` : version, empty = kind.schema ? {} : normalise(typeName(group, version, kind.kind), {})
  const metadata = { resourceVersion: String(revision), ...annotations ? { annotations } : {} }
  return { type: 'BOOKMARK', object: { ...empty, kind: kind.kind, apiVersion, metadata } }
}
const initialEventsEnd = (kind: KindDefinition, revision: number): WatchEvent => bookmarkAt(kind, revision, { 'k8s.io/initial-events-end': 'true' })
/**
 * Tells a client how far its watch has come. A real server does so about once a minute; here whoever wants it asks, as nothing else would change.
 */
export function bookmark(turn: Turn, stream: number): void {
  const watch = turn.state.watches.open.get(String(stream)), kind = watch && kindNamed(watch.served, turn.state.cache)
  if (watch && kind) send(turn, watch, kind, [bookmarkAt(kind, turn.state.cache.revision)], false)
}
/** How many objects of a resource every cluster has: a range of addresses for Services. */
const alwaysThere: Readonly<Record<string, number>> = { 'servicecidrs.networking.k8s.io': 1 }
/** Tells of what there is of the resources that the client would watch besides, unless that is but what is always there. */
function stir(turn: Turn, watch: Watch): void {
  const used = watch.besides?.filter(resource => {
    const list = listCached(turn.state.cache, resource)
    return list.length !== (alwaysThere[resource] ?? 0) || list.some(o => o.metadata.deletionTimestamp !== undefined)
  })
  if (used?.length) tellStirred(turn, watch, used)
}
function tellStirred(turn: Turn, watch: Watch, stirred: readonly string[]): void {
  forgetBesides(turn.state.watches, watch, stirred)
  const { stream, client } = watch
  turn.effects.push({ do: 'send', to: client, message: { type: 'watch', stream, events: nothing, revision: turn.state.cache.revision, stirred } })
}
const nothing: readonly WatchEvent[] = []

function send(turn: Turn, watch: Watch, kind: KindDefinition, plain: readonly WatchEvent[], initial: boolean): void {
  const { stream, client, form } = watch, { watches } = turn.state
  const events = form ? eventsAs(asPrinted(turn.options, kind), form, plain, !watch.isTold, turn.context.wallMs) : plain
  if (!events) { removeWatch(watches, stream); turn.effects.push({ do: 'close', stream }); return }
  if (form && events.length > 0 && watches.open.get(String(stream))) watches.open.set(String(stream), { ...watch, isTold: true })
  const revision = turn.state.cache.revision
  turn.effects.push({
    do: 'send', to: client, message: initial ? { type: 'watch', stream, events, revision, initial } : { type: 'watch', stream, events, revision },
  })
}

const selectsOf = (watch: Watch, kind: KindDefinition): (object: any) => boolean => {
  const selects = selection(kind, watch) as (object: any) => boolean
  return watch.namespace === undefined ? selects : object => object.metadata.namespace === watch.namespace && selects(object)
}

/** What a change is to one watch: objects that come into its selection are ADDED, those that leave it DELETED. */
function eventFor(turn: Turn, watch: Watch, kind: KindDefinition, event: EtcdEvent): WatchEvent | undefined {
  const selects = selectsOf(watch, kind), object = shown(turn, kind, watch.resource, event.object)
  const old = event.old && kind.storedAs ? kind.storedAs.fromStored(event.old) : event.old
  const was = old !== undefined && selects(old)
  if (event.type === 'DELETE') return was || (old === undefined && selects(object)) ? { type: 'DELETED', object } : undefined
  if (selects(object)) return { type: was ? 'MODIFIED' : 'ADDED', object }
  return was ? { type: 'DELETED', object: { ...old!, metadata: { ...old!.metadata, resourceVersion: event.object.metadata.resourceVersion } } } : undefined
}

/** Tells everybody who watches of changes that have reached the cache: one message per watch, in order of what concerns it first. */
export function notifyWatches(turn: Turn, events: readonly EtcdEvent[]): void {
  const { watches } = turn.state
  if (watches.open.size === 0) return
  if (events.length === 1) {
    for (const streams of concerned(watches, events[0].key.resource, events[0].object, events[0].old)) {
      for (const stream of streams) notifyOne(turn, watches.open.get(String(stream))!, events)
    }
    return
  }
  const told = new Map<number, EtcdEvent[]>()
  for (const event of events) for (const streams of concerned(watches, event.key.resource, event.object, event.old)) for (const stream of streams) {
    const list = told.get(stream)
    if (list) list.push(event)
    else told.set(stream, [event])
  }
  for (const [stream, list] of told) notifyOne(turn, watches.open.get(String(stream))!, list)
}

function notifyOne(turn: Turn, watch: Watch, changes: readonly EtcdEvent[]): void {
  const kind = kindNamed(watch.served, turn.state.cache), events: WatchEvent[] = []
  if (!kind) { removeWatch(turn.state.watches, watch.stream); turn.effects.push({ do: 'close', stream: watch.stream }); return }
  const [{ key }] = changes
  if (key.resource !== watch.resource && watch.besides?.includes(key.resource)) return tellStirred(turn, watch, [key.resource])
  for (const change of changes) { const event = eventFor(turn, watch, kind, change); if (event) events.push(event) }
  if (events.length === 0) return
  if (turn.context.isObserved('notify')) {
    for (const { type, object } of events) {
      turn.effects.push({ do: 'record', observation: { type: 'notify', to: watch.client, change: type, what: whatOf(kind, object) } })
    }
  }
  send(turn, watch, kind, events, false)
}
const whatOf = (kind: KindDefinition, object: KubeObject): string => `${wordOf(kind)} ${object.metadata.name}`

/** Ends all watches, as when the cache must begin anew. */
export function closeAllWatches(turn: Turn): void {
  const { watches } = turn.state
  for (const [, { stream }] of watches.open.sorted()) { removeWatch(watches, stream); turn.effects.push({ do: 'close', stream }) }
}
