import type { PredicateContext, PredicateDefinition, PredicateResult, ResolvedSubject } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { dueReplicas, rolloutCounts } from '../../runtime-model/api/rollout.ts'
import { CannotRun } from '../errors.ts'
import { isNotThere, isThere } from './files.ts'
import { unsaid } from './custom.ts'
import { hasWords, onlyOf, phaseOf, readyOf, statusOf } from './fitting.ts'
import type { ContainerSubject } from '../../dsl/step-ast.ts'
import { conditionOf, conditionText, everStored, holdsIf, moot, no, nodeIn, stale, staleStatus, statusWordOf, truthOf } from './support.ts'

/** What one waits for; of the other words a stage says nothing. */
const onTheWay = new Set(['Running', 'Ready', 'Scheduled', 'Succeeded', 'Completed', 'Complete', 'Available', 'Bound', 'Active'])
const phases = ['Pending', 'Succeeded', 'Failed', 'Unknown']

/** What a status word asks of an object; kinds without a STATUS column have conditions and phases that are called like it. */
function hasStatus(subject: ResolvedSubject, word: string, at: PredicateContext): PredicateResult {
  const { object, ref } = subject
  if (word === 'Ready') return isReady(subject, at)
  if (word === 'Scheduled' && (ref === undefined || ref.resource === 'pods')) {
    return holdsIf(!!object.spec?.nodeName, () =>
      `not scheduled${conditionOf(object, 'PodScheduled')?.reason ? ` (${conditionOf(object, 'PodScheduled').reason})` : ''}`)
  }
  if (word === 'Terminating' && object.metadata.deletionTimestamp && ref?.resource !== 'pods') return true
  const said = statusWordOf(subject, at), phase = object.status?.phase
  // who ended a pod (Evicted, NodeShutdown …): STATUS says it until the containers have ended, and then how they did
  if (ref?.resource === 'pods' && object.status?.reason === word) return true
  if (word === 'Completed' && ref?.resource === 'jobs.batch') return hasStatus(subject, 'Complete', at)
  if (word === 'Terminated' && ref?.resource === 'pods') return holdsIf(phase === 'Succeeded' || phase === 'Failed', () => said ?? phase)
  // a node's STATUS is a list: Ready,SchedulingDisabled
  if (said === word || said?.split(',').includes(word) || (phase === word && phases.includes(word)) || (said === undefined && phase === word)) return true
  // STATUS says NotReady of a node that nothing is heard from, and its condition Unknown
  if (word === 'Unknown' && ref?.resource === 'nodes') return holdsIf(conditionOf(object, 'Ready')?.status === 'Unknown', () => conditionText(object, 'Ready'))
  const condition = conditionOf(object, word)
  if (condition) {
    return staleStatus(subject, at) !== undefined ? stale(staleStatus(subject, at)!) : holdsIf(condition.status === 'True', () => conditionText(object, word))
  }
  return said === undefined && phase === undefined && word !== 'Terminating' && tellsOfConditions(subject) ? unsaid(subject, word) : no(said ?? phase ?? `its status has no condition ${word}`)
}

export function isReady(subject: ResolvedSubject, at: PredicateContext): PredicateResult {
  const { object, ref } = subject, condition = conditionOf(object, 'Ready')
  if (condition || ref?.resource === 'pods' || ref?.resource === 'nodes') {
    return holdsIf(condition?.status === 'True', () =>
      ref?.resource === 'pods' ? `${statusWordOf(subject, at)}, ${conditionText(object, 'Ready')}` : conditionText(object, 'Ready'))
  }
  const why = staleStatus(subject, at)
  if (why) return stale(why)
  if ((object.status?.desiredNumberScheduled ?? object.spec?.replicas) !== undefined) {
    const { wanted, ready, updated } = rolloutCounts(object), due = dueReplicas(object), most = Math.max(wanted, object.status?.replicas ?? 0)
    return ready < most ? no(`${ready} of ${most} ready`) : holdsIf(updated >= due, () => `${updated} of ${due} updated`)
  }
  return unsaid(subject, 'Ready')
}

/** Kinds without a STATUS column: what their conditions do not speak of is neither so nor not so. */
const tellsOfConditions = ({ ref }: ResolvedSubject): boolean => ref !== undefined && !hasWords(ref.resource)

