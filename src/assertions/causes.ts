import { moment } from '../base/clock.ts'
import type { Driver } from '../drivers/driver.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import { faultText, narrate, narrateDeed } from './narrate.ts'

/** a chain of more records than this is cut at its beginning */
const longest = 400
const shown = 7
/** what a reader needs least between a cause and its effect */
const minor = new Set<Observation['type']>(['stage', 'etcd', 'notify', 'answer'])
const reads = new Set(['get', 'list', 'watch'])
const userAgents = ['kubectl', 'etcdctl']

/** A link of a causal chain: what happened, in words, and when. */
export interface Link { readonly atMs: number; readonly text: string; readonly observation: Observation }

/** The causal chain that led to an observation, first cause first. It begins with the step or fault of the scenario, where one led to it. */
export function linksTo(id: number | undefined, driver: Driver): readonly Link[] {
  const records: Observation[] = [], [begun] = firstOf(driver)
  for (let at = id; at !== undefined && at > 0 && records.length < longest;) {
    const o = driver.observation(at)
    if (!o || o.id < begun) break
    records.unshift(o)
    if (o.type === 'fault' && o.phase === 'inject') break
    at = o.cause
  }
  const told = records.filter(o => !minor.has(o.type) && !(o.type === 'request' && reads.has(o.verb)))
  const links: Link[] = []
  told.forEach((o, i) => {
    const text = textOf(o, told[i - 1], told[i + 1], told, driver.epochMs)
    if (text !== undefined && links.at(-1)?.text !== text) links.push({ atMs: o.at, text, observation: o })
  })
  return links
}

/** The same for one line of text: a long chain loses its middle. */
export const chainText = (links: readonly Link[], all = false): readonly string[] => {
  if (all) return links.map(l => `${moment(l.atMs)}  ${l.text}`)
  const told = links.map(l => l.text)
  return told.length <= shown ? told : [...told.slice(0, 2), '…', ...told.slice(2 - shown)]
}

/** Did the scenario itself begin it: with a step, or with a fault? */
export const isOfScenario = (links: readonly Link[]): boolean =>
  links[0] !== undefined && (links[0].observation.type === 'fault' || (links[0].observation.type === 'note' && links[0].observation.actor === 'scenario'))

function textOf(
  o: Observation, before: Observation | undefined, next: Observation | undefined, all: readonly Observation[], epochMs: number
): string | undefined {
  switch (o.type) {
    // whoever asked for a change is named with it; what kubectl asks for is the step itself
    case 'request': return next?.type === 'object' && next.resource !== 'events' ? undefined : byUser(o.actor) ? undefined : narrate(o, epochMs)
    case 'object': {
      if (o.resource === 'events' || before?.type !== 'request') return narrate(o, epochMs)
      return byUser(before.actor) && all[0] !== before && all[0].type === 'note' ? undefined : narrateDeed(o, before.actor, epochMs)
    }
    case 'component': {
      const withMachine = all.some(p => p.type === 'nodePower' && p.at === o.at && o.actor.endsWith(`/${p.node}`))
      const saidByFault = all.some(p => p.type === 'fault' && p.at === o.at && p.fault.startsWith('component') && p.target !== 'control plane')
      return withMachine || saidByFault || next?.type === 'component' ? undefined : narrate(o, epochMs)
    }
    case 'nodePower':
      return o.state === 'down' ? `everything on node ${o.node} stops` : o.state === 'hung' ? `nothing on node ${o.node} answers` : `node ${o.node} is up again`
    case 'fault': return faultText(o.fault, o.target === 'control plane' ? 'the control plane' : o.target, o.phase)
    default: return narrate(o, epochMs)
  }
}
const byUser = (actor: string): boolean => userAgents.some(u => actor.startsWith(u))

/** Id of the first observation that belongs to the scenario rather than to the cluster's coming up. */
function firstOf(driver: Driver): [number] {
  for (const o of driver.history()) return [o.id]
  return [0]
}
