import { definePredicate } from '../../extension.ts'
import type { PredicateDefinition, PredicateResult, ResolvedSubject } from '../../extension.ts'
import { dueReplicas, rolloutCounts } from '../../runtime-model/api/rollout.ts'
import { CannotRun } from '../errors.ts'
import { onlyOf } from './fitting.ts'
import { holdsIf, no, stale, staleStatus } from './support.ts'

const revisionOf = (object: any): string | undefined => object.metadata.annotations?.['deployment.kubernetes.io/revision']

function rolledOut({ object, ref }: ResolvedSubject): PredicateResult {
  const { wanted, updated, ready, available, all } = rolloutCounts(object), strategy = object.spec.updateStrategy
  if (strategy?.type === 'OnDelete') throw new CannotRun('a rollout with the strategy OnDelete goes on as pods are deleted, and nobody can tell when it is done')
  if (ref?.resource === 'statefulsets.apps') {
    const { currentRevision, updateRevision } = object.status ?? {}
    const done = strategy?.rollingUpdate?.partition > 0 ? updated >= dueReplicas(object) : updateRevision === currentRevision
    return holdsIf(ready >= wanted && done, () => `${ready} of ${wanted} ready, ${updated} updated`)
  }
  if (updated < wanted) return no(`${updated} of ${wanted} updated`)
  if (ref?.resource === 'deployments.apps' && all > updated) return no(`${all - updated} old ${all - updated === 1 ? 'replica' : 'replicas'} still there`)
  return holdsIf(available >= wanted, () => `${available} of ${wanted} updated ones available`)
}
const done = definePredicate({
  id: 'rolled-out', phrases: ['rolled out', 'has rolled out', 'fully rolled out'], subjects: ['object'],
  misfit: onlyOf('deployments.apps', 'statefulsets.apps', 'daemonsets.apps'),
  doc:
    'What `kubectl rollout status` waits for: the controller has seen the latest spec, every replica is of it and available (of a StatefulSet: ready), and of a Deployment none of an older one is left.',
  examples: ['deployment web is rolled out', 'daemonset agent eventually has rolled out', 'statefulset db is fully rolled out within 5m'],
  source: 'https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_status/',
  progress: true,
  test(subject, _args, at) {
    const why = staleStatus(subject, at)
    return why === undefined ? rolledOut(subject) : stale(why)
  },
})
const going = definePredicate({
  id: 'rolling-out', phrases: ['rolling out', 'being rolled out'], subjects: ['object'], misfit: done.misfit,
  doc: 'The controller has seen the latest spec, and it is not rolled out yet. `during the rollout of …` is a window that is open as long.',
  examples: ['deployment web is eventually rolling out', 'deployment web is not rolling out'],
  source: done.source,
  test(subject, _args, at) {
    const why = staleStatus(subject, at)
    return why !== undefined ? stale(why) : rolledOut(subject) !== true || no('it is rolled out')
  },
})
const revision = definePredicate({
  id: 'revision', phrases: ['at revision {revision}', 'has revision {revision}'], parameters: { revision: 'int' }, subjects: ['object'],
  misfit: onlyOf('deployments.apps', 'replicasets.apps'),
  doc: 'Which revision a Deployment (or a ReplicaSet of one) is at: the annotation deployment.kubernetes.io/revision, once the status is of the latest spec.',
  examples: ['deployment catalog is eventually at revision 2', 'deployment catalog is not at revision 1'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#checking-rollout-history-of-a-deployment',
  test(subject, { revision: wanted }, at) {
    const why = staleStatus(subject, at), found = revisionOf(subject.object)
    return why !== undefined ? stale(why) : holdsIf(found === String(wanted), () => found === undefined ? 'no revision yet' : `revision ${found}`)
  },
})
export const rollouts: readonly PredicateDefinition[] = [done, going, revision]
