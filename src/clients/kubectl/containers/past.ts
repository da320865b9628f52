import type { Driver } from '../../../drivers/driver.ts'

/** When the container that runs now started, as the stream told it; -1: before the scenario began. */
export function startOf(driver: Driver, uid: string, container: string): number {
  let at = -1
  for (const o of driver.history()) if (o.type === 'container' && o.uid === uid && o.container === container && o.state === 'running') at = o.at
  return at
}

/**
 * The objects of a resource as they were stored at a moment, by name: those of now, with what has changed since taken back. What a container was given when
 * it started does not follow its objects.
 */
export function storedAt(driver: Driver, resource: string, namespace: string, atMs: number): ReadonlyMap<string, any> {
  const objects = new Map<string, any>(driver.storedList(resource, namespace).map(o => [o.metadata.name, o]))
  const since: { readonly name: string; readonly old: any }[] = []
  for (const o of driver.history()) {
    if (o.type === 'object' && o.at > atMs && o.resource === resource && o.namespace === namespace) {
      since.push({ name: o.name, old: o.change === 'ADDED' ? undefined : o.old })
    }
  }
  for (const { name, old } of since.reverse()) if (old === undefined) objects.delete(name); else objects.set(name, old)
  return objects
}
