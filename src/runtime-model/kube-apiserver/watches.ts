import { PersistentMap } from '../../base/persistent-map.ts'
import type { ApiRequest } from '../api/request.ts'
import type { ActorId } from '../kernel/actor.ts'

/**
 * The watches that clients have open, and an index that finds those an object concerns: by resource, by name, for pods by node, so that a change of a
 * pod costs nothing to the kubelets of other nodes. Source of the idea: cacher.go (indexedTrigger of k8s.io/apiserver).
 */
export interface Watch {
  readonly stream: number
  readonly client: ActorId
  readonly resource: string
  /** served as another version of the stored kind: `events.events.k8s.io` */
  readonly served: string
  readonly namespace?: string
  readonly name?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly besides?: readonly string[]
  /** events are told in this form; `isTold`: one has been */
  readonly form?: Pick<ApiRequest, 'as' | 'query'>
  readonly isTold?: boolean
}
export interface Watches {
  readonly forkable: true
  readonly open: PersistentMap<Watch>
  /** topic → streams, in the order they were opened */
  readonly topics: PersistentMap<readonly number[]>
}
export const emptyWatches = (): Watches => ({ forkable: true, open: new PersistentMap(), topics: new PersistentMap() })

const nodeTerm = /^spec\.nodeName=([^,!=]+)$/, nameTerm = /^metadata\.name=([^,!=]+)$/
/** The narrowest topic a watch can be found under. */
function topicOf(watch: Watch): string {
  const node = watch.resource === 'pods' && watch.fieldSelector ? nodeTerm.exec(watch.fieldSelector) : null
  if (node) return nodeTopic(node[1])
  const name = watch.name ?? (watch.fieldSelector ? nameTerm.exec(watch.fieldSelector)?.[1] : undefined)
  return name === undefined ? watch.resource : nameTopic(watch.resource, name)
}
const nodeTopic = (node: string): string => `pods@${node}`
const nameTopic = (resource: string, name: string): string => `${resource}#${name}`

export function addWatch(watches: Watches, watch: Watch): void {
  watches.open.set(String(watch.stream), watch)
  const topic = topicOf(watch)
  watches.topics.set(topic, [...watches.topics.get(topic) ?? [], watch.stream])
  for (const resource of watch.besides ?? none) watches.topics.set(resource, [...watches.topics.get(resource) ?? [], watch.stream])
}
const none: readonly string[] = []
/** The client has been told, and watches these by itself from now on. */
export function forgetBesides(watches: Watches, watch: Watch, told: readonly string[]): void {
  watches.open.set(String(watch.stream), { ...watch, besides: watch.besides?.filter(resource => !told.includes(resource)) })
  for (const resource of told) leaveTopic(watches, resource, watch.stream)
}
function leaveTopic(watches: Watches, topic: string, stream: number): void {
  const rest = watches.topics.get(topic)!.filter(s => s !== stream)
  if (rest.length === 0) watches.topics.delete(topic)
  else watches.topics.set(topic, rest)
}
export function removeWatch(watches: Watches, stream: number): boolean {
  const watch = watches.open.get(String(stream))
  if (!watch) return false
  watches.open.delete(String(stream))
  leaveTopic(watches, topicOf(watch), stream)
  for (const resource of watch.besides ?? none) leaveTopic(watches, resource, stream)
  return true
}

/** Streams that may care about a change: all of the resource, those of the name, and for pods those of the node before and after. */
export function concerned(watches: Watches, resource: string, object: any, old: any): readonly (readonly number[])[] {
  const found: (readonly number[])[] = [], add = (topic: string): void => { const streams = watches.topics.get(topic); if (streams) found.push(streams) }
  add(resource)
  add(nameTopic(resource, object.metadata.name))
  if (resource !== 'pods') return found
  const now = object.spec?.nodeName, before = old?.spec?.nodeName
  if (now) add(nodeTopic(now))
  if (before && before !== now) add(nodeTopic(before))
  return found
}
