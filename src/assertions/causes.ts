import type { Driver } from '../drivers/driver.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import { moment } from '../base/clock.ts'
import { narrate } from './narrate.ts'

const longest = 400
const shown = 7
/** what a reader needs least between a cause and its effect */
const minor = new Set<Observation['type']>(['stage', 'etcd', 'notify', 'answer'])

/** The causal chain that led to an observation, first cause first, in words; a long one loses its middle. */
export function chainTo(id: number | undefined, driver: Driver): readonly string[] {
  const chain: Observation[] = []
  for (let at = id; at !== undefined && at > 0 && chain.length < longest;) {
    const o = driver.observation(at)
    if (!o) break
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

/** Moment and words of the step or fault at the root of an observation. */
export function rootOf(id: number, driver: Driver): string | undefined {
  let o = driver.observation(id)
  for (let n = 0; o && o.cause > 0 && n < longest; n++) o = driver.observation(o.cause)
  const text = o && narrate(o, driver.epochMs)
  return o && text && `${text} at ${moment(o.at)}`
}
