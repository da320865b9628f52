import { onePiece } from '../../base/one-piece.ts'
import { PersistentMap } from '../../base/persistent-map.ts'
import type { Effect, Input, StepContext } from '../kernel/actor.ts'
import type { ApiRequest, KubeObject } from '../api/request.ts'
import { formatMicroTime, formatTime } from '../api/time.ts'
import { isResponse } from '../api/messages.ts'
import { call, create, createCanonical, patch } from './client.ts'
import type { Identity } from './client.ts'

/**
 * How components tell the API about what they did: repeats become a count, floods are combined or dropped, and what cannot be
 * sent is kept for two minutes, so that Events of an outage arrive late. Two shapes exist: the recorder of client-go
 * tools/record (one queue per source, core/v1) and that of tools/events (each Event by itself, events.k8s.io/v1, repeats in `series`).
 * Sources: k8s.io/client-go tools/record/{event,events_cache}.go, tools/events/event_broadcaster.go.
 */
export interface EventRecorder {
  readonly forkable: true
  readonly component: string
  /** host that a kubelet or kube-proxy names; controllers leave it out */
  readonly host: string
  readonly shape: 'core' | 'events.k8s.io'
  /** core: what was said before, by source, object and type */
  readonly told: PersistentMap<Told>
  /** events.k8s.io: what was sent before, by everything that makes two Events the same */
  readonly series: PersistentMap<Series>
  /** source → Events waiting for the one in flight */
  readonly queues: PersistentMap<readonly Pending[]>
  /** id of the call → the Event it carries */
  readonly flights: PersistentMap<Pending>
  /** when the latest Event got its name: calendar ms, and millionths of that ms */
  namedMs: number
  namedMillionths: number
}
/**
 * With the bucket of tokens that holds back who says too much of one object. Kept by the thousand: one of something is no list, and `concat` makes lists of
 * just the size, where a spread leaves room for a dozen more.
 */
interface Told { readonly tokens: number; readonly atMs: number; readonly reasons: readonly Reason[] }
/** Events that are equal but for the message are similar: the messages of the last ten minutes. */
interface Reason { readonly reason: string; readonly lastMs: number; readonly messages: Some<string>; readonly sent: Some<Sent> }
/** One Event, repeats included; `message` and `of`, a part of the object, are undefined for that which combines similar ones. */
interface Sent {
  readonly message: string | undefined; readonly of: string | undefined; readonly name: string; readonly count: number; readonly firstMs: number
}
type Some<T> = T | readonly T[]
const some = <T>(list: readonly T[]): Some<T> => list.length === 1 ? list[0] : list
const all = <T>(some: Some<T> | undefined): readonly T[] => some === undefined ? [] : Array.isArray(some) ? some : [some as T]
interface Series { readonly name: string; readonly count: number; readonly lastMs: number; readonly event: any }
interface Pending {
  readonly source: string
  readonly event: any
  readonly update: boolean
  readonly tries: number
  readonly identity: Identity
}

export interface Regarding {
  readonly apiVersion?: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly fieldPath?: string
}
export interface NewEvent {
  readonly regarding: KubeObject | Regarding
  /** `spec.containers{app}`, when `regarding` is the object itself */
  readonly fieldPath?: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  /** core: how often it happened since it was last told, 1 where this is left out */
  readonly times?: number
  /** events.k8s.io: what was being done, `Scheduling`, `Binding` */
  readonly action?: string
  readonly related?: Regarding
  /** source, where a process speaks for several: `deployment-controller` */
  readonly component?: string
}

/** longer names are refused */
const nameLimit = 253
const queueLimit = 1000, triesLimit = 12, retryMs = 10_000
const similarLimit = 10, similarMs = 600_000
const spamBurst = 25, spamRefillMs = 300_000
/** Entries of each cache; the oldest knowledge goes first, all at once. Source: events_cache.go maxLruCacheEntries */
const cacheLimit = 4096, sentLimit = 64
/** A series that rests for six minutes ends. Source: event_broadcaster.go finishTime */
const seriesRestMs = 360_000

export function eventRecorder(component: string, options: { host?: string; shape?: EventRecorder['shape'] } = {}): EventRecorder {
  return {
    forkable: true, component, host: options.host ?? '', shape: options.shape ?? 'core', told: new PersistentMap(), series: new PersistentMap(),
    queues: new PersistentMap(), flights: new PersistentMap(), namedMs: 0, namedMillionths: 0,
  }
}

/** Notes an Event and answers what sends it; fire and forget. The recorder changes in place. */
export function recordEvent(recorder: EventRecorder, context: StepContext, identity: Identity, event: NewEvent): Effect[] {
  const regarding = referenceTo(event), source = event.component ?? recorder.component
  return recorder.shape === 'core'
    ? recordCore(recorder, context, identity, source, regarding, event)
    : recordSeries(recorder, context, identity, source, regarding, event)
}

