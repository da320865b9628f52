import type { KubeObject } from '../../api/request.ts'
import { labelsMatch, selectorMatcher } from '../../api/selectors.ts'
import { formatTime, parseTime } from '../../api/time.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import type { Delta } from '../../network/informer.ts'
import { update } from '../../network/client.ts'
import { defineController, keyOf, NO_KEYS, splitKey } from '../controller.ts'
import type { Index, Keys, View } from '../controller.ts'
import { expectedPods } from '../disruption/expected.ts'
import { failedStatus, newStatus } from '../disruption/status.ts'
import { podsByLabel } from '../indexes.ts'
import { conditionOf, isFinished, isReady } from '../pods.ts'
import { errorText, isOk, script } from '../script.ts'
import type { Script } from '../script.ts'
import { targetOf, updateStatus } from '../status-update.ts'

const resource = 'poddisruptionbudgets.policy'
/** how long an evicted pod may take to be deleted, and one that is to be disrupted to go */
const deletionMs = 120_000, staleMs = 120_000
const budgetsByNamespace: Index = { name: 'budgets by namespace', resource, keysOf: b => [b.metadata.namespace!] }

/** Says how many pods of a PodDisruptionBudget may be evicted; takes back what a pod says of a disruption that did not come. */
export const disruption = defineController({
  name: 'disruption', eventSource: 'controllermanager',
  watches: [
    { resource, toKeys: ({ name }) => [name] }, { resource: 'pods', toKeys: keysOfPod },
    ...['replicationcontrollers', 'replicasets.apps', 'deployments.apps', 'statefulsets.apps'].map(r => ({ resource: r, toKeys: () => NO_KEYS })),
  ],
  indexes: [budgetsByNamespace, podsByLabel],
  workers: 1,
  reconcile: script(begin, (io, snapshot: Snapshot, view) => snapshot.what === 'budget' ? runBudget(io, snapshot, view) : runPod(io, snapshot, view)),
  source: 'pkg/controller/disruption/disruption.go',
})

// ---- what wakes it
/** keys of pods: one whose disruption may be stale, one that several budgets select */
const staleMark = 'stale ', severalMark = 'several '
function keysOfPod({ new: pod, old, stored }: Delta, view: View): Keys {
  const last = pod ?? old ?? stored!, { namespace } = last.metadata, keys: (string | { key: string; afterMs: number })[] = []
  if (view.count(budgetsByNamespace, namespace!) > 0) {
    const matching = view.by(budgetsByNamespace, namespace!).filter(b => labelsMatch(b.spec.selector, last.metadata.labels ?? {}))
    const chosen = matching.length > 1 ? anyOf(matching, view) : matching[0]
    if (chosen) keys.push(keyOf(chosen))
    if (matching.length > 1) keys.push(`${severalMark}${chosen.metadata.name} ${keyOf(last)}`)
  }
  const waitMs = pod && staleInMs(pod, view.wallMs)
  if (waitMs !== undefined) keys.push({ key: staleMark + keyOf(last), afterMs: Math.max(1, waitMs) })
  return keys.length > 0 ? keys : NO_KEYS
}
/** Upstream takes the first that a Go map yields: the oldest mostly, as a walk through a small one begins at one of eight places. */
function anyOf(matching: readonly KubeObject[], view: View): KubeObject {
  const oldest = [...matching].sort((a, b) => a.metadata.creationTimestamp! < b.metadata.creationTimestamp! ? -1 : 1)
  return oldest[view.choose('budget of a pod', 8)] ?? oldest[0]
}
/**
 * ms until a pod's word that it will be disrupted is stale; undefined: it says none, or the kubelet does. Source: nonTerminatingPodHasStaleDisruptionCondition
 */
function staleInMs(pod: KubeObject, nowMs: number): number | undefined {
  const condition = conditionOf(pod, 'DisruptionTarget')
  if (condition?.status !== 'True' || condition.reason === 'TerminationByKubelet' || pod.metadata.deletionTimestamp !== undefined || isFinished(pod)) {
    return undefined
  }
  return Math.max(0, parseTime(condition.lastTransitionTime) + staleMs - nowMs)
}

