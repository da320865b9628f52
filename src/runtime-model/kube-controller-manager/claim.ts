import type { KubeObject } from '../api/request.ts'
import { get, patch } from '../network/client.ts'
import type { Identity } from '../network/client.ts'
import { controllerOf } from './controller.ts'
import { controllerReference } from './pods.ts'
import type { Script } from './script.ts'

/** Who claims what: `resource` and `ownerResource` are storage names. */
export interface Claim {
  readonly owner: KubeObject
  readonly ownerResource: string
  readonly resource: string
  readonly matches: (object: KubeObject) => boolean
  readonly identity: Identity
  /** finalizers that an adopted object gets, too: those of Jobs */
  readonly finalizers?: readonly string[]
}

/**
 * Objects that belong to the owner: its own that match; those that match and belong to nobody are adopted, those that have
 * ceased to match released. An owner that is being deleted does neither. Source: pkg/controller/controller_ref_manager.go
 */
export function claimObjects(io: Script, claim: Claim, objects: readonly KubeObject[]): KubeObject[] {
  const { owner, matches } = claim, deleting = owner.metadata.deletionTimestamp !== undefined
  let mayAdopt = false
  return objects.filter(object => {
    const controller = controllerOf(object)
    if (controller) {
      if (controller.uid !== owner.metadata.uid) return false
      if (matches(object)) return true
      if (!deleting) release(io, claim, object)
      return false
    }
    if (deleting || object.metadata.deletionTimestamp !== undefined || !matches(object)) return false
    mayAdopt ||= checkOwner(io, claim)
    return adopt(io, claim, object)
  })
}

/** A last look at the owner itself, not at the cache: an object that is being deleted must not adopt. */
function checkOwner(io: Script, { owner, ownerResource, identity }: Claim): boolean {
  const { namespace, name, uid } = owner.metadata, fresh = io.ask(() => get(identity, { resource: ownerResource, namespace, name })).body
  if (fresh.metadata.uid !== uid) io.fail(`original ${owner.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`)
  if (fresh.metadata.deletionTimestamp) io.fail(`${namespace}/${name} has just been deleted at ${fresh.metadata.deletionTimestamp}`)
  return true
}

function adopt(io: Script, { owner, resource, identity, finalizers }: Claim, object: KubeObject): boolean {
  const { namespace, name, uid } = object.metadata
  const body = { metadata: { ownerReferences: [controllerReference(owner)], uid, ...finalizers ? { finalizers } : undefined } }
  return io.ask(() => patch(identity, { resource, namespace, name }, 'application/strategic-merge-patch+json', body), [404]).code !== 404
}

function release(io: Script, { owner, resource, identity, finalizers }: Claim, object: KubeObject): void {
  const { namespace, name, uid } = object.metadata
  const body = {
    metadata: {
      uid, ownerReferences: [{ $patch: 'delete', uid: owner.metadata.uid }], ...finalizers ? { '$deleteFromPrimitiveList/finalizers': finalizers } : undefined,
    },
  }
  io.ask(() => patch(identity, { resource, namespace, name }, 'application/strategic-merge-patch+json', body), [404, 422])
}
