import { PersistentMap } from '../../../base/persistent-map.ts'
import { observedGeneration } from '../../api/observed-generation.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { get, patch, remove } from '../../network/client.ts'
import type { Delta } from '../../network/informer.ts'
import { defineController, NO_KEYS } from '../controller.ts'
import type { Index, Keys, View } from '../controller.ts'
import { podsByNode } from '../indexes.ts'
import { errorText, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'

/** --terminated-pod-gc-threshold */
const terminatedThreshold = 12_500
const periodMs = 20_000
/** a node that is missing may only not be seen yet */
const quarantineMs = 40_000
const key = 'pods'

const hasEnded = (pod: KubeObject): boolean => ['Succeeded', 'Failed', 'Unknown'].includes(pod.status?.phase)
const endedPods: Index = { name: 'ended pods', resource: 'pods', keysOf: pod => hasEnded(pod) ? ['all'] : [] }
/** terminating, but on no node that could end them */
const unboundTerminating: Index = {
  name: 'terminating pods without a node', resource: 'pods', keysOf: pod => pod.metadata.deletionTimestamp !== undefined && !pod.spec.nodeName ? ['all'] : [],
}
const outOfService = 'node.kubernetes.io/out-of-service'

/** Every 20 s, while there is something to do: pods of nodes that are gone, terminating ones that nobody ends, and ended ones beyond a limit. */
export const podGarbageCollector = defineController({
  name: 'pod-garbage-collector',
  serviceAccount: 'pod-garbage-collector',
  watches: [{ resource: 'pods', toKeys: keysOfPod }, { resource: 'nodes', toKeys: keysOfNode }],
  indexes: [podsByNode, endedPods, unboundTerminating],
  initialMemory: () => ({ forkable: true, quarantine: new PersistentMap<number>() }),
  onStart: view => view.list('pods').some(p => p.spec.nodeName && !view.get('nodes', undefined, p.spec.nodeName)) ? [nextPass(view)] : NO_KEYS,
  reconcile: script(begin, run),
  source: 'pkg/controller/podgc/gc_controller.go',
})

const nextPass = (view: View): { readonly key: string; readonly afterMs: number } => ({ key, afterMs: view.untilTick(periodMs) })
function keysOfPod({ new: pod, stored }: Delta, view: View): Keys {
  if (!pod) return NO_KEYS
  if (pod.metadata.deletionTimestamp !== undefined && !pod.spec.nodeName) return [nextPass(view)]
  if (pod.spec.nodeName && stored?.spec.nodeName !== pod.spec.nodeName && !view.get('nodes', undefined, pod.spec.nodeName)) return [nextPass(view)]
  if (hasEnded(pod) && view.count(endedPods, 'all') > terminatedThreshold) return [nextPass(view)]
  return pod.metadata.deletionTimestamp !== undefined && isOutOfService(view.get('nodes', undefined, pod.spec.nodeName)) ? [nextPass(view)] : NO_KEYS
}
function keysOfNode({ type, name, new: node }: Delta, view: View): Keys {
  const pods = view.count(podsByNode, name.slice(1))
  return pods > 0 && (type === 'DELETED' || isOutOfService(node)) ? [nextPass(view)] : NO_KEYS
}
const isReady = (node: KubeObject): boolean => node.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') ?? false
const isOutOfService = (node: KubeObject | undefined): boolean =>
  node !== undefined && !isReady(node) && (node.spec?.taints?.some((t: any) => t.key === outOfService) ?? false)

interface Pass {
  readonly terminated: readonly KubeObject[]
  readonly taken: readonly KubeObject[]
  readonly missing: readonly { readonly name: string; readonly pods: readonly KubeObject[] }[]
  readonly unbound: readonly KubeObject[]
  readonly quarantine: ReadonlyMap<string, number>
  readonly now: number
  readonly nowText: string
}

function begin(_: string, view: View): Pass {
  const missing = missingNodes(view).map(name => ({ name, pods: view.by(podsByNode, name) })), surplus = view.count(endedPods, 'all') - terminatedThreshold
  const taken = view.list('nodes')
    .filter(isOutOfService)
    .flatMap(n => view.by(podsByNode, n.metadata.name))
    .filter(p => p.metadata.deletionTimestamp !== undefined)
  const quarantine: PersistentMap<number> = view.memory.quarantine
  return {
    terminated: surplus > 0 ? oldest(view.by(endedPods, 'all'), surplus) : [], taken, missing, unbound: view.by(unboundTerminating, 'all'),
    quarantine: new Map(quarantine.sorted()), now: view.now, nowText: formatTime(view.wallMs),
  }
}
/** Names of nodes that pods are bound to and nobody knows. */
function missingNodes(view: View): string[] {
  const names = new Set<string>()
  for (const pod of view.list('pods')) if (pod.spec.nodeName && !view.get('nodes', undefined, pod.spec.nodeName)) names.add(pod.spec.nodeName)
  return [...names].sort()
}
/** Evicted pods first, then by age. */
function oldest(pods: readonly KubeObject[], count: number): readonly KubeObject[] {
  const evicted = (p: KubeObject): number => p.status?.reason === 'Evicted' ? 0 : 1, made = (p: KubeObject): string => p.metadata.creationTimestamp
  return [...pods].sort((a, b) =>
    evicted(a) - evicted(b) || (made(a) < made(b) ? -1 : made(a) > made(b) ? 1 : a.metadata.name < b.metadata.name ? -1 : 1)).slice(0, count)
}

function run(io: Script, pass: Pass, view: View): void {
  for (const pod of pass.taken) endPod(io, pod, undefined, pass, view)
  for (const pod of pass.terminated) remove_(io, pod, view)
  let waiting = false
  for (const { name, pods } of pass.missing) {
    const free = pass.quarantine.get(name)
    if (free === undefined) io.do({ do: 'remember', in: 'quarantine', key: name, value: pass.now + quarantineMs })
    if (free === undefined || free > pass.now) { waiting = true; continue }
    io.do({ do: 'remember', in: 'quarantine', key: name, value: undefined })
    if (io.ask(() => get(view.identity, { resource: 'nodes', name }), [404]).code !== 404) continue
    for (const pod of pods) endPod(io, pod, { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' }, pass, view)
  }
  for (const [name] of pass.quarantine) if (!pass.missing.some(m => m.name === name)) io.do({ do: 'remember', in: 'quarantine', key: name, value: undefined })
  for (const pod of pass.unbound) endPod(io, pod, undefined, pass, view)
  if (waiting) io.do({ do: 'requeueAfter', ms: periodMs })
}

/** Marks a pod as failed, unless it has ended, and deletes it at once. Only of a node that is gone a condition tells why. */
function endPod(io: Script, pod: KubeObject, why: { readonly reason: string; readonly message: string } | undefined, { nowText }: Pass, view: View): void {
  if (!hasEnded(pod)) {
    const { namespace, name, uid } = pod.metadata, seen = observedGeneration(pod, view.minorVersion)
    const condition = why && { type: 'DisruptionTarget', status: 'True', observedGeneration: seen, lastTransitionTime: nowText, ...why }
    const body = { metadata: { uid }, status: { phase: 'Failed', observedGeneration: seen, ...condition ? { conditions: [condition] } : undefined } }
    const answer = io.ask(
      () => patch(view.identity, { resource: 'pods', namespace, name, subresource: 'status' }, 'application/strategic-merge-patch+json', body), 'any'
    )
    if (!isOk(answer)) { if (answer.code !== 404) io.do({ do: 'requeueAfter', ms: periodMs }); return }
  }
  remove_(io, pod, view)
}
function remove_(io: Script, { metadata: { namespace, name, uid } }: KubeObject, view: View): void {
  const answer = io.ask(() => remove(view.identity, { resource: 'pods', namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } }), 'any')
  if (!isOk(answer) && answer.code !== 404 && answer.code !== 409) io.fail(errorText(answer))
}