// ---- reconcile
interface Snapshot {
  readonly what: 'budget' | 'stale' | 'several'
  readonly object: KubeObject
  readonly pods: readonly KubeObject[]
  readonly chosen?: string
  readonly nowMs: number
}
function begin(key: string, view: View): Snapshot | undefined {
  const nowMs = view.wallMs
  const of = (kind: string, name: string): KubeObject | undefined => { const k = splitKey(name); return view.get(kind, k.namespace, k.name) }
  if (key.startsWith(staleMark)) { const pod = of('pods', key.slice(staleMark.length)); return pod && { what: 'stale', object: pod, pods: [], nowMs } }
  if (key.startsWith(severalMark)) {
    const [chosen, name] = key.slice(severalMark.length).split(' '), pod = of('pods', name)
    return pod && { what: 'several', object: pod, pods: [], chosen, nowMs }
  }
  const budget = of(resource, key)
  return budget && { what: 'budget', object: budget, pods: podsOf(budget, view), nowMs }
}
/** Under the rarest label it asks for, if it asks for any. */
function podsOf({ metadata: { namespace }, spec: { selector } }: KubeObject, view: View): readonly KubeObject[] {
  if (!selector) return []
  const matches = selectorMatcher(selector), keys = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${namespace} ${key}=${value}`)
  const candidates = keys.length > 0
    ? view.by(podsByLabel, keys.reduce((a, b) => view.count(podsByLabel, b) < view.count(podsByLabel, a) ? b : a))
    : view.list('pods', namespace)
  return candidates.filter(p => matches(p.metadata.labels ?? {}))
}

/** Source: sync, trySync */
function runBudget(io: Script, { object: budget, pods, nowMs }: Snapshot, view: View): void {
  const event = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    io.do({ do: 'event', event: { regarding: budget, type, reason, message } })
  if (pods.length === 0) event('Normal', 'NoPods', 'No matching pods found')
  const expected = expectedPods(io, view, budget, pods)
  if ('error' in expected) {
    event('Warning', 'CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${expected.error}`)
    return failSafe(io, view, budget, expected.error, nowMs)
  }
  if (expected.unmanaged.length > 0) {
    event(
      'Warning', 'UnmanagedPods',
      `Pods selected by this PodDisruptionBudget (selector: ${selectorText(budget.spec.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`
    )
  }
  const { disruptedPods, recheckMs } = stillDisrupted(io, budget, pods, nowMs)
  const currentHealthy = pods.filter(p =>
    p.metadata.deletionTimestamp === undefined && !(parseTime(disruptedPods[p.metadata.name] ?? '') + deletionMs > nowMs) && isReady(p)).length
  const status = newStatus(budget, { currentHealthy, desiredHealthy: expected.desired, expectedPods: expected.expected, disruptedPods }, nowMs)
  if (status) {
    const answer = io.ask(() => update(view.identity, { ...targetOf(resource, budget), subresource: 'status' }, { ...budget, status }), 'any')
    if (!isOk(answer) && answer.body?.reason === 'Conflict') io.fail(errorText(answer))
    if (!isOk(answer)) return failSafe(io, view, budget, errorText(answer), nowMs)
  }
  if (recheckMs !== undefined) io.do({ do: 'requeueAfter', ms: recheckMs })
}
function failSafe(io: Script, view: View, budget: KubeObject, message: string, nowMs: number): void {
  const status = failedStatus(budget, message, nowMs)
  // upstream writes it in any case; a write that changes nothing ends at the API server
  if (!deepEqual(status, budget.status)) updateStatus(io, view.identity, resource, budget, status)
}

/** Evicted pods whose deletion has not been seen; those that were not deleted in time count again. Source: buildDisruptedPodMap */
function stillDisrupted(
  io: Script, budget: KubeObject, pods: readonly KubeObject[], nowMs: number
): { readonly disruptedPods: Readonly<Record<string, string>>; readonly recheckMs?: number } {
  const noted: Readonly<Record<string, string>> = budget.status?.disruptedPods ?? {}, disruptedPods: Record<string, string> = {}
  let recheckMs: number | undefined
  for (const pod of pods) {
    const at = noted[pod.metadata.name]
    if (at === undefined || pod.metadata.deletionTimestamp !== undefined) continue
    const leftMs = parseTime(at) + deletionMs - nowMs
    if (leftMs < 0) {
      io.do({
        do: 'event',
        event: {
          regarding: pod, type: 'Warning', reason: 'NotDeleted',
          message: `Pod was expected by PDB ${budget.metadata.namespace}/${budget.metadata.namespace} to be deleted but it wasn't`,
        },
      })
      continue
    }
    recheckMs = Math.min(recheckMs ?? Infinity, leftMs + 1)
    disruptedPods[pod.metadata.name] = at
  }
  return { disruptedPods, recheckMs }
}
/** As Go prints it. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: any): string {
  const labels = Object.keys(matchLabels).sort().map(key => `${key}: ${matchLabels[key]},`).join('')
  const expressions = matchExpressions.map((e: any) =>
    `LabelSelectorRequirement{Key:${e.key},Operator:${e.operator},Values:[${(e.values ?? []).join(' ')}],},`).join('')
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`
}

/** Source: getPdbForPod, syncStalePodDisruption */
function runPod(io: Script, { what, object: pod, chosen, nowMs }: Snapshot, view: View): void {
  if (what === 'several') {
    return io.do({
      do: 'event',
      event: {
        regarding: pod, type: 'Warning', reason: 'MultiplePodDisruptionBudgets',
        message:
          `Pod ${JSON.stringify(pod.metadata.namespace)}/${JSON.stringify(pod.metadata.name)} matches multiple PodDisruptionBudgets.  Chose ${JSON.stringify(chosen)} arbitrarily.`,
      },
    })
  }
  const waitMs = staleInMs(pod, nowMs)
  if (waitMs === undefined) return
  if (waitMs > 0) return io.do({ do: 'requeueAfter', ms: waitMs })
  const conditions = pod.status.conditions.map((c: any) => c.type === 'DisruptionTarget'
    ? {
      type: c.type, ...c.observedGeneration ? { observedGeneration: pod.metadata.generation } : undefined, status: 'False', lastProbeTime: null,
      lastTransitionTime: formatTime(nowMs),
    }
    : c)
  updateStatus(io, view.identity, 'pods', pod, { ...pod.status, conditions })
}
