import { PersistentMap } from '../../../base/persistent-map.ts'
import { formatTime } from '../../api/time.ts'
import { observedGeneration } from '../../api/observed-generation.ts'
import { tolerates } from '../../api/tolerations.ts'
import type { KubeObject } from '../../api/request.ts'
import type { Delta } from '../../network/informer.ts'
import { patch, remove } from '../../network/client.ts'
import { defineController, DONE, keyOf, NO_KEYS, splitKey } from '../controller.ts'
import type { ControllerEffect, Keys, Reconciled, View } from '../controller.ts'
import { podsByNode } from '../indexes.ts'
import { taintsOf } from '../node-lifecycle/taints.ts'
import type { Taint } from '../node-lifecycle/taints.ts'

/** An eviction that is due, or was carried out. */
interface Eviction { readonly uid: string; readonly fireAt: number; readonly fired: boolean }

/** Deletes pods from nodes with NoExecute taints that they do not tolerate, or not any longer. */
export const taintEviction = defineController({
  name: 'taint-eviction', serviceAccount: 'node-controller',
  watches: [{ resource: 'nodes', toKeys: keysOfNode }, { resource: 'pods', toKeys: keysOfPod }],
  indexes: [podsByNode],
  initialMemory: () => ({ forkable: true, evictions: new PersistentMap<Eviction>() }),
  workers: 8,
  reconcile,
  source: 'pkg/controller/tainteviction/taint_eviction.go, timed_workers.go',
})

const noExecute = (node: KubeObject | undefined): readonly Taint[] => node ? taintsOf(node).filter(t => t.effect === 'NoExecute') : []
const same = (a: readonly Taint[], b: readonly Taint[]): boolean =>
  a.length === b.length && a.every((t, i) => t.key === b[i].key && t.value === b[i].value && t.timeAdded === b[i].timeAdded)

function keysOfNode({ old, new: node }: Delta, view: View): Keys {
  if (!node || same(noExecute(old), noExecute(node))) return NO_KEYS
  return view.by(podsByNode, node.metadata.name).map(keyOf)
}
function keysOfPod({ type, old, new: pod }: Delta, view: View): Keys {
  if (type === 'DELETED') { if (view.memory.evictions.get(keyOf(old!))) return [keyOf(old!)]; return NO_KEYS }
  if (!pod!.spec.nodeName || old && samePlace(old.spec, pod!.spec)) return NO_KEYS
  return noExecute(view.get('nodes', '', pod!.spec.nodeName)).length > 0 ? [keyOf(pod!)] : NO_KEYS
}
const samePlace = (a: any, b: any): boolean =>
  a === b || a.nodeName === b.nodeName && (a.tolerations === b.tolerations || JSON.stringify(a.tolerations) === JSON.stringify(b.tolerations))

/** How long the pod bears these taints: ms, Infinity, or undefined for not at all. Source: GetMatchingTolerations, getMinTolerationTime */
function patienceMs(taints: readonly Taint[], tolerations: readonly any[]): number | undefined {
  let seconds = Infinity
  for (const taint of taints) {
    const matching = tolerations.filter(t => tolerates(t, taint))
    if (matching.length === 0) return undefined
    const [first] = matching
    if (first.tolerationSeconds !== undefined) seconds = Math.min(seconds, Math.max(0, first.tolerationSeconds))
  }
  return seconds * 1000
}

function reconcile(key: string, view: View): Reconciled {
  const { namespace, name } = splitKey(key), pod = view.get('pods', namespace, name), planned: Eviction | undefined = view.memory.evictions.get(key)
  // Told only of one that is still to come. Source: cancelWorkWithEvent
  const callOff: readonly ControllerEffect[] = !planned ? []
    : [{ do: 'remember', in: 'evictions', key, value: undefined }, ...planned.fired ? [] : [event(key, `Cancelling deletion of Pod ${key}`)]]
  if (!pod || planned && planned.uid !== pod.metadata.uid) return { effects: pod ? [...callOff, { do: 'requeueAfter', ms: 0 }] : callOff }
  const taints = noExecute(view.get('nodes', '', pod.spec.nodeName)), { uid } = pod.metadata
  const patience = taints.length === 0 ? Infinity : patienceMs(taints, pod.spec.tolerations ?? [])
  if (patience === Infinity) return { effects: callOff }
  if (planned?.fired) return DONE
  if (patience === undefined) return { effects: [...callOff, ...evict(pod, key, { uid, fireAt: view.now, fired: true }, view)] }
  // What is planned stays as it is, whatever taints have come since. Source: processPodOnNode
  const fireAt = planned?.fireAt ?? view.now + patience
  if (fireAt <= view.now) return { effects: evict(pod, key, { uid, fireAt, fired: true }, view) }
  return {
    effects: [
      { do: 'remember', in: 'evictions', key, value: { uid, fireAt, fired: false } satisfies Eviction },
      { do: 'requeueAfter', ms: fireAt - view.now },
    ],
  }
}

/** It names the pod without its uid, so that `kubectl describe pod` does not find it. Source: taint_eviction.go (emitPodDeletionEvent) */
const event = (key: string, message: string): ControllerEffect =>
  ({ do: 'event', event: { regarding: { kind: 'Pod', ...splitKey(key), apiVersion: 'v1' }, type: 'Normal', reason: 'TaintManagerEviction', message } })

function evict(pod: KubeObject, key: string, done: Eviction, view: View): readonly ControllerEffect[] {
  const { namespace, name } = pod.metadata, target = { resource: 'pods', namespace, name }
  const effects: ControllerEffect[] = [event(key, `Marking for deletion Pod ${key}`)]
  if (!pod.status?.conditions?.some((c: any) => c.type === 'DisruptionTarget' && c.status === 'True' && c.reason === 'DeletionByTaintManager')) {
    const condition = {
      type: 'DisruptionTarget', observedGeneration: observedGeneration(pod, view.minorVersion), status: 'True', lastProbeTime: null, lastTransitionTime: formatTime(view.wallMs),
      reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint',
    }
    effects.push({
      do: 'request', accept: [404],
      request: patch(view.identity, { ...target, subresource: 'status' }, 'application/strategic-merge-patch+json', { status: { conditions: [condition] } }),
    })
  }
  return [...effects, { do: 'request', accept: [404], request: remove(view.identity, target) }, { do: 'remember', in: 'evictions', key, value: done }]
}
