import type { KubeObject } from '../api/request.ts'
import { conflict, forbidden, type Status } from '../api/status.ts'
import { formatTime, parseTime } from '../api/time.ts'
import type { KindDefinition } from '../kinds/index.ts'

/**
 * What a delete does to an object: mark it and wait (grace, finalizers, a controller), mark it and remove it, or remove it at once.
 * Source: k8s.io/apiserver pkg/registry/rest/delete.go (BeforeDelete), pkg/registry/generic/registry/store.go (Delete,
 * updateForGracefulDeletionAndFinalizers, deletionFinalizersForGarbageCollection), pkg/registry/core/namespace/storage.
 */
export type Deletion = { readonly put: any; readonly thenRemove: boolean } | { readonly remove: true } | { readonly same: true } | { readonly status: Status }

export function deletionOf(kind: KindDefinition, object: KubeObject, options: any, wallMs: number): Deletion {
  const kept = kind.kept?.(object)
  if (kept !== undefined) return { status: forbidden({ group: kind.group, resource: kind.resource }, object.metadata.name, kept) }
  const refusal = precondition(kind, object, options?.preconditions)
  if (refusal) return { status: refusal }
  if (kind.markDeleted) {
    if (!object.metadata.deletionTimestamp) return { put: kind.markDeleted(object, formatTime(wallMs)), thenRemove: false }
    if (kind.heldBack?.(object)) return { same: true }
  }
  const graceful = gracefully(kind, object, options?.gracePeriodSeconds, wallMs)
  if (graceful === 'pending') return { same: true }
  const finalizers = finalizersFor(kind, object, options), marked = graceful ?? object
  const changed = finalizers.join() !== (object.metadata.finalizers ?? []).join()
  const next = changed ? { ...marked, metadata: withFinalizers(marked.metadata, finalizers) } : marked
  if (!graceful) return finalizers.length > 0 ? { put: { ...next, metadata: markedNow(next.metadata, wallMs) }, thenRemove: false } : { remove: true }
  return { put: next, thenRemove: finalizers.length === 0 && next.metadata.deletionGracePeriodSeconds === 0 }
}

/** An update that leaves nothing to wait for ends the object: no finalizers, marked for deletion, no grace. */
export function endsWithUpdate(kind: KindDefinition, object: any, old: KubeObject): boolean {
  if (!old.metadata.deletionTimestamp || object.metadata.finalizers?.length > 0 || (old.metadata.deletionGracePeriodSeconds ?? 0) > 0) return false
  return !kind.heldBack?.(object)
}

function precondition(kind: KindDefinition, object: KubeObject, wanted: any): Status | undefined {
  // by its kind, unlike other conflicts
  const { name, uid, resourceVersion } = object.metadata, of = { group: kind.group, resource: kind.kind }
  if (wanted?.uid && wanted.uid !== uid) {
    return conflict(
      of, name, `the UID in the precondition (${wanted.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`
    )
  }
  if (wanted?.resourceVersion && wanted.resourceVersion !== resourceVersion) {
    return conflict(
      of, name,
      `the ResourceVersion in the precondition (${wanted.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`
    )
  }
  return undefined
}

/** The object marked for a graceful end; 'pending' if it is already on its way; undefined if its kind has no grace. */
function gracefully(kind: KindDefinition, object: KubeObject, asked: number | undefined, wallMs: number): any {
  if (!kind.gracePeriodSeconds) return undefined
  const { metadata } = object
  if (metadata.deletionTimestamp) {
    const before = metadata.deletionGracePeriodSeconds
    // a server that ended between the mark and the removal has left it with no grace: the next delete removes it (BeforeDelete)
    if (!before) return undefined
    const seconds = asked === undefined ? undefined : kind.gracePeriodSeconds(object, asked)
    if (seconds === undefined || seconds >= before) return 'pending'
    // less grace moves the end forward, but not into the past (apiserver pkg/registry/rest/delete.go, BeforeDelete)
    const endMs = Math.max(wallMs, parseTime(metadata.deletionTimestamp) + (seconds - before) * 1000)
    return { ...object, metadata: { ...metadata, deletionTimestamp: formatTime(endMs), deletionGracePeriodSeconds: seconds } }
  }
  const seconds = kind.gracePeriodSeconds(object, asked)
  return { ...object, metadata: stamped(metadata, formatTime(wallMs + seconds * 1000), seconds) }
}

function markedNow(metadata: any, wallMs: number): any {
  const now = formatTime(wallMs), before = metadata.deletionTimestamp
  if (metadata.deletionGracePeriodSeconds !== undefined) {
    return { ...metadata, deletionTimestamp: before && parseTime(before) <= wallMs ? before : now, deletionGracePeriodSeconds: 0 }
  }
  return stamped(metadata, before && parseTime(before) <= wallMs ? before : now, 0)
}
/** The generation of kinds that count one moves on when their end begins. */
const stamped = (metadata: any, deletionTimestamp: string, deletionGracePeriodSeconds: number): any =>
  ({ ...metadata, ...metadata.generation > 0 ? { generation: metadata.generation + 1 } : undefined, deletionTimestamp, deletionGracePeriodSeconds })

function withFinalizers(metadata: any, finalizers: readonly string[]): any {
  if (finalizers.length > 0) return { ...metadata, finalizers }
  const { finalizers: _, ...rest } = metadata
  return rest
}

/** orphan and foregroundDeletion as the options, else the object itself, else the kind's default say. */
function finalizersFor(kind: KindDefinition, object: KubeObject, options: any): readonly string[] {
  const before = object.metadata.finalizers ?? []
  if (kind.garbageCollection === 'unsupported') return before
  const rest = before.filter(f => f !== 'orphan' && f !== 'foregroundDeletion')
  const policy = policyOf(kind, before, options)
  return policy === 'Orphan' ? [...rest, 'orphan'] : policy === 'Foreground' ? [...rest, 'foregroundDeletion'] : rest
}
function policyOf(kind: KindDefinition, finalizers: readonly string[], options: any): string {
  if (options?.orphanDependents !== undefined && options.orphanDependents !== null) return options.orphanDependents ? 'Orphan' : 'Background'
  if (options?.propagationPolicy) return options.propagationPolicy
  if (finalizers.includes('orphan')) return 'Orphan'
  if (finalizers.includes('foregroundDeletion')) return 'Foreground'
  return kind.garbageCollection === 'orphan' ? 'Orphan' : 'Background'
}

