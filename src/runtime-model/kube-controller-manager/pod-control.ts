import type { KubeObject } from '../api/request.ts'
import { create, remove } from '../network/client.ts'
import type { Identity } from '../network/client.ts'
import { errorText, isNamespaceTerminating, isOk } from './script.ts'
import type { Script } from './script.ts'

/** Pods created before the first one failed, and what it said. */
export interface Created { readonly count: number; readonly error?: string }

/**
 * Creates `bodies` in batches of 1, 2, 4 …; after a batch with a failure no further one is begun. A namespace that is being deleted is no
 * failure (and no Event). Source: slowStartBatch and RealPodControl in pkg/controller/{replicaset/replica_set,controller_utils}.go
 */
export function createPods(io: Script, identity: Identity, owner: KubeObject, count: number, body: (i: number) => any): Created {
  const { namespace } = owner.metadata
  let created = 0, begun = 0, error: string | undefined
  for (let batch = 1; begun < count && error === undefined; batch *= 2) {
    for (const end = Math.min(count, begun + batch); begun < end; begun++) {
      const i = begun, answer = io.ask(() => create(identity, { resource: 'pods', namespace }, body(i)), 'any')
      if (isOk(answer)) {
        io.do({ do: 'event', event: { regarding: owner, type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${answer.body.metadata.name}` } })
      }
      if (isOk(answer) || isNamespaceTerminating(answer)) { created++; continue }
      io.do({ do: 'event', event: { regarding: owner, type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${errorText(answer)}` } })
      error ??= errorText(answer)
    }
  }
  return { count: created, error }
}

/** Deletes one pod; answers what went wrong, undefined when it is on its way or gone. `gone`: what to do when it will never be seen going. */
export function deletePod(io: Script, identity: Identity, owner: KubeObject, pod: KubeObject, notSeen: () => void): string | undefined {
  const { namespace, name } = pod.metadata, answer = io.ask(() => remove(identity, { resource: 'pods', namespace, name }), 'any')
  if (isOk(answer)) {
    io.do({ do: 'event', event: { regarding: owner, type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` } })
    return undefined
  }
  notSeen()
  if (answer.code === 404) return undefined
  io.do({ do: 'event', event: { regarding: owner, type: 'Warning', reason: 'FailedDelete', message: `Error deleting: ${errorText(answer)}` } })
  return `unable to delete pods: ${errorText(answer)}`
}
