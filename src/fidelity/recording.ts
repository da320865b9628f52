import type { Driver } from '../drivers/driver.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import { clean, difference } from './difference.ts'

/** Kinds whose changes a recording keeps, by storage name. */
export const WATCHED: readonly string[] = [
  'pods', 'services', 'nodes', 'persistentvolumeclaims', 'persistentvolumes', 'resourcequotas', 'namespaces', 'serviceaccounts', 'configmaps', 'secrets',
  'replicasets.apps', 'deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch', 'cronjobs.batch',
  'endpointslices.discovery.k8s.io', 'poddisruptionbudgets.policy', 'horizontalpodautoscalers.autoscaling',
]
const EVENTS = ['events', 'events.events.k8s.io']

export interface RawChange { readonly at: number; readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: any }
export interface Restart { readonly tMs: number; readonly component: string }

/** Collects what watches on the API would have told since now. Times count from this moment. */
export interface Recording {
  readonly raw: readonly RawChange[]
  readonly restarts: readonly Restart[]
  /** what existed before, by uid */
  readonly before: ReadonlyMap<string, any>
  readonly startedAt: number
  stop(): void
}

export function record(driver: Driver, apiVersionOf: (kind: string, resource: string) => string): Recording {
  const startedAt = driver.now(), raw: RawChange[] = [], restarts: Restart[] = []
  const whole = (object: any, kind: string, resource: string): any => ({ kind, apiVersion: apiVersionOf(kind, resource), ...object })
  const before = new Map<string, any>()
  for (const resource of WATCHED) for (const object of driver.storedList(resource)) before.set(object.metadata.uid!, whole(object, object.kind, resource))
  const stop = driver.observe((o: Observation) => {
    if (o.type === 'object' && (WATCHED.includes(o.resource) || EVENTS.includes(o.resource))) {
      raw.push({ at: o.at - startedAt, type: o.change, object: whole(o.change === 'DELETED' ? o.old ?? o.new : o.new, o.kind, o.resource) })
    }
    if (o.type === 'component' && o.state === 'up' && causedByItself(driver, o)) {
      restarts.push({ tMs: o.at - startedAt, component: o.component === 'kubelet' ? o.node : o.component })
    }
  })
  return { raw, restarts, before, startedAt, stop }
}

/** Started again by its supervisor, not by a step of the scenario. */
function causedByItself(driver: Driver, observation: Observation): boolean {
  for (let o: Observation | undefined = observation, n = 0; o && n < 50; o = driver.observation(o.cause), n++) if (o.type === 'fault') return false
  return true
}

export interface Golden { readonly [key: string]: any }

/**
 * The timeline and the events as goldens tell them, not yet normalised. `used`: namespaces that the scenario uses; `ends`: whether it tells of the end of
 * objects.
 */
export function timelineOf(
  recording: Recording, used: ReadonlySet<string>, ends: boolean
): { readonly timeline: readonly any[]; readonly events: readonly any[] } {
  const all = new Set([...used, ...recording.raw.filter(r => r.object.kind === 'Namespace' && r.type === 'ADDED').map(r => r.object.metadata.name)])
  const timeline: any[] = [], events = new Map<string, any>(), known = new Map(recording.before)
  for (const { at, type, object } of recording.raw) {
    const { uid, namespace, name } = object.metadata
    if (object.kind === 'Event') {
      if (type !== 'DELETED' && (object.involvedObject?.kind === 'Node' || all.has(namespace))) {
        events.set(uid, { ...(events.get(uid) ?? { tMs: at }), ...eventOf(object) })
      }
      continue
    }
    const old = known.get(uid)
    if (type === 'DELETED') known.delete(uid)
    else known.set(uid, object)
    if (type === 'DELETED' && !ends) continue
    if (namespace ? !all.has(namespace) : object.kind === 'Namespace' && !all.has(name)) continue
    const entry = { tMs: at, type, kind: object.kind, ...(namespace ? { namespace } : {}), name }
    if (type === 'ADDED' || !old) { timeline.push({ ...entry, object: clean(object) }); continue }
    const changed = difference(clean(old), clean(object))
    if (type !== 'MODIFIED' || Object.keys(changed).length) timeline.push({ ...entry, changed })
  }
  return { timeline, events: [...events.values()] }
}

const eventOf = (o: any): object => ({
  count: o.series?.count ?? o.count ?? 1, type: o.type, reason: o.reason, component: o.source?.component || o.reportingComponent,
  namespace: o.metadata.namespace, regarding: `${o.involvedObject?.kind}/${o.involvedObject?.name}`, message: o.message,
})
