import type { ApiRequest, ApiResponse, KubeObject, OwnerReference } from '../../api/request.ts'
import { get, patch, remove } from '../../network/client.ts'
import type { Target } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, NO_KEYS } from '../controller.ts'
import type { Keys, View } from '../controller.ts'
import {
  collected, customIndex, dependentIndexes, dependentsOf, foregroundFinalizer, hasDependents, isCollected, isGoing, isKnown, orphanFinalizer, orphansDependents,
  targetOfOwner, waitsForDependents,
} from '../garbage/graph.ts'
import { errorText, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'

/**
 * Deletes what has lost its owners, keeps owners that are deleted in the foreground until their dependents are gone, and frees the dependents of those
 * deleted with `orphan`. Keys are `resource|namespace/name|uid`. Approximate: owners of a kind that the model does not have are never taken for absent.
 */
export const garbageCollector = defineController({
  name: 'garbage-collector',
  serviceAccount: 'generic-garbage-collector',
  get watches() { return collected.map(resource => ({ resource, toKeys: (delta: Delta, view: View) => keysOf(resource, delta, view) })) },
  indexes: dependentIndexes,
  custom: { index: customIndex, toKeys: keysOf },
  reconcile: script(begin, run),
  workers: 20,
  qps: { perSecond: 40, burst: 60 },
  source: 'pkg/controller/garbagecollector/{garbagecollector,graph_builder,patch}.go',
})

// ---- what wakes it
const keyFor = (resource: string, { metadata }: KubeObject): string => `${resource}|${metadata.namespace ?? ''}/${metadata.name}|${metadata.uid}`

function keysOf(resource: string, delta: Delta, view: View): Keys {
  if (delta.type === 'DELETED') return keysOfGone(delta.stored ?? delta.old!, view)
  const now = delta.new!, before = delta.stored
  const owners = now.metadata.ownerReferences
  // A recreated object is a new node of the graph, and the one before it is gone.
  const replaced = before && before.metadata.uid !== now.metadata.uid ? keysOfGone(before, view) : NO_KEYS
  if (isGoing(now)) {
    const started = !before || !isGoing(before) || before.metadata.finalizers !== now.metadata.finalizers
    if (started && orphansDependents(now)) return [...replaced, keyFor(resource, now)]
    // all its dependents first, those too for which it does not wait: they go as it goes. Source: graph_builder.go (processTransitions)
    if (started && waitsForDependents(now)) {
      return [...replaced, ...dependentsOf(now.metadata.uid, view).map(d => keyFor(d.resource, d.object)), keyFor(resource, now)]
    }
  }
  if (!owners?.length || (before && before.metadata.ownerReferences === owners)) return replaced
  // Of objects that were there before, those that name an owner nobody has seen are looked at; and where owners changed.
  if (before !== undefined && replaced === NO_KEYS && sameOwners(before.metadata.ownerReferences, owners)) return NO_KEYS
  return owners.every(o => isKnown(o, now.metadata.namespace, view)) && !ownerWaits(now, view) ? replaced : [...replaced, keyFor(resource, now)]
}
const sameOwners = (a: readonly OwnerReference[] = [], b: readonly OwnerReference[]): boolean =>
  a.length === b.length && a.every((o, i) => o.uid === b[i].uid && o.blockOwnerDeletion === b[i].blockOwnerDeletion)

/** Its dependents have one owner less; an owner that waits for it may have nothing more to wait for. */
function keysOfGone(gone: KubeObject, view: View): Keys {
  const keys = dependentsOf(gone.metadata.uid, view).map(d => keyFor(d.resource, d.object))
  for (const owner of gone.metadata.ownerReferences ?? []) {
    const found = ownerInView(owner, gone.metadata.namespace, view)
    if (found && waitsForDependents(found.object)) keys.push(keyFor(found.resource, found.object))
  }
  return keys
}
function ownerInView(owner: OwnerReference, namespace: string | undefined, view: View): { readonly resource: string; readonly object: KubeObject } | undefined {
  const target = targetOfOwner(owner, view)
  if (!target || !isCollected(target.resource, view)) return undefined
  const object = view.get(target.resource, target.namespaced ? namespace : undefined, owner.name)
  return object?.metadata.uid === owner.uid ? { resource: target.resource, object } : undefined
}
const ownerWaits = (object: KubeObject, view: View): boolean => (object.metadata.ownerReferences ?? []).some(o => {
  const found = ownerInView(o, object.metadata.namespace, view)
  return found !== undefined && waitsForDependents(found.object)
})
const blockingDependents = (owner: KubeObject, view: View): ReturnType<typeof dependentsOf> =>
  dependentsOf(owner.metadata.uid, view).filter(d => d.object.metadata.ownerReferences!.some(o => o.uid === owner.metadata.uid && o.blockOwnerDeletion))

// ---- reconcile
interface Item {
  readonly resource: string
  readonly target: Target
  readonly uid: string
  readonly known: KubeObject
  readonly blocking: ReturnType<typeof dependentsOf>
  readonly dependents: ReturnType<typeof dependentsOf>
  readonly hasDependents: boolean
}

function begin(key: string, view: View): Item | undefined {
  const [resource, path, uid] = key.split('|'), slash = path.indexOf('/'), namespace = path.slice(0, slash) || undefined, name = path.slice(slash + 1)
  const known = view.get(resource, namespace, name), current = known?.metadata.uid === uid ? known : undefined
  if (!current || isGoing(current) && !waitsForDependents(current) && !orphansDependents(current)) return undefined
  const going = isGoing(current), owners = current.metadata.ownerReferences ?? []
  // By now the informers may have what was missing when the key was queued.
  if (!going && owners.every(o => isKnown(o, namespace, view)) && !ownerWaits(current, view)) return undefined
  return {
    resource, target: { resource, namespace, name, version: versionOf(resource, view) }, uid, known: current, dependents: going ? dependentsOf(uid, view) : [],
    hasDependents: hasDependents(uid, view), blocking: waitsForDependents(current) ? blockingDependents(current, view) : [],
  }
}

const versionOf = (resource: string, view: View): string | undefined => view.custom.find(c => c.resource === resource)?.version

function run(io: Script, item: Item, view: View): void {
  if (orphansDependents(item.known)) return orphan(io, item, view)
  const found = io.ask(() => get(view.identity, item.target), [404])
  if (found.code === 404 || found.body.metadata.uid !== item.uid) return
  if (waitsForDependents(item.known)) return finishForeground(io, item, found.body, view)
  const latest: KubeObject = found.body, owners = latest.metadata.ownerReferences ?? []
  if (owners.length === 0) return
  const { solid, dangling, waiting } = classify(io, item, owners, view)
  if (solid.length > 0) {
    if (dangling.length + waiting.length > 0) forgetOwners(io, item.target, latest, [...dangling, ...waiting].map(o => o.uid), view)
    return
  }
  if (waiting.length > 0 && item.hasDependents) return deleteItem(io, item, latest, 'Foreground', view)
  const finalizers = latest.metadata.finalizers ?? []
  deleteItem(io, item, latest, finalizers.includes(orphanFinalizer) ? 'Orphan' : finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background', view)
}

interface Classes { readonly solid: OwnerReference[]; readonly dangling: OwnerReference[]; readonly waiting: OwnerReference[] }
/** Asks the API server for each owner: there, gone, or waiting for its dependents to go. */
function classify(io: Script, item: Item, owners: readonly OwnerReference[], view: View): Classes {
  const classes: Classes = { solid: [], dangling: [], waiting: [] }
  for (const owner of owners) {
    const target = targetOfOwner(owner, view)
    if (!target) { classes.solid.push(owner); continue }
    // A namespaced owner cannot own what is in no namespace.
    if (target.namespaced && !item.target.namespace) { io.do({ do: 'event', event: wrongNamespace(item.known, owner) }); classes.solid.push(owner); continue }
    const answer = io.ask(
      () => get(view.identity, {
        resource: target.resource, version: target.version, namespace: target.namespaced ? item.target.namespace : undefined, name: owner.name,
      }),
      [404]
    )
    if (answer.code === 404 || answer.body.metadata.uid !== owner.uid) {
      if (target.namespaced && livesElsewhere(owner, target.resource, view)) io.do({ do: 'event', event: wrongNamespace(item.known, owner) })
      classes.dangling.push(owner)
    } else if (waitsForDependents(answer.body)) classes.waiting.push(owner)
    else classes.solid.push(owner)
  }
  return classes
}
const livesElsewhere = (owner: OwnerReference, resource: string, view: View): boolean =>
  isCollected(resource, view) && view.list('namespaces').some(n => view.get(resource, n.metadata.name, owner.name)?.metadata.uid === owner.uid)
const wrongNamespace = (object: KubeObject, owner: OwnerReference) => ({
  regarding: object, type: 'Warning' as const, reason: 'OwnerRefInvalidNamespace', component: 'garbage-collector-controller',
  message:
    `ownerRef [${owner.apiVersion}/${owner.kind}, namespace: ${object.metadata.namespace ?? ''}, name: ${owner.name}, uid: ${owner.uid}] does not exist in namespace ${JSON.stringify(object.metadata.namespace ?? '')}`,
})

function deleteItem(io: Script, { target, uid }: Item, latest: KubeObject, propagationPolicy: string, view: View): void {
  io.ask(
    () => remove(view.identity, target, {
      kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid, resourceVersion: latest.metadata.resourceVersion }, propagationPolicy,
    }),
    [404]
  )
}
function forgetOwners(io: Script, target: Target, object: KubeObject, owners: readonly string[], view: View): void {
  if (io.ask(() => withoutOwners(view, target, object, owners), [404, 415]).code === 415) io.ask(() => withoutOwnersAsJson(view, target, object, owners), [404])
}
const withoutOwners = (view: View, target: Target, { metadata }: KubeObject, owners: readonly string[]): ApiRequest =>
  patch(view.identity, target, 'application/strategic-merge-patch+json', {
    metadata: { ownerReferences: owners.map(owner => ({ $patch: 'delete', uid: owner })), uid: metadata.uid },
  })
/** Custom resources know no strategic merge patch: of them the references that stay are sent. Source: patch.go (deleteOwnerRefJSONMergePatch). */
const withoutOwnersAsJson = (view: View, target: Target, { metadata }: KubeObject, owners: readonly string[]): ApiRequest =>
  patch(view.identity, target, 'application/merge-patch+json', {
    metadata: { resourceVersion: metadata.resourceVersion, ownerReferences: metadata.ownerReferences!.filter(o => !owners.includes(o.uid)) },
  })

/** Nothing blocks any more: the owner may go. Dependents that are in the way are looked at again. */
function finishForeground(io: Script, item: Item, latest: KubeObject, view: View): void {
  if (item.blocking.length === 0) return removeFinalizer(io, item, latest, foregroundFinalizer, view)
  for (const d of item.blocking) {
    if (!waitsForDependents(d.object) && !isGoing(d.object)) io.do({ do: 'requeueAfter', ms: 0, key: keyFor(d.resource, d.object) })
  }
}

/** All dependents are freed at the same time. Source: orphanDependents */
function orphan(io: Script, item: Item, view: View): void {
  const targetOf = ({ resource, object: { metadata: { namespace, name } } }: Item['dependents'][number]): Target =>
    ({ resource, namespace, name, version: versionOf(resource, view) })
  const ask = (dependents: Item['dependents'], request: typeof withoutOwners): readonly ApiResponse[] =>
    io.askAll(() => dependents.map(d => request(view, targetOf(d), d.object, [item.uid])), dependents.length)
  const answers = ask(item.dependents, withoutOwners), again = ask(item.dependents.filter((_, i) => answers[i].code === 415), withoutOwnersAsJson)
  const refused = [...answers, ...again].find(a => !isOk(a) && a.code !== 404 && a.code !== 415)
  if (refused) io.fail(errorText(refused))
  const found = io.ask(() => get(view.identity, item.target), [404])
  if (found.code !== 404) removeFinalizer(io, item, found.body, orphanFinalizer, view)
}

function removeFinalizer(io: Script, { target }: Item, latest: KubeObject, finalizer: string, view: View): void {
  const { finalizers = [], resourceVersion } = latest.metadata
  if (!finalizers.includes(finalizer)) return
  io.ask(
    () => patch(view.identity, target, 'application/merge-patch+json', { metadata: { resourceVersion, finalizers: finalizers.filter(f => f !== finalizer) } }),
    [404]
  )
}
