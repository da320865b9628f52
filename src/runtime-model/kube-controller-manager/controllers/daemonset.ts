import { PersistentMap } from '../../../base/persistent-map.ts'
import type { KubeObject } from '../../api/request.ts'
import { labelsMatch, selectorMatcher } from '../../api/selectors.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import type { Delta } from '../../network/informer.ts'
import { claimObjects } from '../claim.ts'
import { controllerOf, defineController, keyOf, NO_KEYS, ownKey, splitKey } from '../controller.ts'
import type { Index, Keys, View } from '../controller.ts'
import { findHistory, hashOf } from '../daemonset/history.ts'
import { fitOf, podsByTarget } from '../daemonset/nodes.ts'
import { manage, roll } from '../daemonset/plan.ts'
import type { Place, Plan, Scene } from '../daemonset/plan.ts'
import { countNodes, writeStatus } from '../daemonset/status.ts'
import { podForNode } from '../daemonset/template.ts'
import { creationObserved, deletionObserved, expectationsMemory, forgetExpectations, lowerExpectations, satisfied } from '../expectations.ts'
import { orphanPodsByNamespace, podsByController, podsByNode } from '../indexes.ts'
import { createPods, deletePods } from '../pod-control.ts'
import { isReady } from '../pods.ts'
import { orphanRevisionsByNamespace, podRevisionLabel, revisions, revisionsByController, sortRevisions, truncate } from '../revisions.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'

const resource = 'daemonsets.apps'
/** pods created, and deleted, in one pass */
const burstLimit = 250
/** pods that fail again and again: 1 s · 2ⁿ on each node; forgotten after twice the longest */
const backOffMs = 1000, maxBackOffMs = 900_000
interface BackOff { readonly ms: number; readonly atMs: number }

const setsByNamespace: Index = { name: 'daemonsets by namespace', resource, keysOf: set => [set.metadata.namespace!] }

/** Keeps one pod on every node that a DaemonSet is for. */
export const daemonSet = defineController({
  name: 'daemon-set', eventSource: 'daemonset-controller',
  watches: [
    { resource, toKeys: ownKey }, { resource: 'pods', toKeys: keysOfPod }, { resource: 'nodes', toKeys: keysOfNode },
    { resource: revisions, toKeys: keysOfRevision },
  ],
  indexes: [setsByNamespace, podsByController, podsByNode, orphanPodsByNamespace, revisionsByController, orphanRevisionsByNamespace],
  initialMemory: () => ({ ...expectationsMemory(), backOff: new PersistentMap<BackOff>() }),
  workers: 2,
  reconcile: script(begin, run),
  source: 'pkg/controller/daemon/{daemon_controller,update}.go, util/daemonset_util.go',
})

// ---- what wakes it
function ownerOf(object: KubeObject, view: View): KubeObject | undefined {
  const owner = controllerOf(object)
  if (owner?.kind !== 'DaemonSet') return undefined
  const set = view.get(resource, object.metadata.namespace, owner.name)
  return set?.metadata.uid === owner.uid ? set : undefined
}
const setsThatMatch = (object: KubeObject, view: View): string[] =>
  view.by(setsByNamespace, object.metadata.namespace!).filter(set => labelsMatch(set.spec.selector, object.metadata.labels)).map(keyOf)

function keysOfPod({ type, stored, new: pod, old }: Delta, view: View): Keys {
  const last = pod ?? old ?? stored!, owner = ownerOf(last, view)
  if (type === 'DELETED' || last.metadata.deletionTimestamp !== undefined) {
    if (owner) deletionObserved(view.memory, keyOf(owner), last)
    return owner ? [keyOf(owner)] : NO_KEYS
  }
  const before = stored && controllerOf(stored), keys: (string | { key: string; afterMs: number })[] = []
  if (before && before.uid !== controllerOf(last)?.uid) { const set = ownerOf(stored, view); if (set) keys.push(keyOf(set)) }
  if (owner) {
    if (type === 'ADDED') creationObserved(view.memory, keyOf(owner))
    keys.push(keyOf(owner))
    if (stored && !isReady(stored) && isReady(last) && owner.spec.minReadySeconds > 0) {
      keys.push({ key: keyOf(owner), afterMs: owner.spec.minReadySeconds * 1000 + 1000 })
    }
  } else if (!controllerOf(last) && (!stored || before || stored.metadata.labels !== last.metadata.labels)) keys.push(...setsThatMatch(last, view))
  return keys
}
/**
 * Labels and taints decide; everything else of a node is as before. A set looks only if a pod has to come or to go, or may have been in the wrong place: a
 * taint that lets its pod stay is not counted before something else happens. Source: syncNodeUpdate
 */
