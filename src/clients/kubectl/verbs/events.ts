import { parseTime } from '../../../runtime-model/api/time.ts'
import { humanDuration } from '../../../runtime-model/kinds/meta/duration.ts'
import { NotModelled } from '../../errors.ts'
import { bare, failure } from '../errors.ts'
import { bool, inert, int, list, situational, text } from '../flags.ts'
import { apiVersionOf, findKind, kindOf } from '../kinds.ts'
import { printerOf } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { alignTabs, TABLE } from '../tab-writer.ts'
import { output, type Verb } from '../verb.ts'

/** What happened, in order of time. Source: kubectl pkg/cmd/events/{events,event_printer}.go. */
export const events: Verb = {
  flags: { ...output, 'all-namespaces': bool('A'), 'chunk-size': inert(int('500')), for: text(), 'no-headers': situational(bool()), types: list(), watch: bool('w') },
  async run(session, flags) {
    if (flags.on('watch')) throw new NotModelled('kubectl events --watch: it never ends')
    const everywhere = flags.on('all-namespaces'), kind = kindOf('events'), types = flags.list('types').map(t => t.toLowerCase())
    if (types.some(t => t !== 'normal' && t !== 'warning')) throw failure('valid --types are Normal or Warning')
    const printer = printerOf(flags)
    const found = (await session.list(kind, {
      namespace: everywhere ? '' : session.namespace, ...flags.given('for') ? { fieldSelector: aboutOnly(flags.text('for'), session) } : {},
    })).filter(e =>
      types.length === 0 || types.includes(String(e.type).toLowerCase()))
    const timeOf = (e: any): number => parseTime(e.series?.lastObservedTime ?? e.lastTimestamp ?? e.eventTime ?? e.metadata.creationTimestamp)
    const sorted = [...found].sort((a, b) => timeOf(a) - timeOf(b))
    if (sorted.length === 0) { session.complain(everywhere ? 'No events found.' : `No events found in ${session.namespace} namespace.`); return }
    // the name of a list of events is none
    if (flags.text('output') === 'name') return
    if (printer) return printer(session, sorted.map(object => ({ kind, object })), false)
    const since = (time: string | null | undefined): string => time ? humanDuration(session.calendarMs - parseTime(time)) : '<unknown>'
    const interval = (e: any): string => {
      const first = since(e.eventTime ?? e.firstTimestamp)
      return e.series ? `${since(e.series.lastObservedTime)} (x${e.series.count} over ${first})`
        : e.count > 1 ? `${since(e.lastTimestamp)} (x${e.count} over ${first})`
        : first
    }
    const rows = [
      ...flags.on('no-headers') ? [] : [[...everywhere ? ['NAMESPACE'] : [], 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']],
      ...sorted.map(e => [
        ...everywhere ? [e.metadata.namespace] : [], interval(e), e.type, e.reason, `${e.involvedObject.kind}/${e.involvedObject.name}`,
        String(e.message ?? '').trim(),
      ]),
    ]
    session.stdout += alignTabs(rows.map(r => `${r.join('\t')}\n`).join(''), TABLE)
  },
}
function aboutOnly(target: string, { kinds }: Session): string {
  const [type, name] = target.split('/')
  if (!name) throw failure(`--for must be in resource/name form`)
  const kind = findKind(type, kinds)
  // other commands tell it as a mistake
  if (!kind) throw bare(`the server doesn't have a resource type ${JSON.stringify(type)}`)
  return `involvedObject.kind=${kind.kind},involvedObject.apiVersion=${apiVersionOf(kind)},involvedObject.name=${name}`
}