/** Takes answers, failures and timers that belong to the recorder. */
export function eventStep(recorder: EventRecorder, input: Input, context: StepContext): { readonly handled: boolean; readonly effects: readonly Effect[] } {
  if (input.on === 'message' && isResponse(input.message)) {
    const pending = recorder.flights.get(String(input.message.replyTo))
    if (!pending) return NOT_MINE
    recorder.flights.delete(String(input.message.replyTo))
    const { code, body } = input.message.response
    if (code === 404 && pending.update && body?.reason === 'NotFound') {
      return { handled: true, effects: [send(recorder, { ...pending, update: false }, context)] }
    }
    return { handled: true, effects: next(recorder, pending.source, context) } // an answer is final, also a refusal
  }
  if (input.on === 'failed') {
    const pending = recorder.flights.get(String(input.id))
    if (!pending) return NOT_MINE
    recorder.flights.delete(String(input.id))
    if (pending.tries >= triesLimit) return { handled: true, effects: next(recorder, pending.source, context) }
    const afterMs = pending.tries === 1 ? Math.floor(retryMs * (context.choose('event retry', 100) + 1) / 100) : retryMs
    return { handled: true, effects: [{ do: 'timer', key: `event ${pending.source} ${input.id}`, afterMs, data: pending }] }
  }
  if (input.on === 'timer' && input.key.startsWith('event ')) return { handled: true, effects: [send(recorder, input.data, context)] }
  return NOT_MINE
}
const NOT_MINE = { handled: false, effects: [] }

function referenceTo(event: NewEvent): Regarding {
  const { regarding } = event
  if (!('metadata' in regarding)) return regarding
  const { namespace, name, uid, resourceVersion } = regarding.metadata
  return { kind: regarding.kind, namespace, name, uid, apiVersion: regarding.apiVersion, resourceVersion, fieldPath: event.fieldPath }
}
/** A reference as the API writes it: in order, without what is empty. */
function writtenReference({ kind, namespace, name, uid, apiVersion, resourceVersion, fieldPath }: Regarding): Regarding {
  const reference: { -readonly [key in keyof Regarding]: Regarding[key] } = { kind } as any
  if (namespace) reference.namespace = namespace
  reference.name = name
  if (uid) reference.uid = uid
  if (apiVersion) reference.apiVersion = apiVersion
  if (resourceVersion) reference.resourceVersion = resourceVersion
  if (fieldPath) reference.fieldPath = fieldPath
  return reference
}
/** uids tell objects apart; who has none is known by its name */
const objectOf = (r: Regarding): string => r.uid ? `${r.kind}/${r.uid}` : `${r.kind}/${r.namespace ?? ''}/${r.name}/`
const identityOf = (r: Regarding): string => `${objectOf(r)}/${r.fieldPath ?? ''}`

/**
 * `<object>.<hex nanoseconds>`; the model's clock has milliseconds, the rest is drawn, but never before what one recorder named last: lists tell Events in
 * order.
 */
function eventName(recorder: EventRecorder, name: string, context: StepContext): string {
  const last = recorder.namedMs === context.wallMs ? recorder.namedMillionths : 0
  recorder.namedMs = context.wallMs
  recorder.namedMillionths = last + 1 + context.bits('event name') % Math.max(1, Math.floor((999_998 - last) / 8))
  return `${name}.${hexNanoseconds(context.wallMs, recorder.namedMillionths)}`
}
/** ms · 10⁶ + millionths in hexadecimal digits: more than a number can hold, so in two parts of 20 bits and the rest. */
function hexNanoseconds(ms: number, millionths: number): string {
  const part = 2 ** 20, low = ms % part * 1_000_000 + millionths, high = Math.floor(ms / part) * 1_000_000 + Math.floor(low / part)
  return high.toString(16) + (low % part).toString(16).padStart(5, '0')
}
const namespaceOf = (r: Regarding): string => r.namespace || 'default'

// ---- core/v1
function recordCore(recorder: EventRecorder, context: StepContext, identity: Identity, source: string, regarding: Regarding, event: NewEvent): Effect[] {
  // all parts of an object, such as the containers of a pod, are one to who counts what is said of it
  const now = context.wallMs, spam = `${source}|${objectOf(regarding)}|${event.type}`
  const known = recorder.told.get(spam) ?? { tokens: spamBurst, atMs: now, reasons: [] }, at = known.reasons.findIndex(r => r.reason === event.reason)
  const like = at < 0 ? undefined : known.reasons[at], { combined, messages } = similar(like, event.message, now)
  const which = combined ? undefined : event.message, of = combined ? undefined : regarding.fieldPath
  const before = all(like?.sent).find(s => s.message === which && s.of === of)
  const count = (before?.count ?? 0) + (event.times ?? 1), name = before?.name ?? eventName(recorder, regarding.name, context), firstMs = before?.firstMs ?? now
  const body = {
    kind: 'Event', apiVersion: 'v1', metadata: { name, namespace: namespaceOf(regarding) }, involvedObject: writtenReference(regarding), reason: event.reason,
    message: onePiece(combined ? `(combined from similar events): ${event.message}` : event.message),
    source: recorder.host ? { component: source, host: recorder.host } : { component: source }, firstTimestamp: formatTime(firstMs),
    lastTimestamp: formatTime(now), count,
    type: event.type, eventTime: null, reportingComponent: source, reportingInstance: recorder.host,
  }
  const sent = sentAfter(all(like?.sent), before, { message: which, of, name, count, firstMs })
  const reason: Reason = { reason: event.reason, lastMs: now, messages: some(messages), sent: some(sent) }
  const tokens = Math.min(spamBurst, known.tokens + (now - known.atMs) / spamRefillMs), passes = tokens >= 1
  remember(recorder.told, spam, {
    tokens: passes ? tokens - 1 : tokens, atMs: now, reasons: at < 0 ? known.reasons.concat([reason]) : known.reasons.map((r, i) => i === at ? reason : r),
  })
  if (!passes) return []
  const pending: Pending = { source, event: body, update: before !== undefined, tries: 0, identity }
  const queue = recorder.queues.get(source)
  if (queue === undefined) { recorder.queues.set(source, []); return [send(recorder, pending, context)] }
  if (queue.length < queueLimit) recorder.queues.set(source, [...queue, pending])
  return []
}