function keysOfNode({ stored, new: node }: Delta, view: View): Keys {
  if (!node || stored && sameForUs(stored, node)) return NO_KEYS
  const sets = view.list(resource)
  if (sets.length === 0) return NO_KEYS
  const owners = new Set(view.by(podsByNode, node.metadata.name).map(pod => controllerOf(pod)?.uid))
  return sets.filter(set => {
    const { run, keep } = fitOf(set)(node), scheduled = owners.has(set.metadata.uid)
    return scheduled ? !keep || set.status?.numberMisscheduled > 0 : run
  }).map(keyOf)
}
const sameForUs = (a: KubeObject, b: KubeObject): boolean =>
  (a.metadata.labels === b.metadata.labels || deepEqual(a.metadata.labels, b.metadata.labels))
    && (a.spec === b.spec || deepEqual(a.spec?.taints, b.spec?.taints))
function keysOfRevision({ type, stored, new: revision, old }: Delta, view: View): Keys {
  const last = revision ?? old ?? stored!, owner = ownerOf(last, view)
  if (controllerOf(last)) return owner && type !== 'ADDED' ? [keyOf(owner)] : NO_KEYS
  return type === 'DELETED' ? NO_KEYS : setsThatMatch(last, view)
}

// ---- reconcile
interface Snapshot {
  readonly key: string
  readonly set?: KubeObject
  readonly pods: readonly KubeObject[]
  readonly revisions: readonly KubeObject[]
  readonly claimed: boolean
  readonly maySync: boolean
  readonly now: number
  readonly nowMs: number
}

function begin(key: string, view: View): Snapshot {
  const { namespace, name } = splitKey(key), set = view.get(resource, namespace, name), base = { key, now: view.now, nowMs: view.wallMs }
  if (!set || set.metadata.deletionTimestamp !== undefined) return { ...base, set, pods: [], revisions: [], claimed: true, maySync: false }
  const own = (index: Index, orphans: Index): KubeObject[] => [...view.by(index, set.metadata.uid), ...view.by(orphans, namespace)]
  const pods = own(podsByController, orphanPodsByNamespace), selects = selectorMatcher(set.spec.selector)
  const claimed = pods.every(p => controllerOf(p)?.uid === set.metadata.uid && selects(p.metadata.labels))
  return { ...base, set, pods, claimed, revisions: own(revisionsByController, orphanRevisionsByNamespace), maySync: satisfied(view, key) }
}

function run(io: Script, snapshot: Snapshot, view: View): void {
  const { key, set, maySync, nowMs } = snapshot
  if (!set) return io.do(forgetExpectations(key))
  if (set.metadata.deletionTimestamp !== undefined) return
  const selects = selectorMatcher(set.spec.selector)
  const claim = { owner: set, ownerResource: resource, identity: view.identity, matches: (o: KubeObject) => selects(o.metadata.labels) }
  const known = sortRevisions(claimObjects(io, { ...claim, resource: revisions }, snapshot.revisions))
  const pods = snapshot.claimed ? snapshot.pods : claimObjects(io, { ...claim, resource: 'pods' }, snapshot.pods)
  const { hash, old } = findHistory(io, view, set, known, pods)
  const scene = (which: readonly KubeObject[]): Scene => ({ set, hash, nodes: placesOf(set, view), pods: which, nowMs })
  const now = (): Scene => scene(view.by(podsByController, set.metadata.uid).filter(claim.matches))
  let error: string | undefined
  if (maySync) {
    error = carryOut(io, view, snapshot, hash, io.look(() => manage(scene(pods)))) ?? update(io, view, snapshot, hash, now) ?? cleanUp(io, view, set, old, pods)
  }
  const counts = io.look(() => countNodes(now())), statusError = writeStatus(io, view, set, counts, maySync)
  if (error !== undefined || statusError !== undefined) io.fail(error ?? statusError!)
  if (set.spec.minReadySeconds > 0 && counts.numberReady !== counts.numberAvailable) io.do({ do: 'requeueAfter', ms: set.spec.minReadySeconds * 1000 })
}
function placesOf(set: KubeObject, view: View): readonly Place[] {
  const fit = fitOf(set)
  return view.list('nodes').map(node => ({ name: node.metadata.name, ...fit(node) }))
}

