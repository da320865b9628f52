import type { KubeObject } from '../../api/request.ts'
import { labelsMatch, selectorMatcher } from '../../api/selectors.ts'
import type { Delta } from '../../network/informer.ts'
import { claimObjects } from '../claim.ts'
import { controllerOf, defineController, keyOf, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import type { Index, Keys, View } from '../controller.ts'
import { orphanPodsByNamespace, podsByController } from '../indexes.ts'
import { isReady } from '../pods.ts'
import {
  createRevision, nextNumber, orphanRevisionsByNamespace, renumber, revisions, revisionsByController, sameData, sortRevisions, templateData, truncate,
} from '../revisions.ts'
import type { Revision } from '../revisions.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'
import { control } from '../statefulset/control.ts'
import { isMemberOf, revisionNameOf } from '../statefulset/identity.ts'
import type { Pass } from '../statefulset/pass.ts'
import { writeStatus } from '../statefulset/status.ts'

const resource = 'statefulsets.apps', claims = 'persistentvolumeclaims'
const setsByNamespace: Index = { name: 'statefulsets by namespace', resource, keysOf: set => [set.metadata.namespace!] }

/** Keeps the pods of StatefulSets: named, in order, with their claims, by revisions. */
export const statefulSet = defineController({
  name: 'statefulset',
  watches: [
    { resource, toKeys: ownKey }, { resource: 'pods', toKeys: keysOfPod }, { resource: claims, toKeys: () => NO_KEYS },
    { resource: revisions, toKeys: () => NO_KEYS },
  ],
  indexes: [setsByNamespace, podsByController, orphanPodsByNamespace, revisionsByController, orphanRevisionsByNamespace],
  reconcile: script(begin, run),
  source: 'pkg/controller/statefulset/{stateful_set,stateful_set_control,stateful_pod_control,stateful_set_utils}.go',
})

// ---- what wakes it
function keysOfPod({ type, stored, new: pod, old }: Delta, view: View): Keys {
  const last = pod ?? old ?? stored!, owner = ownerOf(last, view)
  if (type === 'DELETED' || type === 'ADDED' && last.metadata.deletionTimestamp !== undefined) return owner ? [keyOf(owner)] : NO_KEYS
  const before = stored && controllerOf(stored), keys: (string | { key: string; afterMs: number })[] = []
  if (before && before.uid !== controllerOf(last)?.uid) { const set = ownerOf(stored, view); if (set) keys.push(keyOf(set)) }
  if (owner) {
    keys.push(keyOf(owner))
    if (stored && !isReady(stored) && isReady(last) && owner.spec.minReadySeconds > 0) {
      keys.push({ key: keyOf(owner), afterMs: owner.spec.minReadySeconds * 1000 + 1000 })
    }
  } else if (!controllerOf(last) && (!stored || before || stored.metadata.labels !== last.metadata.labels)) {
    for (const set of view.by(setsByNamespace, last.metadata.namespace!)) if (labelsMatch(set.spec.selector, last.metadata.labels)) keys.push(keyOf(set))
  }
  return keys
}
function ownerOf(pod: KubeObject, view: View): KubeObject | undefined {
  const owner = controllerOf(pod)
  if (owner?.kind !== 'StatefulSet') return undefined
  const set = view.get(resource, pod.metadata.namespace, owner.name)
  return set?.metadata.uid === owner.uid ? set : undefined
}

// ---- reconcile
interface Snapshot {
  readonly set: KubeObject
  readonly pods: readonly KubeObject[]
  readonly revisions: readonly KubeObject[]
  readonly nowMs: number
}

function begin(key: string, view: View): Snapshot | undefined {
  const { namespace, name } = splitKey(key), set = view.get(resource, namespace, name)
  if (!set) return undefined
  const { uid } = set.metadata, pods = [...view.by(podsByController, uid), ...view.by(orphanPodsByNamespace, namespace).filter(pod => isMemberOf(set, pod))]
  return {
    set, pods, revisions: [...view.by(revisionsByController, uid), ...view.by(orphanRevisionsByNamespace, namespace)], nowMs: view.wallMs,
  }
}
function run(io: Script, snapshot: Snapshot, view: View): void {
  const { set, nowMs } = snapshot, selects = selectorMatcher(set.spec.selector), matches = (o: KubeObject): boolean => selects(o.metadata.labels)
  const claim = { owner: set, ownerResource: resource, identity: view.identity }
  const known = sortRevisions(claimObjects(io, { ...claim, resource: revisions, matches }, snapshot.revisions.filter(matches)))
  const pods = claimObjects(io, { ...claim, resource: 'pods', matches: pod => matches(pod) && isMemberOf(set, pod) }, snapshot.pods)
  const pass: Pass = { io, view, set, nowMs, pods, ...findRevisions(io, view, set, known) }
  const { status, error } = control(pass), statusError = writeStatus(pass, status)
  const live = new Set([pass.current.metadata.name, pass.update.metadata.name, ...pods.map(revisionNameOf)])
  truncate(io, view, known, r => live.has(r.metadata.name), set.spec.revisionHistoryLimit)
  if (error !== undefined || statusError !== undefined) io.fail(error ?? statusError!)
  if (set.spec.minReadySeconds > 0 && status.availableReplicas !== set.spec.replicas && status.readyReplicas !== status.availableReplicas) {
    io.do({ do: 'requeueAfter', ms: set.spec.minReadySeconds * 1000 })
  }
}

/** The revision that pods have had and the one that they are to have; a template that is new makes one. Source: getStatefulSetRevisions */
function findRevisions(
  io: Script, view: View, set: KubeObject, known: readonly Revision[]
): { readonly current: Revision; readonly update: Revision; readonly collisions: number } {
  const data = templateData(set), equal = known.filter(r => sameData(r, { data })), latest = known[known.length - 1], before = set.status?.collisionCount ?? 0
  const made = equal.length > 0
    ? undefined
    : createRevision(io, view, { owner: set, labels: set.spec.template.metadata?.labels, data, revision: nextNumber(known) }, before)
  const update = made?.revision ?? (sameData(latest, { data }) ? latest : renumber(io, view, equal[equal.length - 1], nextNumber(known)))
  return { update, current: known.find(r => r.metadata.name === set.status?.currentRevision) ?? update, collisions: made?.collisions ?? before }
}
