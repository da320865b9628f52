import type { ApiRequest, ApiResponse, KubeObject } from '../api/request.ts'
import { create, remove } from '../network/client.ts'
import type { Identity } from '../network/client.ts'
import { errorText, isNamespaceTerminating, isOk } from './script.ts'
import type { Script } from './script.ts'

/** Pods created before the first one failed, and what it said. */
export interface Created { readonly count: number; readonly error?: string }

/**
 * Creates `count` pods in batches of 1, 2, 4 …, those of a batch together; after a batch with a failure no further one is begun. A namespace that is being
 * deleted is no failure (and no Event). Source: slowStartBatch and RealPodControl in pkg/controller/{replicaset/replica_set,controller_utils}.go
 */
export function createPods(io: Script, identity: Identity, owner: KubeObject, count: number, body: (i: number) => any): Created {
  const { namespace } = owner.metadata
  let created = 0, begun = 0, error: string | undefined
  for (let batch = 1; begun < count && error === undefined; batch *= 2) {
    const first = begun, size = Math.min(count - begun, batch)
    begun += size
    const answers = io.askAll(() => Array.from({ length: size }, (_, i) => create(identity, { resource: 'pods', namespace }, body(first + i))), size)
    for (const answer of answers) {
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

/** Deletes pods together; answers what went wrong with each that stays. `notSeen`: what to do when one will never be seen going. */
export function deletePods(
  io: Script, identity: Identity, owner: KubeObject, pods: readonly KubeObject[], notSeen: (pod: KubeObject) => void
): readonly (string | undefined)[] {
  const answers = io.askAll(() => pods.map(pod => deletion(identity, pod)), pods.length)
  return pods.map((pod, i) => deleted(io, owner, pod, answers[i], () => notSeen(pod)))
}
const deletion = (identity: Identity, { metadata: { namespace, name } }: KubeObject): ApiRequest => remove(identity, { resource: 'pods', namespace, name })
function deleted(io: Script, owner: KubeObject, { metadata: { name } }: KubeObject, answer: ApiResponse, notSeen: () => void): string | undefined {
  if (isOk(answer)) {
    io.do({ do: 'event', event: { regarding: owner, type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` } })
    return undefined
  }
  notSeen()
  if (answer.code === 404) return undefined
  io.do({ do: 'event', event: { regarding: owner, type: 'Warning', reason: 'FailedDelete', message: `Error deleting: ${errorText(answer)}` } })
  return `unable to delete pods: ${errorText(answer)}`
}
