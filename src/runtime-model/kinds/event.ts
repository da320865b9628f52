import type { KindRules } from './kind-from-data.ts'
import { since, type Cell } from './meta/cells.ts'
import { invalid } from './meta/errors.ts'

/**
 * One store, two views: core/v1 Events are stored, events.k8s.io/v1 is another spelling of the same.
 * Source: pkg/apis/events/v1/conversion.go, printers.go (printEvent), pkg/apis/core/v1/conversion.go (field labels).
 */
const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
const cells = (e: any, nowMs: number): Cell[] => {
  const first = since(e.firstTimestamp || e.eventTime, nowMs)
  const last = e.series ? since(e.series.lastObservedTime, nowMs) : e.lastTimestamp ? since(e.lastTimestamp, nowMs) : first
  const { kind = '', name, fieldPath = '' } = e.involvedObject ?? {}, component = e.source?.component || e.reportingComponent || '', host = e.source?.component ? e.source.host : e.reportingInstance
  return [last, e.type ?? '', e.reason ?? '', name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(), fieldPath, host ? `${component}, ${host}` : component,
    (e.message ?? '').trim(), first, e.series ? e.series.count : e.count || 1, e.metadata.name]
}

export const event: KindRules = {
  resource: 'events',
  garbageCollection: 'unsupported',
  fieldSelectors: {
    ...Object.fromEntries(involved.map(f => [`involvedObject.${f}`, (e: any) => e.involvedObject?.[f] ?? ''])),
    reason: e => e.reason ?? '', reportingComponent: e => e.reportingComponent ?? '', source: e => e.source?.component || e.reportingComponent || '', type: e => e.type ?? '',
  },
  validate: e => {
    if (e.eventTime) return []
    const { namespace = '' } = e.involvedObject ?? {}, own = e.metadata.namespace
    return (namespace === '' ? own === 'default' : own === namespace) ? [] : [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')]
  },
  cells,
}

export const eventsV1: KindRules = {
  resource: 'events.events.k8s.io',
  garbageCollection: 'unsupported',
  fieldSelectors: {
    ...Object.fromEntries(involved.map(f => [`regarding.${f}`, (e: any) => e.regarding?.[f] ?? ''])),
    reason: e => e.reason ?? '', reportingController: e => e.reportingController ?? '', type: e => e.type ?? '',
  },
  storedAs: { resource: 'events', toStored, fromStored },
  cells: (e, nowMs) => cells(toStored(e), nowMs),
}

function toStored(e: any): any {
  const { regarding, note, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount, reportingController, ...rest } = e
  return { ...rest, apiVersion: 'v1', kind: 'Event', involvedObject: regarding ?? {}, ...note === undefined ? undefined : { message: note }, source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp ?? null, lastTimestamp: deprecatedLastTimestamp ?? null, ...deprecatedCount === undefined ? undefined : { count: deprecatedCount },
    reportingComponent: reportingController ?? '', reportingInstance: e.reportingInstance ?? '' }
}
function fromStored(e: any): any {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent, reportingInstance, ...rest } = e
  return { ...rest, apiVersion: 'events.k8s.io/v1', kind: 'Event', eventTime: e.eventTime ?? null, ...reportingComponent ? { reportingController: reportingComponent } : undefined,
    ...reportingInstance ? { reportingInstance } : undefined, regarding: involvedObject ?? {}, ...message === undefined ? undefined : { note: message }, deprecatedSource: source ?? {},
    deprecatedFirstTimestamp: firstTimestamp ?? null, deprecatedLastTimestamp: lastTimestamp ?? null, ...count === undefined ? undefined : { deprecatedCount: count } }
}
