import { PersistentMap } from '../../base/persistent-map.ts'
import type { Effect, Input, StepContext } from '../kernel/actor.ts'
import type { KubeObject, WatchEvent } from '../api/request.ts'
import { isResponse, isWatch } from '../api/messages.ts'
import { objectKey } from '../api/object-key.ts'
import { call, request } from './client.ts'
import type { Identity } from './client.ts'

/**
 * Reflectors and their stores, once for every component: list and watch over one stream per resource, resume after the last
 * revision when a stream ends, list anew when that is too old. A store holds references to the very objects the API server
 * sent. Source of the behaviour: k8s.io/client-go tools/cache/reflector.go (WatchList, back-off 800 ms … 30 s).
 */
export interface Watched {
  /** name of the store: usually the resource itself */
  readonly key: string
  readonly resource: string
  readonly version?: string
  readonly namespace?: string
  readonly name?: string
  readonly fieldSelector?: string
  readonly labelSelector?: string
  /** resources that nobody watches before there is something to tell of them (ApiRequest) */
  readonly besides?: readonly string[]
}
interface Reflector {
  readonly phase: 'idle' | 'opening' | 'open' | 'waiting'
  readonly call: number
  readonly stream: number
  readonly revision: number
  readonly synced: boolean
  readonly failures: number
  /** when the last stream was opened */
  readonly openedAt: number
}

export interface Informers {
  readonly forkable: true
  /** open stream → key of what it tells of */
  readonly streams: PersistentMap<string>
  /** watches that are asked for and not answered yet */
  opening: number
  readonly reflectors: PersistentMap<Reflector>
  /** resource key → store of `namespace/name` (cluster-scoped: `/name`) → object */
  readonly stores: { readonly forkable: true } & { readonly [key: string]: any }
}

/** `stored`: what the store held before; of DELETED, `old` is the last state that the API server sent. */
export interface Delta {
  readonly key: string
  readonly name: string
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly old?: KubeObject
  readonly new?: KubeObject
  readonly stored?: KubeObject
}
export interface InformerResult {
  readonly handled: boolean; readonly deltas: readonly Delta[]; readonly effects: readonly Effect[]; readonly stirred?: readonly string[]
}

/** A watch that ends sooner is taken for an error. Source: reflector.go (handleAnyWatch, VeryShortWatchError) */
const shortWatchMs = 1000

const NOT_MINE: InformerResult = { handled: false, deltas: [], effects: [] }
const idle: Reflector = { phase: 'idle', call: 0, stream: 0, revision: 0, synced: false, failures: 0, openedAt: -Infinity }
export const storeKey = ({ metadata }: KubeObject): string => objectKey(metadata.namespace ?? '', metadata.name)

export function emptyInformers(watched: readonly Watched[]): Informers {
  const stores: Record<string, any> = { forkable: true }
  for (const w of watched) stores[w.key] = new PersistentMap<KubeObject>()
  return { forkable: true, streams: new PersistentMap<string>(), opening: 0, reflectors: new PersistentMap<Reflector>(), stores: stores as Informers['stores'] }
}
export const store = (informers: Informers, key: string): PersistentMap<KubeObject> => informers.stores[key]
export const hasSynced = (informers: Informers, watched: readonly Watched[]): boolean => watched.every(w => informers.reflectors.get(w.key)?.synced)

/** Opens all watches; call on `start`. */
export function startInformers(informers: Informers, watched: readonly Watched[], identity: Identity, context: StepContext): Effect[] {
  return watched.map(w => open(informers, w, identity, context))
}

/** Takes inputs that belong to a reflector; `deltas` are the changes of the stores, in order. */
export function informerStep(informers: Informers, watched: readonly Watched[], identity: Identity, input: Input, context: StepContext): InformerResult {
  if (input.on === 'message') {
    if (isWatch(input.message)) {
      if (input.message.stirred) return { handled: true, deltas: [], effects: [], stirred: input.message.stirred }
      const w = told(informers, watched, input.message.stream)
      return w
        ? receive(informers, w, input.message.events, input.message.revision, input.message.initial ?? false, identity, context)
        : { handled: true, deltas: [], effects: [] }
    }
    if (isResponse(input.message)) {
      const { replyTo, response, stream } = input.message, w = asking(informers, watched, replyTo)
      if (!w) return NOT_MINE
      informers.opening--
      if (response.code !== 200 || stream === undefined) return retry(informers, w, context, response.code === 410)
      change(informers, w, { phase: 'open', call: 0, stream, failures: 0, openedAt: context.now })
      informers.streams.set(String(stream), w.key)
      return { handled: true, deltas: [], effects: [] }
    }
    return NOT_MINE
  }
  if (input.on === 'failed') {
    const w = asking(informers, watched, input.id)
    if (!w) return NOT_MINE
    informers.opening--
    return retry(informers, w, context, false)
  }
  if (input.on === 'closed') {
    const w = told(informers, watched, input.stream)
    if (!w) return NOT_MINE
    informers.streams.delete(String(input.stream))
    // a stream that ends is opened again at once, but for one that had hardly begun; one that was lost is an error
    const { openedAt } = informers.reflectors.get(w.key)!
    if (input.why === 'reset' && context.now - openedAt >= shortWatchMs) return { handled: true, deltas: [], effects: [open(informers, w, identity, context)] }
    return retry(informers, w, context, false)
  }
  if (input.on === 'timer' && input.key.startsWith('reflector ')) {
    const w = watched.find(x => input.key === `reflector ${x.key}`)
    return w ? { handled: true, deltas: [], effects: [open(informers, w, identity, context)] } : NOT_MINE
  }
  return NOT_MINE
}

