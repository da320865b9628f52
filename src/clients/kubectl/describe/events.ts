import { parseTime } from '../../../runtime-model/api/time.ts'
import { humanDuration } from '../../../runtime-model/kinds/meta/duration.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { kindOf } from '../kinds.ts'
import { orForbidden, type Page } from './page.ts'

/** Events about an object, newest last. Sources: describe.go (DescribeEvents, searchEvents), client-go corev1 GetFieldSelector. */
export async function eventsOf(page: Page, kind: KindDefinition, object: any, uid: string | undefined = object.metadata.uid): Promise<any[]> {
  if (!page.showsEvents) return []
  const { name, namespace = '' } = object.metadata
  const terms = [
    ['involvedObject.name', name], ['involvedObject.namespace', namespace], ...kind.kind === 'Pod' ? [] : [['involvedObject.kind', kind.kind]],
    ['involvedObject.uid', uid],
  ]
  return orForbidden(page.session.list(kindOf('events'), { namespace, fieldSelector: terms.map(t => t.join('=')).join(',') }), () => [])
}
export async function describeEvents(page: Page, kind: KindDefinition, object: any): Promise<void> { writeEvents(page, await eventsOf(page, kind, object)) }

/** Events of events.k8s.io have no lastTimestamp and come first. Source: kubectl pkg/util/event/sorted_event_list.go. */
const lastOf = (event: any): number => event.lastTimestamp ? parseTime(event.lastTimestamp) : 0
export function writeEvents(page: Page, events: readonly any[]): void {
  if (!page.showsEvents) return
  if (events.length === 0) { page.line(0, 'Events:', '<none>'); return }
  page.flush()
  const since = (time: string | null | undefined): string => time ? humanDuration(page.session.calendarMs - parseTime(time)) : '<unknown>'
  page.line(0, 'Events:')
  page.line(1, 'Type', 'Reason', 'Age', 'From', 'Message')
  page.line(1, '----', '------', '----', '----', '-------')
  for (const e of [...events].sort((a, b) => lastOf(a) - lastOf(b))) {
    const first = since(e.eventTime ?? e.firstTimestamp)
    const interval = e.series ? `${since(e.series.lastObservedTime)} (x${e.series.count} over ${first})`
      : (e.count ?? 1) > 1 ? `${since(e.lastTimestamp)} (x${e.count} over ${first})`
      : first
    const message = e.involvedObject?.fieldPath ? `${e.involvedObject.fieldPath}: ${String(e.message ?? '').trim()}` : String(e.message ?? '').trim()
    page.line(1, e.type, e.reason, interval, e.source?.component || e.reportingComponent || '', message)
  }
}
