import type { KubeObject } from '../api/request.ts'
import { deepEqual } from '../kinds/meta/errors.ts'
import { safeEncode } from '../kernel/names.ts'
import { create, get, remove, update } from '../network/client.ts'
import { controllerOf } from './controller.ts'
import type { Index, View } from './controller.ts'
import { controllerReference } from './pods.ts'
import { errorText, isOk } from './script.ts'
import type { Script } from './script.ts'
import { targetOf } from './status-update.ts'

/**
 * ControllerRevisions: the templates that a StatefulSet or DaemonSet has had, by number. Source: pkg/controller/history/controller_history.go.
 */
export const revisions = 'controllerrevisions.apps'
export type Revision = KubeObject & { readonly revision: number; readonly data: any }
/** name (StatefulSet) or hash (DaemonSet) of the revision that a pod was made from */
export const podRevisionLabel = 'controller-revision-hash'
const hashLabel = 'controller.kubernetes.io/hash'

export const revisionsByController: Index = {
  name: 'revisions by controller', resource: revisions, keysOf: r => { const owner = controllerOf(r); return owner ? [owner.uid] : [] },
}
export const orphanRevisionsByNamespace: Index = {
  name: 'orphan revisions by namespace', resource: revisions, keysOf: r => controllerOf(r) ? [] : [r.metadata.namespace!],
}

/** Oldest first; of equal number the one created first. */
export const sortRevisions = (list: readonly KubeObject[]): Revision[] => ([...list] as Revision[]).sort((a, b) =>
  a.revision - b.revision || compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') || compare(a.metadata.name, b.metadata.name))
const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
/** of sorted revisions */
export const nextNumber = (sorted: readonly Revision[]): number => (sorted[sorted.length - 1]?.revision ?? 0) + 1

/** What is kept of an owner: a strategic merge patch that puts its template back. */
export const templateData = (owner: KubeObject): any => ({ spec: { template: { ...owner.spec.template, $patch: 'replace' } } })
export function templateOf(revision: Revision): any {
  const { $patch: _, ...template } = revision.data?.spec?.template ?? {}
  return template
}
export const sameData = (a: Revision, b: { readonly data: any }): boolean => deepEqual(a.data, b.data)

/** FNV-1 of the data as Go marshals it, and of the count of collisions, in letters: the very hash of a real cluster. Source: HashControllerRevision */
export const dataHash = (data: any, collisions: number): string => safeEncode(String(fnv1(goJson(data) + collisions)))
/** Keys sorted, HTML characters escaped. Source: encoding/json */
function goJson(value: any): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join()}]`
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  }
  return `{${Object.keys(value).filter(k => value[k] !== undefined).sort().map(k => `${goJson(k)}:${goJson(value[k])}`).join()}}`
}
function fnv1(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of utf8(text)) hash = Math.imul(hash, 0x01000193) ^ byte
  return hash >>> 0
}
function utf8(text: string): readonly number[] {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!, tail = (shift: number): number => 0x80 | code >> shift & 0x3f
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | code >> 6, tail(0))
    else if (code < 0x10000) bytes.push(0xe0 | code >> 12, tail(6), tail(0))
    else bytes.push(0xf0 | code >> 18, tail(12), tail(6), tail(0))
  }
  return bytes
}

export interface NewRevision {
  readonly owner: KubeObject
  readonly labels: Readonly<Record<string, string>> | undefined
  readonly data: any
  readonly revision: number
  readonly hash: string
}
/** The document of a revision: named after the owner and the hash. Annotations come from the owner. Source: NewControllerRevision */
export function revisionOf({ owner, labels, data, revision, hash }: NewRevision): any {
  return {
    apiVersion: 'apps/v1', kind: 'ControllerRevision', data, revision,
    metadata: {
      name: `${owner.metadata.name.slice(0, 223)}-${hash}`, namespace: owner.metadata.namespace, labels: { ...labels, [hashLabel]: hash },
      ...owner.metadata.annotations ? { annotations: owner.metadata.annotations } : undefined, ownerReferences: [controllerReference(owner)],
    },
  }
}

/** Creates a revision; a name that is taken by other data counts as a collision and changes the hash. Source: CreateControllerRevision */
export function createRevision(
  io: Script, view: View, made: Omit<NewRevision, 'hash'>, collisions: number
): { readonly revision: Revision; readonly collisions: number } {
  for (let count = collisions; ; count++) {
    const body = revisionOf({ ...made, hash: dataHash(made.data, count) }), target = { resource: revisions, namespace: made.owner.metadata.namespace }
    const answer = io.ask(() => create(view.identity, target, body), [409])
    if (isOk(answer)) return { revision: answer.body, collisions: count }
    if (answer.body?.reason !== 'AlreadyExists') io.fail(errorText(answer))
    const there = io.ask(() => get(view.identity, { ...target, name: body.metadata.name })).body
    if (sameData(there, made)) return { revision: there, collisions: count }
  }
}
/** An old revision that is the newest again gets a number of its own. Source: UpdateControllerRevision */
export function renumber(io: Script, view: View, revision: Revision, number: number): Revision {
  if (revision.revision === number) return revision
  return io.ask(() => update(view.identity, targetOf(revisions, revision), { ...revision, revision: number })).body
}
/** The oldest revisions that nothing lives by go, down to the limit. Source: truncateHistory, cleanupHistory */
export function truncate(io: Script, view: View, sorted: readonly Revision[], isLive: (revision: Revision) => boolean, limit: number | undefined): void {
  const history = sorted.filter(r => !isLive(r))
  if (limit === undefined || limit < 0) return
  for (const revision of history.slice(0, Math.max(0, history.length - limit))) io.ask(() => remove(view.identity, targetOf(revisions, revision)), [404])
}
