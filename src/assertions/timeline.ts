import type { Driver } from '../drivers/driver.ts'
import type { ResolvedSubject } from '../extension.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import { actorName, narrate } from './narrate.ts'
import type { TimelineEntry } from './verdict.ts'

const shown = 10

/**
 * From when on, to when, and with whom besides the subjects: of the first moment only what has an id from `fromId` on. Steps, faults and components are told
 * from the beginning.
 */
export interface Stretch { readonly from: number; readonly fromId: number; readonly to: number; readonly also?: string }
type Entry = { -readonly [K in keyof TimelineEntry]: TimelineEntry[K] }

/** The moments that matter of a stretch of time: faults and steps, components, and what happened to the subjects; repeats folded. `whole`: all of them. */
export function timelineOf(
  driver: Driver, subjects: readonly ResolvedSubject[], { from, fromId, to, also }: Stretch, whole = false
): { readonly timeline?: readonly TimelineEntry[]; readonly more?: number } {
  const names = new Set(subjects.flatMap(s => s.ref ? [s.ref.name] : [])), nodes = new Set(subjects.flatMap(s => s.object?.spec?.nodeName ?? []))
  if (also !== undefined) names.add(also)
  const told = [...driver.history()].filter(o => o.at <= to && (isStage(o) || o.at > from || (o.at === from && o.id >= fromId)) && matters(o, names, nodes))
  const machines = new Set(told.flatMap(o => o.type === 'nodePower' ? [`${o.node}@${o.at}`] : [])), reported = reportedBy(told, driver)
  const entries: Entry[] = [], latest = new Map<string, Entry>()
  for (const o of told) {
    // a step and the fault that it is are one, a machine and its processes, what a kubelet sees and what it reports
    if ((o.type === 'fault' && isStep(driver.observation(o.cause))) || (o.type === 'component' && machines.has(`${o.actor.split('/')[1]}@${o.at}`))
      || reported.has(o.id)) {
      continue
    }
    const text = narrate(o, driver.epochMs), last = entries.at(-1)
    if (text === undefined || together(last, o) || (last?.atMs === o.at && says(last.text, text))) continue
    const before = latest.get(text)
    if (before?.atMs === o.at) continue
    if (before) { before.count = (before.count ?? 1) + 1; before.untilMs = o.at; continue }
    const entry = { atMs: o.at, text }
    entries.push(entry); latest.set(text, entry)
  }
  if (entries.length === 0) return {}
  const kept = whole || entries.length <= shown ? entries : [...entries.slice(0, 3), ...entries.slice(3 - shown)]
  return { timeline: kept, ...(entries.length > kept.length ? { more: entries.length - kept.length } : {}) }
}

/** Observations of a kubelet that a change of the stored object tells as well. */
function reportedBy(told: readonly Observation[], driver: Driver): ReadonlySet<number> {
  const found = new Set<number>()
  for (const o of told) {
    if (o.type !== 'object' || o.resource !== 'pods') continue
    let up = driver.observation(o.cause)
    for (let n = 0; up && n < 8; n++) { if (up.type === 'podStatus') { found.add(up.id); break } up = up.cause > 0 ? driver.observation(up.cause) : undefined }
  }
  return found
}

/** `kube-scheduler goes down` says already that it is down. */
function says(step: string, state: string): boolean {
  const [, who] = /^(.*) is (?:down|hung|up)$/.exec(state) ?? []
  return who !== undefined && step.replace(/^(the |etcd member )/, '').startsWith(`${who} `)
}

/** Processes that change together are one entry: `down: etcd-1, kube-apiserver, …`. */
function together(last: Entry | undefined, o: Observation): boolean {
  if (o.type !== 'component' || last?.atMs !== o.at) return false
  const alone = / is (\w+)$/.exec(last.text)
  if (alone?.[1] !== o.state && !last.text.startsWith(`${o.state}: `)) return false
  last.text = `${alone?.[1] === o.state ? `${o.state}: ${last.text.slice(0, alone.index)}` : last.text}, ${actorName(o.actor)}`
  return true
}
/** What the scenario did and which processes and machines ran belongs to every story. */
const isStage = (o: Observation): boolean => o.type === 'fault' || o.type === 'component' || o.type === 'nodePower' || isStep(o)
const isStep = (o: Observation | undefined): boolean => o?.type === 'note' && o.actor === 'scenario'

/** Events that say what the object's own changes say. */
const echoed = new Set(['Scheduled', 'FailedScheduling', 'Pulling', 'Pulled', 'Created', 'Started', 'BackOff', 'SuccessfulCreate', 'SuccessfulDelete'])
const isEcho = (event: any): boolean => echoed.has(event?.reason) || (event?.reason === 'Failed' && /^Error: /.test(event.message ?? ''))

function matters(o: Observation, names: ReadonlySet<string>, nodes: ReadonlySet<string>): boolean {
  switch (o.type) {
    case 'fault': case 'nodePower': return true
    case 'note': return o.actor === 'scenario'
    case 'component': return o.state !== 'follower'
    case 'answer': return o.actor.startsWith('kubectl') && o.code >= 400
    case 'container': case 'podStatus': case 'probe': return names.has(o.pod)
    case 'schedule': return o.phase === 'unschedulable' && names.has(o.pod)
    case 'object':
      return o.resource === 'events'
        ? names.has(o.new?.involvedObject?.name) && !isEcho(o.new)
        : names.has(o.name) || (o.resource === 'nodes' && nodes.has(o.name))
    case 'traffic': return o.outcome === 'lost' && names.size === 0
    default: return false
  }
}
