import type { Driver } from '../drivers/driver.ts'
import type { ResolvedSubject } from '../extension.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import { actorName, narrate } from './narrate.ts'
import type { TimelineEntry } from './verdict.ts'

const shown = 10

/** From when on, to when, and with whom besides the subjects: of the first moment only what has an id from `fromId` on. Steps, faults and components are told from the beginning. */
export interface Stretch { readonly from: number; readonly fromId: number; readonly to: number; readonly also?: string }

/** The moments that matter of a stretch of time: faults and steps, components, and what happened to the subjects; repeats folded. */
export function timelineOf(driver: Driver, subjects: readonly ResolvedSubject[], { from, fromId, to, also }: Stretch): { readonly timeline?: readonly TimelineEntry[]; readonly more?: number } {
  const names = new Set(subjects.flatMap(s => s.ref ? [s.ref.name] : [])), nodes = new Set(subjects.flatMap(s => s.object?.spec?.nodeName ?? []))
  if (also !== undefined) names.add(also)
  const entries: { -readonly [K in keyof TimelineEntry]: TimelineEntry[K] }[] = []
  const latest = new Map<string, typeof entries[number]>()
  for (const o of driver.history()) {
    if (o.at > to || (!isStage(o) && (o.at < from || (o.at === from && o.id < fromId))) || !matters(o, names, nodes)) continue
    // a step and the fault that it is are one
    if (o.type === 'fault' && isStep(driver.observation(o.id - 1))) continue
    const text = narrate(o, driver.epochMs), joined = together(entries.at(-1), o)
    if (text === undefined || joined) continue
    const before = latest.get(text)
    if (before?.atMs === o.at) continue
    if (before) { before.count = (before.count ?? 1) + 1; before.untilMs = o.at; continue }
    const entry = { atMs: o.at, text }
    entries.push(entry); latest.set(text, entry)
  }
  if (entries.length === 0) return {}
  const kept = entries.length <= shown ? entries : [...entries.slice(0, 3), ...entries.slice(3 - shown)]
  return { timeline: kept, ...(entries.length > kept.length ? { more: entries.length - kept.length } : {}) }
}

/** Processes that change together are one entry: `down: etcd-1, kube-apiserver, …`. */
function together(last: { text: string; readonly atMs: number } | undefined, o: Observation): boolean {
  if (o.type !== 'component' || last?.atMs !== o.at) return false
  const alone = / is (\w+)$/.exec(last.text)
  if (alone?.[1] !== o.state && !last.text.startsWith(`${o.state}: `)) return false
  last.text = `${alone?.[1] === o.state ? `${o.state}: ${last.text.slice(0, alone.index)}` : last.text}, ${actorName(o.actor)}`
  return true
}
/** What the scenario did and which processes and machines ran belongs to every story. */
const isStage = (o: Observation): boolean => o.type === 'fault' || o.type === 'component' || o.type === 'nodePower' || isStep(o)
const isStep = (o: Observation | undefined): boolean => o?.type === 'note' && o.actor === 'scenario'

function matters(o: Observation, names: ReadonlySet<string>, nodes: ReadonlySet<string>): boolean {
  switch (o.type) {
    case 'fault': case 'nodePower': return true
    case 'note': return o.actor === 'scenario'
    case 'component': return o.state !== 'follower'
    case 'answer': return o.actor.startsWith('kubectl') && o.code >= 400
    case 'container': case 'podStatus': case 'probe': return names.has(o.pod)
    case 'schedule': return o.phase === 'unschedulable' && names.has(o.pod)
    case 'object': return o.resource === 'events' ? names.has(o.new?.involvedObject?.name) : names.has(o.name) || (o.resource === 'nodes' && nodes.has(o.name))
    case 'traffic': return o.outcome === 'lost' && names.size === 0
    default: return false
  }
}
