import type { Driver } from '../../drivers/driver.ts'
import type { KubeObject } from '../../runtime-model/api/request.ts'
import { mapSelects } from '../../runtime-model/api/selectors.ts'
import { registry, storageName } from '../../runtime-model/kinds/index.ts'

/** Who is meant by `of deployment catalog`. `uid`: this very object (a binding); absent: whichever has the name. */
export interface Owner {
  readonly kind: string
  readonly group: string
  readonly resource: string
  readonly namespace?: string
  readonly name: string
  readonly uid?: string
}

/** chains are short: a pod of a Job of a CronJob; more is a loop that somebody wrote */
const longestChain = 5
const gone = new WeakMap<Driver, Map<string, KubeObject | null>>()

/**
 * Does the object belong to the owner, through the chain of controller references (Pod, ReplicaSet, Deployment)? A Service owns the
 * pods that it selects (and its EndpointSlices, by their reference), a node those bound to it, and a pod has its node. An owner in the chain that is deleted
 * already is looked up in the history.
 */
export function belongsTo(object: any, owner: Owner, driver: Driver): boolean {
  if (owner.resource === 'nodes') return object.spec?.nodeName === owner.name
  if (owner.resource === 'pods' && object.metadata.namespace === undefined) {
    return object.metadata.name === driver.stored('pods', owner.namespace ?? '', owner.name)?.spec?.nodeName
  }
  if (owner.namespace !== undefined && object.metadata.namespace !== owner.namespace) return false
  if (owner.resource === 'services' && object.spec !== undefined) {
    return mapSelects(driver.stored('services', owner.namespace ?? '', owner.name)?.spec?.selector, object.metadata.labels)
  }
  return ownersOf(object, driver).some(o => o.kind === owner.kind && o.name === owner.name && (owner.uid === undefined || o.uid === owner.uid))
}

/** Every owner up the chain, nearest first. */
export function ownersOf(object: any, driver: Driver): { readonly kind: string; readonly name: string; readonly uid: string }[] {
  const found: { kind: string; name: string; uid: string }[] = []
  let at: any = object
  for (let depth = 0; at && depth < longestChain; depth++) {
    const references: readonly any[] = at.metadata?.ownerReferences ?? []
    found.push(...references)
    const up = references.find(r => r.controller) ?? references[0]
    at = up && ownerObject(up, at.metadata.namespace ?? '', driver)
  }
  return found
}

function ownerObject(reference: any, namespace: string, driver: Driver): any {
  const group = reference.apiVersion?.includes('/') ? reference.apiVersion.split('/')[0] : ''
  const kind = registry.byGroupKind(group, reference.kind)
  if (!kind) return undefined
  const resource = storageName(kind.group, kind.resource)
  const stored = driver.stored(resource, kind.namespaced ? namespace : '', reference.name)
  return stored?.metadata.uid === reference.uid ? stored : deletedObject(resource, reference.uid, driver)
}

function deletedObject(resource: string, uid: string, driver: Driver): any {
  let known = gone.get(driver)
  if (!known) gone.set(driver, (known = new Map()))
  const before = known.get(uid)
  if (before !== undefined) return before ?? undefined
  let found: any = null
  for (const o of driver.history()) if (o.type === 'object' && o.resource === resource && o.change === 'DELETED' && o.old?.metadata?.uid === uid) found = o.old
  if (found) known.set(uid, found)
  return found ?? undefined
}
