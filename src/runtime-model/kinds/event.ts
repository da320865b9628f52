import type { KindRules } from './kind-from-data.ts'
import { since, type Cell } from './meta/cells.ts'
import type { FieldError } from './kind.ts'
import { pathSegmentName, qualifiedName } from '../api/names.ts'
import { invalid, required } from './meta/errors.ts'

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
  nameRule: pathSegmentName,
  validate: e => validateEvent(e, 'reportingComponent'),
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
  errorKind: { group: '', kind: 'Event' },
  validate: e => { const stored = toStored(e); return [...validateEvent(stored, 'reportingController'), ...validateNew(stored)] },
  validateUpdate: e => validateEvent(toStored(e), 'reportingController'),
  cells: (e, nowMs) => cells(toStored(e), nowMs),
}

/** Those with a time of the event say who reports and what was done. Source: pkg/apis/core/validation/events.go (legacyValidateEvent). */
function validateEvent(e: any, controllerField: string): FieldError[] {
  const { namespace = '' } = e.involvedObject ?? {}, own = e.metadata.namespace, elsewhere = invalid('involvedObject.namespace', namespace, 'does not match event.namespace')
  if (!e.eventTime) return (namespace === '' ? own === 'default' : own === namespace) ? [] : [elsewhere]
  const errors: FieldError[] = namespace === '' && own !== 'default' && own !== 'kube-system' ? [elsewhere] : [], { reportingComponent: reporter = '' } = e
  if (reporter === '') errors.push(required(controllerField))
  for (const text of qualifiedName(reporter)) errors.push(invalid(controllerField, reporter, text))
  for (const [field, limit] of limits) {
    const value: string = e[field] ?? ''
    if (value === '' && field !== 'message') errors.push(required(field))
    if (value.length > limit) errors.push(invalid(field, '', `can have at most ${limit} characters`))
  }
  return errors
}
const limits = [['reportingInstance', 128], ['action', 128], ['reason', 128], ['message', 1024]] as const
function validateNew(e: any): FieldError[] {
  const errors: FieldError[] = []
  if (e.series && !(e.series.count >= 2)) errors.push(invalid('series.count', '', 'should be at least 2'))
  if (e.series && !e.series.lastObservedTime) errors.push(required('series.lastObservedTime'))
  if (!e.eventTime) errors.push(required('eventTime'))
  if (e.type !== 'Normal' && e.type !== 'Warning') errors.push(invalid('type', '', `has invalid value: ${e.type ?? ''}`))
  for (const field of ['firstTimestamp', 'lastTimestamp', 'count']) if (e[field]) errors.push(invalid(field, '', 'needs to be unset'))
  if (e.source?.component || e.source?.host) errors.push(invalid('source', '', 'needs to be unset'))
  return errors
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