/** Old pods go, as far as the strategy lets them, once all that was asked for has been seen. */
function update(io: Script, view: View, snapshot: Snapshot, hash: string, now: () => Scene): string | undefined {
  if (snapshot.set!.spec.updateStrategy.type !== 'RollingUpdate') return undefined
  const plan = io.look(() => satisfied(view, snapshot.key) ? roll(now()) : undefined)
  return plan && carryOut(io, view, snapshot, hash, { ...plan, failed: [], succeeded: [] })
}

/** Source: syncNodes */
function carryOut(io: Script, view: View, snapshot: Snapshot, hash: string, plan: Plan): string | undefined {
  const { key, now } = snapshot, set = snapshot.set!, wanted = plan.create.slice(0, burstLimit)
  const doomed = [...plan.remove, ...failedToRemove(io, view, snapshot, plan)].slice(0, burstLimit)
  for (const { pod, node } of plan.succeeded) {
    io.do({
      do: 'event',
      event: {
        regarding: set, type:
          'Normal', reason: 'SucceededDaemonPod', message: `Found succeeded daemon pod ${keyOf(pod)} on node ${node}, will try to delete it`,
      },
    })
  }
  if (wanted.length + doomed.length === 0) return undefined
  io.do({ do: 'remember', in: 'expectations', key, value: { creations: wanted.length, deletions: doomed.map(keyOf), atMs: now } })
  const { count, error: creationError } = createPods(io, view.identity, set, wanted.length, i => podForNode(set, hash, wanted[i]))
  if (count < wanted.length) io.do(lowerExpectations(view, key, { creations: wanted.length - count }))
  const errors = deletePods(io, view.identity, set, doomed, pod => io.do(lowerExpectations(view, key, { deletion: pod })))
  return creationError ?? errors.find(error => error !== undefined)
}
/** Pods that failed go at once the first time, later ones on the same node ever more slowly: a kubelet that refuses them must not be chased. */
function failedToRemove(io: Script, view: View, { set, nowMs }: Snapshot, { failed }: Plan): readonly KubeObject[] {
  const remove: KubeObject[] = []
  for (const { pod, node } of failed) {
    const name = `${set!.metadata.uid}/${set!.status?.observedGeneration ?? 0}/${node}`
    const before = io.look((): BackOff | undefined => view.memory.backOff.get(name))
    const fresh = before === undefined || nowMs - before.atMs > 2 * maxBackOffMs
    if (!fresh && nowMs - before.atMs < before.ms) { io.do({ do: 'requeueAfter', ms: before.ms }); continue }
    io.do({ do: 'remember', in: 'backOff', key: name, value: { ms: fresh ? backOffMs : Math.min(2 * before.ms, maxBackOffMs), atMs: nowMs } })
    io.do({
      do: 'event',
      event: {
        regarding: set!, type: 'Warning', reason: 'FailedDaemonPod', message: `Found failed daemon pod ${keyOf(pod)} on node ${node}, will try to kill it`,
      },
    })
    remove.push(pod)
  }
  return remove
}

/** Source: cleanupHistory */
function cleanUp(io: Script, view: View, set: KubeObject, old: Parameters<typeof truncate>[2], pods: readonly KubeObject[]): undefined {
  const limit: number | undefined = set.spec.revisionHistoryLimit
  if (limit === undefined || old.length <= limit) return
  const live = new Set([...podsByTarget(pods, true).values()].flat().map(p => p.metadata.labels?.[podRevisionLabel] ?? ''))
  const kept = old.filter(r => live.has(hashOf(r))).length
  truncate(io, view, old, r => live.has(hashOf(r)), Math.max(0, limit - kept))
}