function open(informers: Informers, w: Watched, identity: Identity, context: StepContext): Effect {
  const { revision } = informers.reflectors.get(w.key) ?? idle
  const { id, effect } = call(
    context,
    request(identity, 'watch', w, {
      fieldSelector: w.fieldSelector, labelSelector: w.labelSelector, resourceVersion: revision > 0 ? String(revision) : undefined,
      ...w.besides ? { besides: w.besides } : undefined,
    })
  )
  change(informers, w, { phase: 'opening', call: id, stream: 0 })
  informers.opening++
  return effect
}

function receive(
  informers: Informers, w: Watched, events: readonly WatchEvent[], revision: number, initial: boolean, identity: Identity, context: StepContext
): InformerResult {
  if (events.length === 1 && events[0].type === 'ERROR') {
    forget(informers, w)
    change(informers, w, { revision: 0, stream: 0 })
    return { handled: true, deltas: [], effects: [open(informers, w, identity, context)] }
  }
  const objects = store(informers, w.key), deltas: Delta[] = []
  if (initial) replace(objects, events, w.key, deltas)
  else for (const event of events) apply(objects, event, w.key, deltas)
  const r = informers.reflectors.get(w.key)!
  informers.reflectors.set(w.key, { phase: r.phase, call: r.call, stream: r.stream, revision, synced: true, failures: r.failures, openedAt: r.openedAt })
  return { handled: true, deltas, effects: [] }
}

function apply(objects: PersistentMap<KubeObject>, event: WatchEvent, key: string, deltas: Delta[]): void {
  if (event.type === 'BOOKMARK') return
  const name = storeKey(event.object), old = objects.get(name)
  if (event.type === 'DELETED') {
    if (!old) return
    objects.delete(name)
    deltas.push({ key, name, type: 'DELETED', old: event.object, stored: old })
  } else {
    if (old && old.metadata.resourceVersion === event.object.metadata.resourceVersion) return
    objects.set(name, event.object)
    deltas.push({ key, name, type: old ? 'MODIFIED' : 'ADDED', old, new: event.object, stored: old })
  }
}

/** A new list: what is no longer there was deleted while nobody watched. */
function replace(objects: PersistentMap<KubeObject>, events: readonly WatchEvent[], key: string, deltas: Delta[]): void {
  if (objects.size > 0) {
    const now = new Set(events.map(e => storeKey(e.object)))
    for (const [name, old] of objects.sorted()) if (!now.has(name)) { objects.delete(name); deltas.push({ key, name, type: 'DELETED', old, stored: old }) }
  }
  for (const event of events) apply(objects, event, key, deltas)
}

function retry(informers: Informers, w: Watched, context: StepContext, relist: boolean): InformerResult {
  const r = informers.reflectors.get(w.key) ?? idle
  const base = Math.min(30_000, 800 * 2 ** r.failures), afterMs = base + Math.floor(base * context.choose(`reflector ${w.key}`, 100) / 100)
  change(informers, w, { phase: 'waiting', call: 0, stream: 0, failures: Math.min(r.failures + 1, 6), ...(relist ? { revision: 0 } : {}) })
  return { handled: true, deltas: [], effects: [{ do: 'timer', key: `reflector ${w.key}`, afterMs }] }
}

/** Who waits for the answer to this call. */
function asking(informers: Informers, watched: readonly Watched[], call: number): Watched | undefined {
  if (informers.opening > 0) for (const w of watched) if (informers.reflectors.get(w.key)?.call === call) return w
  return undefined
}
function told(informers: Informers, watched: readonly Watched[], stream: number): Watched | undefined {
  const key = informers.streams.get(String(stream))
  if (key !== undefined) for (const w of watched) if (w.key === key) return w
  return undefined
}
function forget(informers: Informers, w: Watched): void { informers.streams.delete(String(informers.reflectors.get(w.key)?.stream)) }
/** Spelled out: in a long outage every reflector of every component comes by here twice a minute. */
function change(informers: Informers, w: Watched, to: Partial<Reflector>): void {
  const r = informers.reflectors.get(w.key) ?? idle
  informers.reflectors.set(w.key, {
    phase: to.phase ?? r.phase, call: to.call ?? r.call, stream: to.stream ?? r.stream, revision: to.revision ?? r.revision, synced: to.synced ?? r.synced,
    failures: to.failures ?? r.failures, openedAt: to.openedAt ?? r.openedAt,
  })
}

/** One more resource to watch, from now on; the list of what is watched is the caller's. */
export function addWatched(informers: Informers, w: Watched, identity: Identity, context: StepContext): Effect {
  ;(informers.stores as Record<string, any>)[w.key] = new PersistentMap<KubeObject>()
  return open(informers, w, identity, context)
}
/** A resource that is no longer there: nobody asks for it any more. */
export function dropWatched(informers: Informers, { key }: Watched): Effect {
  const r = informers.reflectors.get(key)
  if (r?.phase === 'opening') informers.opening--
  informers.streams.delete(String(r?.stream))
  informers.reflectors.delete(key)
  delete (informers.stores as Record<string, any>)[key]
  return { do: 'cancel', key: `reflector ${key}` }
}
