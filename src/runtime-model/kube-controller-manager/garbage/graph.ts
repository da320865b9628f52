import type { KubeObject, OwnerReference } from '../../api/request.ts'
import { customKindsOf, definitionsResource, registry, type KindDefinition } from '../../kinds/index.ts'
import { storageName } from '../../kinds/kind-from-data.ts'
import type { Index, View } from '../controller.ts'
import { isDeletable } from '../namespaced-resources.ts'

/** Resources whose owners are kept track of. Source: pkg/controller/garbagecollector (Events are ignored). */
export const collected: string[] = []

const ownerUids = (object: KubeObject): readonly string[] => object.metadata.ownerReferences?.map(o => o.uid) ?? none
const none: readonly string[] = []
/** Objects by the uid of any of their owners, one index a resource. */
export const dependentIndexes: Index[] = []
registry.each(kind => {
  const resource = storageName(kind.group, kind.resource)
  if (!isDeletable(kind) || kind.kind === 'Event' || collected.includes(resource)) return
  collected.push(resource)
  dependentIndexes.push({ name: `${resource} by owner`, resource, keysOf: ownerUids })
})

const customIndexes = new Map<string, Index>()
/** The same for a custom resource. */
export function customIndex(resource: string): Index {
  let index = customIndexes.get(resource)
  if (!index) customIndexes.set(resource, index = { name: `${resource} by owner`, resource, keysOf: ownerUids })
  return index
}
export const isCollected = (resource: string, view: View): boolean => collected.includes(resource) || view.custom.some(c => c.resource === resource)

/** An object with the resource it belongs to. */
export interface Node { readonly resource: string; readonly object: KubeObject }

export function dependentsOf(uid: string, view: View): readonly Node[] {
  const found: Node[] = []
  for (const index of dependentIndexes) {
    if (view.count(index, uid) > 0) for (const object of view.by(index, uid)) found.push({ resource: index.resource, object })
  }
  for (const { resource } of view.custom) for (const object of view.by(customIndex(resource), uid)) found.push({ resource, object })
  return found
}
export const hasDependents = (uid: string, view: View): boolean =>
  dependentIndexes.some(index => view.count(index, uid) > 0) || view.custom.some(({ resource }) => view.count(customIndex(resource), uid) > 0)

export interface OwnerTarget { readonly resource: string; readonly version: string; readonly namespaced: boolean }
/** The resource of an owner; undefined: a kind that the model does not know. */
export function targetOfOwner({ apiVersion, kind }: OwnerReference, view: View): OwnerTarget | undefined {
  const slash = apiVersion.indexOf('/'), group = slash < 0 ? '' : apiVersion.slice(0, slash)
  const found = registry.byGroupKind(group, kind) ?? customKind(group, kind, view)
  return found && { resource: storageName(found.group, found.resource), version: found.version, namespaced: found.namespaced }
}
const customKind = (group: string, kind: string, view: View): KindDefinition | undefined =>
  group.includes('.') ? view.list(definitionsResource).flatMap(customKindsOf).find(k => k.group === group && k.kind === kind) : undefined
/** Whether the informers have the very object that a reference means. */
export function isKnown(owner: OwnerReference, namespace: string | undefined, view: View): boolean {
  const target = targetOfOwner(owner, view)
  return target !== undefined && isCollected(target.resource, view)
    && view.get(target.resource, target.namespaced ? namespace : undefined, owner.name)?.metadata.uid === owner.uid
}

export const foregroundFinalizer = 'foregroundDeletion', orphanFinalizer = 'orphan'
export const isGoing = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined
export const waitsForDependents = (object: KubeObject): boolean => isGoing(object) && (object.metadata.finalizers?.includes(foregroundFinalizer) ?? false)
export const orphansDependents = (object: KubeObject): boolean => isGoing(object) && (object.metadata.finalizers?.includes(orphanFinalizer) ?? false)
