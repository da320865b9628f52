import type { KindRules } from './kind-from-data.ts'
import { since, type Cell } from './meta/cells.ts'
import type { FieldError } from './kind.ts'
import { pathSegmentName, qualifiedName } from '../api/names.ts'
import { deepEqual, immutable, invalid, required } from './meta/errors.ts'
import { internalJson } from './meta/diff.ts'

/**
 * One store, two views: core/v1 Events are stored, events.k8s.io/v1 is another spelling of the same.
 * Source: pkg/apis/events/v1/conversion.go, printers.go (printEvent), pkg/apis/core/v1/conversion.go (field labels).
 */
const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
const cells = (e: any, nowMs: number): Cell[] => {
  const first = since(e.firstTimestamp || e.eventTime, nowMs)
  const last = e.series ? since(e.series.lastObservedTime, nowMs) : e.lastTimestamp ? since(e.lastTimestamp, nowMs) : first
  const { kind = '', name, fieldPath = '' } = e.involvedObject ?? {}, component = e.source?.component || e.reportingComponent || ''
  const host = e.source?.component ? e.source.host : e.reportingInstance
  return [
    last, e.type ?? '', e.reason ?? '', name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(), fieldPath, host ? `${component}, ${host}` : component,
    (e.message ?? '').trim(), first, e.series ? e.series.count : e.count || 1, e.metadata.name,
  ]
}

export const event: KindRules = {
  resource: 'events', metaOfUpdate: '',
  anyFinalizer: true,
  garbageCollection: 'unsupported',
  fieldSelectors: {
    ...Object.fromEntries(involved.map(f => [`involvedObject.${f}`, (e: any) => e.involvedObject?.[f] ?? ''])),
    reason: e => e.reason ?? '', reportingComponent: e => e.reportingComponent ?? '', source: e => e.source?.component || e.reportingComponent || '',
    type: e => e.type ?? '',
  },
  nameRule: pathSegmentName, metaOfCreate: 'unless own',
  validate: e => validateEvent(e, 'reportingComponent'),
  cells,
}

export const eventsV1: KindRules = {
  resource: 'events.events.k8s.io', metaOfCreate: 'after own',
  garbageCollection: 'unsupported',
  fieldSelectors: {
    ...Object.fromEntries(involved.map(f => [`regarding.${f}`, (e: any) => e.regarding?.[f] ?? ''])),
    reason: e => e.reason ?? '', reportingController: e => e.reportingController ?? '', type: e => e.type ?? '',
  },
  storedAs: { resource: 'events', toStored, fromStored },
  errorKind: { group: '', kind: 'Event' },
  validate: e => { const stored = toStored(e); return [...validateEvent(stored, 'reportingController'), ...validateNew(stored)] },
  validateUpdate: (e, old) => {
    const stored = toStored(e)
    return [
      ...validateEvent(stored, 'reportingController'), ...deepEqual(e.series, old.series)
        ? []
        : validateSeries(stored), ...validateFixed(stored, toStored(old)),
    ]
  },
  cells: (e, nowMs) => cells(toStored(e), nowMs),
}

