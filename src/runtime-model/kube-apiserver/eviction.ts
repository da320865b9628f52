import type { KubeObject } from '../api/request.ts'
import { labelsMatch } from '../api/selectors.ts'
import { disruptionBudget, forbidden, rawError, type Status } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import type { Admitted } from './admission-chain.ts'
import type { FirstWrite } from './admission/index.ts'
import { deletionOf } from './deletion.ts'
import { wrongDeleteOptions } from './documents.ts'
import { withWrite } from './flights.ts'
import { minorOf } from './older-versions.ts'
import type { Turn, Write } from './state.ts'
import type { Target } from './target.ts'
import { listCached } from './watch-cache.ts'

/**
 * pods/eviction: a delete that asks the pod's budget first. The budget's status notes the pod, the pod's own says why it goes, then it is deleted.
 * Approximation: a budget or pod that changes meanwhile is judged anew at once, not after half a second. Source: pkg/registry/core/pod/storage/eviction.go
 */
const budgets = 'poddisruptionbudgets.policy'
/** pods whose end the disruption controller has not confirmed */
const disruptedLimit = 2000

export const evictionOptions = (flight: Admitted): any => flight.request.body?.deleteOptions

/** The pod as this request has left it last, or as etcd has it if that is newer. */
export function withNewestPod(flight: Admitted): Admitted {
  const { write } = flight, own = write.newest.find(o => o.metadata.uid === write.old!.metadata.uid)
  return own && Number(own.metadata.resourceVersion) > Number(write.old!.metadata.resourceVersion) ? withWrite(flight, { old: own }) : flight
}

/** What must be stored before the pod is deleted, or why it must not be. */
export function judgeEviction(turn: Turn, flight: Admitted): { readonly status: Status } | { readonly first: readonly FirstWrite[] } {
  const { write, request } = flight, pod = write.old!, { namespace } = pod.metadata, unfit = wrongDeleteOptions(evictionOptions(flight))
  if (unfit) return { status: unfit }
  const nowText = formatTime(turn.context.wallMs), marked = withCondition(pod, nowText)
  const noted = needsNoBudget(pod) ? undefined : askBudget(turn, write, pod, nowText)
  if (noted && 'status' in noted) return noted
  if (request.dryRun) return { first: [] }
  const asFirst = (resource: string, object: KubeObject): FirstWrite =>
    ({ resource, namespace: namespace!, name: object.metadata.name, object, resourceVersion: object.metadata.resourceVersion! })
  return { first: [...noted?.budget ? [asFirst(budgets, noted.budget)] : [], ...marked === pod ? [] : [asFirst('pods', marked)]] }
}
/** What does not run, or is going anyway, disrupts nothing. Source: canIgnorePDB */
const needsNoBudget = (pod: KubeObject): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' || pod.status?.phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined
const isReady = (pod: KubeObject): boolean => pod.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') ?? false

/** The budget as it is to be, if it changes. */
function askBudget(turn: Turn, write: Write, pod: KubeObject, nowText: string): { readonly status: Status } | { readonly budget?: KubeObject } {
  const newest = (b: KubeObject): KubeObject => write.newest.find(o => o.metadata.uid === b.metadata.uid) ?? b
  const all = listCached(turn.state.cache, budgets, pod.metadata.namespace).map(newest).filter(b => labelsMatch(b.spec?.selector, pod.metadata.labels ?? {}))
  if (all.length > 1) return { status: rawError('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.') }
  const [budget] = all
  if (!budget || write.newest.includes(budget) && budget.status?.disruptedPods?.[pod.metadata.name]) return {}
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {}
  if (!isReady(pod) && (budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || currentHealthy >= desiredHealthy && desiredHealthy > 0)) return {}
  const refused = refusal(budget, minorOf(turn.options))
  return refused ? { status: refused } : { budget: decremented(budget, pod.metadata.name, nowText) }
}

/** Source: checkAndDecrement */
function refusal(budget: KubeObject, minorVersion: number): Status | undefined {
  const { name, generation = 0 } = budget.metadata
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods, currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {}
  const of = { group: 'policy', resource: 'poddisruptionbudget' }
  if (observedGeneration < generation) return disruptionBudget(`The disruption budget ${name} is still being processed by the server.`, 10)
  if (disruptionsAllowed < 0) return forbidden(of, name, 'pdb disruptions allowed is negative')
  if (Object.keys(disruptedPods ?? {}).length > disruptedLimit) {
    return forbidden(of, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller')
  }
  if (disruptionsAllowed > 0) return undefined
  const failed = minorVersion >= 35
    ? budget.status?.conditions?.find((c: any) => c.type === 'DisruptionAllowed' && c.status === 'False' && c.message)
    : undefined
  const no = `The disruption budget ${name} does not allow evicting pods currently`
  if (failed?.reason === 'SyncFailed') return disruptionBudget(`${no} because it failed sync: ${failed.message}`)
  if (minorVersion < 35 || currentHealthy <= desiredHealthy) {
    return disruptionBudget(`The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`)
  }
  return disruptionBudget(failed ? `${no} (${failed.reason}): ${failed.message}` : no)
}
function decremented(budget: KubeObject, pod: string, nowText: string): KubeObject {
  const { status } = budget, disruptionsAllowed = status.disruptionsAllowed - 1, observedGeneration = status.observedGeneration
  const conditions = disruptionsAllowed > 0 ? status.conditions : (status.conditions ?? []).map((c: any) => c.type !== 'DisruptionAllowed' ? c
    : {
      ...c, status: 'False', reason: 'InsufficientPods', message: '', observedGeneration,
      lastTransitionTime: c.status === 'False' ? c.lastTransitionTime : nowText,
    })
  return { ...budget, status: { ...status, disruptionsAllowed, conditions, disruptedPods: { ...status.disruptedPods, [pod]: nowText } } }
}

function withCondition(pod: KubeObject, nowText: string): KubeObject {
  const conditions: readonly any[] = pod.status?.conditions ?? [], at = conditions.findIndex(c => c.type === 'DisruptionTarget'), before = conditions[at]
  if (before?.status === 'True' && before.reason === 'EvictionByEvictionAPI' && before.message === 'Eviction API: evicting') return pod
  const condition = {
    type: 'DisruptionTarget', status: 'True', lastProbeTime: null, lastTransitionTime: before?.status === 'True' ? before.lastTransitionTime : nowText,
    reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting',
  }
  return { ...pod, status: { ...pod.status, conditions: at < 0 ? [...conditions, condition] : conditions.map((c, i) => i === at ? condition : c) } }
}

/**
 * The deletion itself, of the pod as it is after what was stored first; a version that the client had asked for has been checked by then. Undefined: it is on
 * its way already.
 */
export function deletionOfEvicted(turn: Turn, flight: Admitted, { kind }: Target): Admitted | undefined {
  const newest = withNewestPod(flight), { write } = newest, { preconditions, ...options } = evictionOptions(flight) ?? {}
  const deletion = deletionOf(kind, write.old!, preconditions?.uid ? { ...options, preconditions: { uid: preconditions.uid } } : options, turn.context.wallMs)
  if ('same' in deletion) return undefined
  return withWrite(
    newest,
    'put' in deletion
      ? { object: deletion.put, removes: false, removesNext: deletion.thenRemove }
      : { object: undefined, removes: true, removesNext: false }
  )
}
