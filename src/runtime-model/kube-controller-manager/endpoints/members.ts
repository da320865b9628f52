import { PersistentMap } from '../../../base/persistent-map.ts'
import { mapSelects } from '../../api/selectors.ts'
import type { KubeObject } from '../../api/request.ts'
import { parseTime } from '../../api/time.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import type { ControllerEffect, Memory, View } from '../controller.ts'
import { splitKey } from '../controller.ts'
import { podsSelected } from '../indexes.ts'
import { conditionOf } from '../pods.ts'

/**
 * The pods of each Service as the last reconcile saw them, by name, with what each adds to it; and the names of those that have changed since. A
 * reconcile looks at these only: a Service of a thousand pods costs no more than one of ten when one of them changes.
 */
export interface Members<P> {
  readonly service: KubeObject
  /** virtual ms of the Service's creation, as its timestamp tells it */
  readonly createdAt: number
  readonly all: readonly Member<P>[]
}
/** `time`: when the pod became Ready or ceased to be; NaN: it has never been told. `part`: what it adds, undefined: nothing. */
export interface Member<P> { readonly name: string; readonly time: number; readonly part: P | undefined }

/** What a controller that works with members remembers. */
export const memberMaps = (): Memory => ({ forkable: true, members: new PersistentMap<Members<unknown>>(), notes: new PersistentMap<readonly string[]>() })

/** Takes down that a pod of a Service has changed. More notes than members say no more than that all must be looked at. */
export function note({ members, notes }: Memory, service: string, pod: string): void {
  const known: Members<unknown> | undefined = members.get(service), before: readonly string[] = notes.get(service) ?? none
  if (known === undefined || before.at(-1) === pod) return
  if (before.length <= known.all.length + 16) notes.set(service, [...before, pod])
  else { members.set(service, { ...known, service: stale }); notes.delete(service) }
}
const none: readonly string[] = []
const stale = Object.freeze({ metadata: {} }) as KubeObject
/** What members were made of has changed for all of them. */
export function forgetParts({ members }: Memory): void {
  for (const [key, known] of [...members.entries()]) if (known.service !== stale) members.set(key, { ...known, service: stale })
}

export interface Look<P> {
  readonly members: Members<P>
  /** as they were at the last look */
  readonly before: Members<P> | undefined
  /** those that changed since the last look, as they were and as they are; undefined: all are new */
  readonly changed: readonly (readonly [Member<P> | undefined, Member<P> | undefined])[] | undefined
  /**
   * the earliest change since the last look, which is written down so that the delay of endpoints can be measured; undefined: nothing that the API tells a time
   * of
   */
  readonly at: number | undefined
}

/** The members of a Service now. `remembered` must be among the effects of whoever acts on them. Source: k8s.io/endpointslice/util/trigger_time_tracker.go */
export function lookAt<P>(view: View, key: string, service: KubeObject, partOf: (pod: KubeObject) => P | undefined): Look<P> {
  const before: Members<P> | undefined = view.memory.members.get(key), createdAt = parseTime(service.metadata.creationTimestamp)
  const changed = before?.service === service ? changesOf(view, key, before, partOf) : undefined
  const all = changed ? exchanged(before!.all, changed) : podsSelected(view, splitKey(key).namespace, service.spec.selector).map(pod => memberOf(pod, partOf))
  return {
    members: { service, createdAt, all }, before, changed,
    at: before === undefined ? createdAt : earliest(changed ?? pairs(before.all, all), createdAt > before.createdAt ? createdAt : Infinity),
  }
}
export const remembered = (key: string, members: Members<unknown> | undefined): readonly Exclude<ControllerEffect, { do: 'request' | 'requests' }>[] =>
  [{ do: 'remember', in: 'members', key, value: members }, { do: 'remember', in: 'notes', key, value: undefined }]

function earliest(changed: readonly (readonly [Member<unknown> | undefined, Member<unknown> | undefined])[], from: number): number | undefined {
  let at = from
  for (const [old, now] of changed) {
    if (now && !Number.isNaN(now.time) && (old === undefined || Number.isNaN(old.time) || now.time > old.time)) at = Math.min(at, now.time)
  }
  return at === Infinity ? undefined : at
}
function pairs<P>(before: readonly Member<P>[], now: readonly Member<P>[]): readonly (readonly [Member<P> | undefined, Member<P>])[] {
  const known = new Map(before.map(m => [m.name, m]))
  return now.map(m => [known.get(m.name), m])
}

function changesOf<P>(
  view: View, key: string, { all, service }: Members<P>, partOf: (pod: KubeObject) => P | undefined
): readonly (readonly [Member<P> | undefined, Member<P> | undefined])[] {
  const notes: readonly string[] = view.memory.notes.get(key) ?? none, { namespace } = splitKey(key)
  return [...new Set(notes)].sort().flatMap(name => {
    const pod = view.get('pods', namespace, name), at = position(all, name), old = all[at]?.name === name ? all[at] : undefined
    const now = pod && mapSelects(service.spec.selector, pod.metadata.labels) ? memberOf(pod, partOf) : undefined
    return old || now ? [[old, now] as const] : []
  })
}
const memberOf = <P>(pod: KubeObject, partOf: (pod: KubeObject) => P | undefined): Member<P> =>
  ({ name: pod.metadata.name, time: parseTime(conditionOf(pod, 'Ready')?.lastTransitionTime ?? ''), part: partOf(pod) })

/** The list with some exchanged: one pass, and no comparison of those that stay. `changed`: by name. */
function exchanged<P>(all: readonly Member<P>[], changed: readonly (readonly [Member<P> | undefined, Member<P> | undefined])[]): readonly Member<P>[] {
  if (changed.length === 0) return all
  const next: Member<P>[] = []
  let from = 0
  for (const [old, now] of changed) {
    const at = position(all, (old ?? now)!.name)
    for (; from < at; from++) next.push(all[from])
    if (old) from++
    if (now) next.push(now)
  }
  for (; from < all.length; from++) next.push(all[from])
  return next
}
/** Where a name is, or would be, among sorted ones. */
function position(all: readonly Member<unknown>[], name: string): number {
  let low = 0, high = all.length
  while (low < high) { const middle = (low + high) >>> 1; if (all[middle].name < name) low = middle + 1; else high = middle }
  return low
}
export const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'

/** Are two lists equal? What is wanted and what is stored are both frozen, so which elements are equal is found out once. */
export function sameElements(wanted: readonly object[], stored: readonly object[]): boolean {
  if (wanted.length !== stored.length) return false
  const known = equals.get(stored)
  for (let i = 0; i < stored.length; i++) if (known?.[i] !== wanted[i] && !deepEqual(wanted[i], stored[i])) return false
  equals.set(stored, wanted)
  return true
}
const equals = new WeakMap<readonly object[], readonly object[]>()
