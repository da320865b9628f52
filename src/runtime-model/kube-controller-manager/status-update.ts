import type { ApiRequest, ApiResponse, KubeObject } from '../api/request.ts'
import { get, update } from '../network/client.ts'
import type { Identity, Target } from '../network/client.ts'
import { errorText, isOk } from './script.ts'
import type { Script } from './script.ts'

/** PUT of /status. A refusal ends the reconcile. */
export function updateStatus(io: Script, identity: Identity, resource: string, object: KubeObject, status: any): ApiResponse {
  return io.ask(() => statusUpdate(identity, resource, object, status))
}
export const statusUpdate = (identity: Identity, resource: string, object: KubeObject, status: any): ApiRequest =>
  update(identity, { ...targetOf(resource, object), subresource: 'status' }, { ...object, status })

/** As above; after a refusal reads the object anew and tries once more. Source: pkg/controller/replicaset/replica_set_utils.go (updateReplicaSetStatus) */
export function updateStatusTwice(io: Script, identity: Identity, resource: string, object: KubeObject, status: any): KubeObject {
  const target = targetOf(resource, object), put = (o: KubeObject) => update(identity, { ...target, subresource: 'status' }, { ...o, status })
  const first = io.ask(() => put(object), 'any')
  if (isOk(first)) return first.body
  const fresh = io.ask(() => get(identity, target), 'any')
  if (!isOk(fresh)) io.fail(errorText(fresh))
  return io.ask(() => put(fresh.body)).body
}

export const targetOf = (resource: string, { metadata: { namespace, name } }: KubeObject): Target => ({ resource, namespace, name })