/** A container by its state in the pod's status, or on its node. */
function containerStatus(subject: ResolvedSubject, word: string, at: PredicateContext): PredicateResult {
  const { container } = subject.ast as ContainerSubject
  if (at.ast.truth === 'node') {
    const truth = truthOf(subject, at)?.containers.find(c => c.name === container)
    if (!truth) return no('not on the node')
    const state = truth.state === 'running' ? 'Running' : truth.state === 'exited' ? 'Terminated' : 'Waiting'
    return holdsIf(state === word || truth.reason === word, () => `${state}${truth.reason ? ` (${truth.reason})` : ''} on the node`)
  }
  const status = [...(subject.object.status?.containerStatuses ?? []), ...(subject.object.status?.initContainerStatuses ?? [])].find((c: any) =>
    c.name === container)
  if (word === 'Ready') return holdsIf(status?.ready === true, () => 'not ready')
  const [state, detail] = Object.entries<any>(status?.state ?? {})[0] ?? ['not begun yet', {}]
  const said = state === 'running' ? 'Running' : detail?.reason ?? (state === 'terminated' ? 'Terminated' : state)
  return holdsIf(said === word || (word === 'Terminated' && state === 'terminated') || (word === 'Waiting' && state === 'waiting'), () => said)
}

/** The truth on the node: what runs there, whatever the API says. */
function onNode(subject: ResolvedSubject, word: string, at: PredicateContext): PredicateResult {
  const truth = truthOf(subject, at)
  if (!truth) return no('not on any node')
  if (word === 'Ready') return holdsIf(truth.ready, () => 'not ready on the node')
  const running = truth.containers.length > 0 && truth.containers.every(c => c.state === 'running')
  if (word === 'Running') return holdsIf(running, () => `${truth.containers.map(c => `${c.name} ${c.state}`).join(', ') || 'no container'} on the node`)
  return holdsIf(truth.phase === word, () => `${truth.phase} on the node`)
}
/** STATUS of a pod says NotReady where some of its containers have ended and some run; people say it of each that is not Ready, and so does this. */
const opposite = (result: PredicateResult): PredicateResult => result === true ? no('Ready') : 'no' in result && result.moot === undefined ? true : result
const judge = (subject: ResolvedSubject, word: string, at: PredicateContext): PredicateResult =>
  word === 'NotReady' && subject.ref?.resource === 'pods' ? opposite(judge(subject, 'Ready', at))
    : subject.type === 'container' ? containerStatus(subject, word, at) : at.ast.truth === 'node' ? onNode(subject, word, at) : hasStatus(subject, word, at)