/** Those with a time of the event say who reports and what was done. Source: pkg/apis/core/validation/events.go (legacyValidateEvent). */
function validateEvent(e: any, controllerField: string): FieldError[] {
  const { namespace = '' } = e.involvedObject ?? {}, own = e.metadata.namespace
  const elsewhere = invalid('involvedObject.namespace', namespace, 'does not match event.namespace')
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
/** All but the series stays as it was. Source: pkg/apis/core/validation/events.go (ValidateEventUpdate). */
function validateFixed(e: any, old: any): FieldError[] {
  const involved = (o: any): any => internalJson('core.v1.ObjectReference', o.involvedObject)
  const related = (o: any): any => o.related && internalJson('core.v1.ObjectReference', o.related)
  const source = (o: any): any => internalJson('core.v1.EventSource', o.source)
  return [
    ...immutable(involved(e), involved(old), 'involvedObject'), ...['reason', 'message'].flatMap(f => immutable(e[f] ?? '', old[f] ?? '', f)),
    ...immutable(source(e), source(old), 'source'),
    ...['firstTimestamp', 'lastTimestamp'].flatMap(f => immutable(e[f], old[f], f)), ...immutable(e.count ?? 0, old.count ?? 0, 'count'),
    ...immutable(e.type ?? '', old.type ?? '', 'type'),
    ...immutable(e.eventTime, old.eventTime, 'eventTime'), ...immutable(e.action ?? '', old.action ?? '', 'action'),
    ...immutable(related(e), related(old), 'related'),
    ...immutable(e.reportingComponent, old.reportingComponent, 'reportingController'),
    ...immutable(e.reportingInstance, old.reportingInstance, 'reportingInstance'),
  ]
}
const limits = [['reportingInstance', 128], ['action', 128], ['reason', 128], ['message', 1024]] as const
function validateSeries({ series }: any): FieldError[] {
  if (!series) return []
  return [
    ...series.count >= 2 ? [] : [invalid('series.count', '', 'should be at least 2')], ...series.lastObservedTime ? [] : [required('series.lastObservedTime')],
  ]
}
function validateNew(e: any): FieldError[] {
  const errors = validateSeries(e)
  if (!e.eventTime) errors.push(required('eventTime'))
  if (e.type !== 'Normal' && e.type !== 'Warning') errors.push(invalid('type', '', `has invalid value: ${e.type ?? ''}`))
  for (const field of ['firstTimestamp', 'lastTimestamp', 'count']) if (e[field]) errors.push(invalid(field, '', 'needs to be unset'))
  if (e.source?.component || e.source?.host) errors.push(invalid('source', '', 'needs to be unset'))
  return errors
}

/** Field by field, in the order of the API: half of all writes are Events. */
function toStored(e: any): any {
  const stored: any = { kind: 'Event', apiVersion: 'v1', metadata: e.metadata, involvedObject: e.regarding ?? {} }
  if (e.reason !== undefined) stored.reason = e.reason
  if (e.note !== undefined) stored.message = e.note
  stored.source = e.deprecatedSource ?? {}
  stored.firstTimestamp = e.deprecatedFirstTimestamp ?? null
  stored.lastTimestamp = e.deprecatedLastTimestamp ?? null
  if (e.deprecatedCount !== undefined) stored.count = e.deprecatedCount
  if (e.type !== undefined) stored.type = e.type
  stored.eventTime = e.eventTime ?? null
  if (e.series !== undefined) stored.series = e.series
  if (e.action !== undefined) stored.action = e.action
  if (e.related !== undefined) stored.related = e.related
  stored.reportingComponent = e.reportingController ?? ''
  stored.reportingInstance = e.reportingInstance ?? ''
  return stored
}
function fromStored(e: any): any {
  const shown: any = { kind: 'Event', apiVersion: 'events.k8s.io/v1', metadata: e.metadata, eventTime: e.eventTime ?? null }
  if (e.series !== undefined) shown.series = e.series
  if (e.reportingComponent) shown.reportingController = e.reportingComponent
  if (e.reportingInstance) shown.reportingInstance = e.reportingInstance
  if (e.action !== undefined) shown.action = e.action
  if (e.reason !== undefined) shown.reason = e.reason
  shown.regarding = e.involvedObject ?? {}
  if (e.related !== undefined) shown.related = e.related
  if (e.message !== undefined) shown.note = e.message
  if (e.type !== undefined) shown.type = e.type
  shown.deprecatedSource = e.source ?? {}
  shown.deprecatedFirstTimestamp = e.firstTimestamp ?? null
  shown.deprecatedLastTimestamp = e.lastTimestamp ?? null
  if (e.count !== undefined) shown.deprecatedCount = e.count
  return shown
}
