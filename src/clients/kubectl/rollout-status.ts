import { rolloutCounts } from '../../runtime-model/api/rollout.ts'
import { failure } from './errors.ts'

/** How far a rollout is, in kubectl's sentences. Source: kubectl pkg/polymorphichelpers/rollout_status.go. */
export interface RolloutStatus { readonly text: string; readonly done: boolean }
const waiting = (text: string): RolloutStatus => ({ text: `${text}\n`, done: false })
const finished = (text: string): RolloutStatus => ({ text: `${text}\n`, done: true })

/** Throws when it can no longer succeed. `revision`: the one that is waited for, 0: any. */
export function rolloutStatus(kind: string, object: any, revision: number): RolloutStatus {
  return kind === 'Deployment' ? deployment(object, revision) : kind === 'DaemonSet' ? daemonSet(object) : statefulSet(object)
}
const current = (object: any): boolean => (object.metadata.generation ?? 0) <= (object.status?.observedGeneration ?? 0)

function deployment({ metadata, spec, status = {}, ...rest }: any, revision: number): RolloutStatus {
  if (revision > 0) {
    const now = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
    if (now !== revision) throw failure(`desired revision (${revision}) is different from the running revision (${now})`)
  }
  if (!current({ metadata, status, ...rest })) return waiting('Waiting for deployment spec update to be observed...')
  if (status.conditions?.some((c: any) => c.type === 'Progressing' && c.reason === 'ProgressDeadlineExceeded')) {
    throw failure(`deployment ${JSON.stringify(metadata.name)} exceeded its progress deadline`)
  }
  const { wanted, updated, all, available } = rolloutCounts({ spec, status })
  const prefix = `Waiting for deployment ${JSON.stringify(metadata.name)} rollout to finish:`
  if (updated < wanted) return waiting(`${prefix} ${updated} out of ${wanted} new replicas have been updated...`)
  if (all > updated) return waiting(`${prefix} ${all - updated} old replicas are pending termination...`)
  if (available < updated) return waiting(`${prefix} ${available} of ${updated} updated replicas are available...`)
  return finished(`deployment ${JSON.stringify(metadata.name)} successfully rolled out`)
}

function daemonSet({ metadata, spec, status = {} }: any): RolloutStatus {
  if (spec.updateStrategy?.type !== 'RollingUpdate') throw failure('rollout status is only available for RollingUpdate strategy type')
  if (!current({ metadata, status })) return waiting('Waiting for daemon set spec update to be observed...')
  const { wanted, updated, available } = rolloutCounts({ status: { desiredNumberScheduled: 0, ...status } })
  const prefix = `Waiting for daemon set ${JSON.stringify(metadata.name)} rollout to finish:`
  if (updated < wanted) return waiting(`${prefix} ${updated} out of ${wanted} new pods have been updated...`)
  if (available < wanted) return waiting(`${prefix} ${available} of ${wanted} updated pods are available...`)
  return finished(`daemon set ${JSON.stringify(metadata.name)} successfully rolled out`)
}

function statefulSet({ metadata, spec, status = {} }: any): RolloutStatus {
  if (spec.updateStrategy?.type !== 'RollingUpdate') throw failure('rollout status is only available for RollingUpdate strategy type')
  if (!status.observedGeneration || !current({ metadata, status })) return waiting('Waiting for statefulset spec update to be observed...')
  const { readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0, updateRevision, currentRevision } = status, replicas = spec.replicas ?? 1
  const rolling = spec.updateStrategy.rollingUpdate
  if (readyReplicas < replicas) return waiting(`Waiting for ${replicas - readyReplicas} pods to be ready...`)
  if (rolling) {
    const partition = rolling.partition ?? 0
    if (updatedReplicas < replicas - partition) {
      return waiting(`Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${replicas - partition} new pods have been updated...`)
    }
    return finished(`partitioned roll out complete: ${updatedReplicas} new pods have been updated...`)
  }
  if (updateRevision !== currentRevision) {
    return waiting(`waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`)
  }
  return finished(`statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`)
}
