import type { Driver } from '../drivers/driver.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import { narrate } from './narrate.ts'

const longest = 400
const shown = 7
/** what a reader needs least between a cause and its effect */
const minor = new Set<Observation['type']>(['stage', 'etcd', 'notify', 'answer'])

/** The causal chain that led to an observation, first cause first, in words; a long one loses its middle. */
export function chainTo(id: number | undefined, driver: Driver): readonly string[] {
  const chain: Observation[] = [], [begun] = firstOf(driver)
  for (let at = id; at !== undefined && at > 0 && chain.length < longest;) {
    const o = driver.observation(at)
    if (!o || o.id < begun) break
    chain.unshift(o)
    if (o.type === 'fault' && o.phase === 'inject') break
    at = o.cause
  }
  const told: string[] = []
  for (const o of chain) {
    const text = minor.has(o.type) ? undefined : narrate(o, driver.epochMs)
    if (text !== undefined && told.at(-1) !== text) told.push(text)
  }
  return told.length <= shown ? told : [...told.slice(0, 2), '…', ...told.slice(2 - shown)]
}

/** Id of the first observation that belongs to the scenario rather than to the cluster's coming up. */
function firstOf(driver: Driver): [number] {
  for (const o of driver.history()) return [o.id]
  return [0]
}