/** More than ten Events within ten minutes that differ in the message alone count as one. */
function similar(before: Reason | undefined, message: string, now: number): { readonly combined: boolean; readonly messages: readonly string[] } {
  const fresh = before === undefined || now - before.lastMs > similarMs, known = fresh ? [] : all(before.messages)
  const messages = known.includes(message) ? known : [...known, message]
  // one of so many is forgotten again, no matter which
  return { combined: !fresh && messages.length >= similarLimit, messages: messages.slice(0, similarLimit - 1) }
}
function sentAfter(sent: readonly Sent[], before: Sent | undefined, now: Sent): readonly Sent[] {
  return before ? sent.map(s => s === before ? now : s) : sent.length >= sentLimit ? [now] : sent.concat([now])
}

function remember<V>(cache: PersistentMap<V>, key: string, value: V): void {
  if (cache.size >= cacheLimit && !cache.has(key)) cache.clear()
  cache.set(key, value)
}

// ---- events.k8s.io/v1
function recordSeries(recorder: EventRecorder, context: StepContext, identity: Identity, source: string, regarding: Regarding, event: NewEvent): Effect[] {
  const now = context.wallMs
  const key =
    `${event.type}|${event.action}|${event.reason}|${identityOf(regarding)}|${regarding.resourceVersion}|${event.related ? identityOf(event.related) : ''}`
  const before = recorder.series.get(key)
  if (before && now - before.lastMs < seriesRestMs) {
    const count = before.count + 1, series = { count, lastObservedTime: formatMicroTime(now) }, body = { ...before.event, series }
    recorder.series.set(key, { ...before, count, lastMs: now, event: body })
    return count === 2 ? [send(recorder, { source, event: body, update: true, tries: 0, identity }, context)] : []
  }
  const name = eventName(recorder, regarding.name, context)
  const body: any = {
    kind: 'Event', apiVersion: 'events.k8s.io/v1', metadata: { name, namespace: namespaceOf(regarding) }, eventTime: onePiece(formatMicroTime(now)),
    reportingController: source,
    reportingInstance: recorder.host ? `${source}-${recorder.host}` : source, action: event.action ?? event.reason, reason: event.reason,
    regarding: writtenReference(regarding),
  }
  if (event.related) body.related = writtenReference(event.related)
  body.note = onePiece(event.message.slice(0, 1024))
  body.type = event.type
  remember(recorder.series, key, { name, count: 1, lastMs: now, event: body })
  return [send(recorder, { source, event: body, update: false, tries: 0, identity }, context)]
}

// ---- sending
function send(recorder: EventRecorder, pending: Pending, context: StepContext): Effect {
  const { id, effect } = call(context, requestFor(recorder, pending))
  recorder.flights.set(String(id), { ...pending, tries: pending.tries + 1 })
  return effect
}

function requestFor(recorder: EventRecorder, { event, update, identity }: Pending): ApiRequest {
  const { namespace, name } = event.metadata
  if (recorder.shape !== 'core') {
    const resource = 'events.events.k8s.io'
    return update
      ? patch(identity, { resource, namespace, name }, 'application/strategic-merge-patch+json', { series: event.series })
      : (name.length > nameLimit ? create : createCanonical)(identity, { resource, namespace }, event)
  }
  const { count, lastTimestamp, message } = event
  return update
    ? patch(identity, { resource: 'events', namespace, name }, 'application/strategic-merge-patch+json', { count, lastTimestamp, message })
    : (name.length > nameLimit ? create : createCanonical)(identity, { resource: 'events', namespace }, event)
}

/** The next Event of a source whose last one is done. */
function next(recorder: EventRecorder, source: string, context: StepContext): Effect[] {
  if (recorder.shape !== 'core') return []
  const [first, ...rest] = recorder.queues.get(source) ?? []
  if (first === undefined) { recorder.queues.delete(source); return [] }
  recorder.queues.set(source, rest)
  return [send(recorder, first, context)]
}
