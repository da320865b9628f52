import type { KubeObject } from '../../api/request.ts'
import { create, remove, update } from '../../network/client.ts'
import { errorText, isOk } from '../script.ts'
import { targetOf } from '../status-update.ts'
import { claimsMatchPolicy, createClaims, ownClaims } from './claims.ts'
import { identityMatches, mended, storageMatches } from './identity.ts'
import type { Pass } from './pass.ts'
import { podEvent } from './pod-event.ts'

/** Creates, mends and deletes single pods, and tells of it; each answers what went wrong. Source: stateful_pod_control.go */
export function createPod(pass: Pass, pod: KubeObject): string | undefined {
  const { io, view, set } = pass, claimError = createClaims(pass, pod)
  if (claimError !== undefined) { podEvent(pass, 'Create', pod, claimError); return claimError }
  const answer = io.ask(() => create(view.identity, { resource: 'pods', namespace: set.metadata.namespace }, pod), 'any')
  const error = isOk(answer) ? undefined : errorText(answer)
  if (answer.body?.reason === 'AlreadyExists') return error
  const ownError = ownClaims(pass, pod)
  if (ownError !== undefined) { podEvent(pass, 'Update', pod, ownError); return ownError }
  podEvent(pass, 'Create', pod, error)
  return error
}

export function deletePod(pass: Pass, pod: KubeObject): string | undefined {
  const answer = pass.io.ask(() => remove(pass.view.identity, targetOf('pods', pod)), 'any'), error = isOk(answer) ? undefined : errorText(answer)
  podEvent(pass, 'Delete', pod, error)
  return error
}

/** tries at once where upstream waits 10, 50 and 250 ms between them (retry.DefaultBackoff) */
const triesOfConflict = 4
/** Labels, volumes and the ownership of claims put right; after a conflict on the pod as the cache has it by then. */
export function updatePod(pass: Pass, stale: KubeObject): string | undefined {
  const { io, view, set } = pass, { namespace, name } = stale.metadata
  const told = (error: string | undefined): string | undefined => { podEvent(pass, 'Update', stale, error); return error }
  let pod = stale, error: string | undefined
  for (let tries = 0; tries < triesOfConflict; tries++) {
    if (!storageMatches(set, pod)) { const failed = createClaims(pass, pod); if (failed !== undefined) return told(failed) }
    if (!claimsMatchPolicy(pass, pod)) { const failed = ownClaims(pass, pod); if (failed !== undefined) return told(failed) }
    else if (identityMatches(set, pod) && storageMatches(set, pod)) return tries > 0 ? told(undefined) : undefined
    const answer = io.ask(() => update(view.identity, targetOf('pods', pod), mended(set, pod)), 'any')
    error = isOk(answer) ? undefined : errorText(answer)
    if (answer.code !== 409) break
    pod = io.look(() => view.get('pods', namespace, name)) ?? pod
  }
  return told(error)
}
