import type { KubeObject } from '../../api/request.ts'
import type { Pass } from './pass.ts'

/** What the set tells of a change of one of its pods. Source: stateful_pod_control.go (recordPodEvent) */
export function podEvent({ io, set }: Pass, verb: 'Create' | 'Update' | 'Delete', pod: KubeObject, error: string | undefined): void {
  const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
  io.do({
    do: 'event',
    event: error === undefined
      ? { regarding: set, type: 'Normal', reason: `Successful${verb}`, message: `${what} successful` }
      : { regarding: set, type: 'Warning', reason: `Failed${verb}`, message: `${what} failed error: ${error}` },
  })
}