const status = definePredicate({
  id: 'status', phrases: ['{status}', 'in {status}', 'in status {status}', 'has status {status}', 'completes', 'succeeds'], subjects: ['object', 'container'],
  misfit: statusOf,
  doc:
    'kubectl\'s STATUS column says this word: Running, Pending, Terminating, CrashLoopBackOff, ImagePullBackOff, Completed, Bound, Available, Complete … Pending, Succeeded, Failed and Unknown also when the phase is so while STATUS says more, and who ended a pod (Evicted, NodeShutdown, Preempting … its status.reason) also once STATUS says how its containers ended; a condition of this name that is True counts for kinds without a STATUS. `NotReady` of a pod or a container is the opposite of `Ready`. `completes` and `succeeds`: a Job is Complete, a pod Succeeded.',
  examples: [
    'pod catalog eventually Running', 'pod catalog is CrashLoopBackOff', 'pod catalog is in CrashLoopBackOff', 'pvc data eventually Bound',
    'job report eventually Complete', 'job report eventually completes', 'container app in pod catalog is Running on the node',
  ],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase',
  progress: ({ status: word = 'Complete' }) => onTheWay.has(word),
  test: (subject, { status: word = subject.ref?.resource === 'pods' ? 'Succeeded' : 'Complete' }, at) => judge(subject, word, at),
})
const runs = definePredicate({
  id: 'runs', phrases: ['runs/run', 'up and running'], subjects: ['object', 'container'], misfit: onlyOf('pods'), progress: true,
  doc: 'The same as `Running`, said of pods and their containers.', examples: ['every pod of deployment catalog runs', 'pod catalog eventually runs'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase',
  test: (subject, _args, at) => judge(subject, 'Running', at),
})
const endsInFailure = definePredicate({
  id: 'ends-in-failure', phrases: ['fails'], subjects: ['object'], misfit: onlyOf('jobs.batch', 'pods'),
  doc: 'A Job with the condition Failed; a pod in the phase Failed.', examples: ['job report eventually fails', 'pod migration fails within 2m'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy',
  test: (subject, _args, at) => judge(subject, 'Failed', at),
})
const ready = definePredicate({
  id: 'ready', phrases: ['Ready'], subjects: ['object', 'container'], misfit: readyOf,
  doc: 'A pod or node whose condition Ready is True; a workload all of whose replicas are ready, and of the latest template where its rollout sees to that.',
  examples: ['pod catalog eventually Ready', 'node worker-1 is not Ready', 'pods of deployment catalog are Ready'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions',
  progress: true,
  test: (subject, _args, at) => judge(subject, 'Ready', at),
})
const runningAndReady = definePredicate({
  id: 'running-and-ready', phrases: ['Running and Ready', 'Ready and Running'], subjects: ['object', 'container'], misfit: onlyOf('pods'),
  doc: 'Running and Ready at the same moment: what a StatefulSet waits for before it makes its next pod.',
  examples: ['pod db-0 is Running and Ready', 'pods of statefulset db are eventually Running and Ready'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees',
  progress: true,
  test(subject, _args, at) {
    const running = judge(subject, 'Running', at)
    return running === true ? judge(subject, 'Ready', at) : running
  },
})
const runningNotReady = definePredicate({
  id: 'running-not-ready', phrases: ['Running but not Ready', 'Running and not Ready', 'Running but unready'], subjects: ['object', 'container'],
  misfit: onlyOf('pods'),
  doc: 'Running, and at the same moment not Ready: what a readiness probe that fails makes of a pod, which is then no endpoint of its Services.',
  examples: ['pod catalog is eventually Running but not Ready', 'pods of deployment web stay Running but not Ready for 1m'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#types-of-probe',
  test(subject, _args, at) {
    const running = judge(subject, 'Running', at)
    return running === true ? holdsIf(judge(subject, 'Ready', at) !== true, () => 'Running and Ready') : running
  },
})
const either = definePredicate({
  id: 'either-status', phrases: ['{status} or {other}', 'either {status} or {other}'], parameters: { other: 'status' }, subjects: ['object', 'container'],
  misfit: (resource, { status: word, other }) => statusOf(resource, { status: word }) ?? statusOf(resource, { status: other }),
  doc: 'One of two words that STATUS goes to and fro between, as it does while an image cannot be pulled or a container crashes.',
  examples: ['pod catalog is ImagePullBackOff or ErrImagePull', 'a pod of deployment web eventually is either Error or CrashLoopBackOff'],
  source: 'https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff',
  progress: ({ status: word, other }) => onTheWay.has(word) && onTheWay.has(other),
  test(subject, { status: word, other }, at) {
    const first = judge(subject, word, at)
    return first === true ? true : judge(subject, other, at)
  },
})
const phase = definePredicate({
  id: 'phase', phrases: ['has phase {word}', 'in phase {word}'], subjects: ['object'],
  misfit: phaseOf,
  doc: 'status.phase is this word.', examples: ['pod catalog has phase Running', 'namespace bookstore has phase Active'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase',
  test(subject, { word }, at) {
    const found = at.ast.truth === 'node' ? truthOf(subject, at)?.phase : subject.object.status?.phase
    return holdsIf(found === word, () => `phase ${found ?? 'none'}`)
  },
})
const scheduled = definePredicate({
  id: 'scheduled-on',
  phrases: [
    'scheduled on {node}', 'is scheduled on {node}', 'is scheduled to {node}', 'runs on {node}', 'is running on {node}', 'is on {node}',
    'is assigned/bound to {node}', 'is placed on {node}',
  ],
  subjects: ['object'], misfit: onlyOf('pods'),
  progress: true, doc: 'The scheduler has bound the pod to this node.',
  examples: ['pod catalog is scheduled on node worker-1', 'pod catalog eventually scheduled on worker-2'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/',
  test: ({ object }, { node }, at) => {
    const wanted = nodeIn(node, at)
    const seen = object.spec?.nodeName ? `on ${object.spec.nodeName}` : 'not scheduled'
    if (object.spec?.nodeName !== wanted && !everStored(at, { resource: 'nodes', name: wanted })) return moot(`${seen} (there is no node ${wanted})`)
    return holdsIf(object.spec?.nodeName === wanted, () => seen)
  },
})
/** What runs on a node of a pod that the API may have forgotten: the object, or the last one of its name. */
function onNodes({ ref, object }: ResolvedSubject, { driver }: PredicateContext): boolean {
  if (!ref) throw new CannotRun('what is on the node can be said of a pod, not of those that are gone: bind one with `as "NAME"`')
  let uid: string | undefined = object?.metadata.uid ?? ref.uid
  if (uid === undefined) {
    for (const o of driver.history()) {
      if (o.type === 'object' && o.resource === ref.resource && o.name === ref.name && o.namespace === (ref.namespace ?? '')) {
        uid = (o.new ?? o.old)?.metadata.uid
      }
    }
  }
  return uid !== undefined && driver.nodeTruth.pod(uid)?.containers.some(c => c.state !== 'exited') === true
}
const present = definePredicate({
  id: 'present', phrases: ['present', 'exists', 'left'], subjects: ['object', 'file'], existence: true,
  doc: 'It is stored. On the node: a container of the pod runs, whatever the API says. A file: it stands in a volume of the container.',
  examples: [
    'configmap settings is present', 'namespace lost never present', 'pod db-0 is present on the node', 'file "/data/x" in container app of pod db-0 exists',
    'no pod of deployment catalog is left',
  ],
  test: (subject, _args, at) => subject.type === 'file' ? isThere(subject, at) : at.ast.truth === 'node'
    ? holdsIf(onNodes(subject, at), () => 'nothing of it runs on a node')
    : holdsIf(subject.object !== undefined, () => `there is no ${subject.label}`),
})
const gone = definePredicate({
  id: 'gone', phrases: ['gone', 'absent', 'deleted', 'disappears'], subjects: ['object', 'file'], existence: true,
  doc:
    'It is not stored, or no longer. Of a set: it had a member at some time in the scenario, and has none any more. On the node: no container of the pod runs. A file: it does not stand in the volume of the container.',
  examples: [
    'pod catalog eventually gone', 'namespace sneaky is absent', 'pods labelled app=demo are eventually gone', 'pod db-0 is eventually gone on the node',
  ],
  test: (subject, _args, at) => subject.type === 'file' ? isNotThere(subject, at) : at.ast.truth === 'node'
    ? holdsIf(!onNodes(subject, at), () => 'still runs on its node')
    : holdsIf(subject.object === undefined, () => statusWordOf(subject, at) ?? (subject.object.metadata.deletionTimestamp ? 'Terminating' : 'still there')),
})
const unschedulable = definePredicate({
  id: 'unschedulable', phrases: ['unschedulable', 'cannot be scheduled', 'can\'t be scheduled'], subjects: ['object'], misfit: onlyOf('pods', 'nodes'),
  doc: 'A pod that the scheduler has found no node for; a node that is cordoned.',
  examples: ['pod giant is eventually unschedulable', 'pod giant cannot be scheduled', 'node worker-1 is unschedulable'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions',
  test({ object, ref }) {
    if (ref?.resource === 'nodes') return holdsIf(object.spec?.unschedulable === true, () => 'not cordoned')
    const found = conditionOf(object, 'PodScheduled')
    return holdsIf(found?.status === 'False' && found.reason === 'Unschedulable', () =>
      object.spec?.nodeName ? `on ${object.spec.nodeName}` : conditionText(object, 'PodScheduled'))
  },
})
const beingDeleted = definePredicate({
  id: 'being-deleted', phrases: ['being deleted', 'being terminated', 'marked for deletion'], subjects: ['object'],
  doc: 'It has been told to end (metadata.deletionTimestamp) and is still stored: its containers end, or a finalizer holds it.',
  examples: ['pod catalog is being deleted', 'namespace bookstore is eventually being deleted'],
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/',
  test: ({ object }) => holdsIf(object.metadata.deletionTimestamp !== undefined, () => 'not told to end'),
})
export const statuses: readonly PredicateDefinition[] = [
  status, runs, endsInFailure, ready, runningAndReady, runningNotReady, either, phase, scheduled, present, gone, unschedulable, beingDeleted,
]
