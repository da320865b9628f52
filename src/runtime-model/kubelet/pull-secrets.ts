import { get } from '../network/client.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/**
 * Secrets for pulling images. Registries of the model ask nobody who he is; a Secret that is not there is told with every sync, and the pull tried all the
 * same.
 * Source: pkg/kubelet/kubelet_pods.go (getPullSecretsForPod)
 */
export const pullSecretsOf = (pod: any): readonly string[] => {
  const list: readonly any[] | undefined = pod.spec.imagePullSecrets
  return list === undefined ? NONE : [...new Set(list.map(s => s.name as string).filter(Boolean))]
}
const NONE: readonly string[] = Object.freeze([])
const keyOf = (name: string): string => `secrets/${name}`

export function readPullSecrets(session: Session, worker: Worker): void {
  for (const name of pullSecretsOf(worker.pod)) {
    session.api(get(session.identity, { resource: 'secrets', namespace: worker.pod.metadata.namespace, name }), {
      for: 'object', uid: worker.uid, key: keyOf(name),
    })
  }
}
/** Says which are missing, as of the last answer, and asks again for the next sync. */
export function checkPullSecrets(session: Session, worker: Worker): void {
  const names = pullSecretsOf(worker.pod)
  if (names.length === 0) return
  const missing = names.filter(name => worker.objects[keyOf(name)] === false)
  if (missing.length > 0) {
    session.podEvent(
      worker, 'Warning', 'FailedToRetrieveImagePullSecret',
      `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`
    )
  }
  readPullSecrets(session, worker)
}
