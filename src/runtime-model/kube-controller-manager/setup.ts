import { invariant } from '../../base/invariant.ts'
import { registry } from '../kinds/index.ts'
import type { Identity } from '../network/client.ts'
import type { Watched } from '../network/informer.ts'
import type { Controller, ControllerWatch, Index } from './controller.ts'
import { identityOf } from './controller.ts'
import type { RateLimit } from './rate-limit.ts'

/** What follows from the list of controllers alone: who watches what, under which names. Code, not state. */
export interface Setup {
  readonly controllers: readonly Controller[]
  readonly byName: ReadonlyMap<string, Controller>
  readonly identities: ReadonlyMap<string, Identity>
  /** one informer per resource, shared */
  readonly watched: readonly Watched[]
  /** what only controllers watch that sleep at first, and these */
  readonly later: readonly Watched[]
  readonly sleepers: readonly Controller[]
  readonly indexes: readonly Index[]
  readonly indexesOf: ReadonlyMap<string, readonly Index[]>
  readonly handlersOf: ReadonlyMap<string, readonly { readonly controller: Controller; readonly watch: ControllerWatch }[]>
  /** controllers that care for custom resources */
  readonly custom: readonly Controller[]
  /** user → its rate, where it is not the usual one */
  readonly limits: Readonly<Record<string, RateLimit>>
}

export const sleeps = (controller: Controller): boolean => controller.wokenBy !== undefined || controller.stirredBy !== undefined

export function setUp(given: readonly Controller[]): Setup {
  const controllers = given.map(inOneShape), resources = new Set<string>(), sleepers = controllers.filter(sleeps)
  const eager = new Set(controllers.flatMap(c => sleeps(c) ? [] : c.watches.map(w => w.resource))), indexes = new Map<string, Index>()
  const handlers = new Map<string, { controller: Controller; watch: ControllerWatch }[]>()
  for (const controller of controllers) {
    for (const watch of controller.watches) {
      resources.add(watch.resource)
      handlers.set(watch.resource, [...handlers.get(watch.resource) ?? [], { controller, watch }])
    }
    for (const index of controller.indexes ?? []) {
      invariant((indexes.get(index.name) ?? index) === index, `two indexes called ${index.name}`)
      indexes.set(index.name, index)
    }
  }
  for (const index of indexes.values()) invariant(resources.has(index.resource), `nobody watches ${index.resource}, which index ${index.name} needs`)
  const identities = new Map(controllers.map(c => [c.name, identityOf(c)]))
  const watched = [...resources].map((resource): Watched => ({ key: resource, resource, version: registry.byResource(resource)?.version }))
  const besides = sleepers.flatMap(c => c.stirredBy ?? []), first = watched.findIndex(w => eager.has(w.resource))
  // one of the watches that it has anyway tells of these
  if (besides.length > 0) watched[first] = { ...watched[first], besides }
  return {
    controllers, identities, byName: new Map(controllers.map(c => [c.name, c])), watched: watched.filter(w => eager.has(w.resource)),
    later: watched.filter(w => !eager.has(w.resource)), sleepers,
    indexes: [...indexes.values()], indexesOf: groupBy([...indexes.values()], index => index.resource), handlersOf: handlers,
    custom: controllers.filter(c => c.custom),
    limits: Object.fromEntries(controllers.flatMap(c => c.qps ? [[identities.get(c.name)!.credentials.user, c.qps]] : [])),
  }
}

/** Whatever it leaves out, a controller has all fields: the manager, which reads them at every turn, meets one shape. */
function inOneShape(controller: Controller): Controller {
  const { name, serviceAccount, asProcess, eventSource, watches, wokenBy, stirredBy, indexes, custom, initialMemory, onStart, heartbeats } = controller
  const { reconcile, workers, retries, qps, source } = controller
  return {
    name, serviceAccount, asProcess, eventSource, watches, wokenBy, stirredBy, indexes, custom, initialMemory, onStart, heartbeats,
    reconcile, workers, retries, qps, source,
  } satisfies Record<keyof Controller, unknown>
}

function groupBy<T>(list: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of list) groups.set(key(item), [...groups.get(key(item)) ?? [], item])
  return groups
}
