import { narrate } from '../../assertions/narrate.ts'
import type { ComponentState } from '../../drivers/driver.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'
import type { Lane, Moment, MomentSort } from '../events.ts'
import { placeOf, stateAfter, stateBefore } from './lanes.ts'
import type { Boundary } from './recorder.ts'

/** more than this no reader looks through and no browser draws quickly; the least telling sorts go first */
const mostMoments = 4000, mostLanes = 250
const leastTelling: readonly MomentSort[] = ['proxy', 'request', 'schedule', 'traffic', 'container', 'probe', 'event', 'object']

type Draft = { -readonly [K in keyof Moment]: Moment[K] } & { readonly observation: number }
interface Told { readonly lanes: readonly Lane[]; readonly moments: readonly Moment[]; readonly left: number }

/** Everything that happened, on the lanes of those it happened to. */
export function momentsOf(observations: readonly Observation[], boundaries: readonly Boundary[], components: readonly ComponentState[], epochMs: number): Told {
  const lanes = createLanes(components), drafts: Draft[] = []
  const first = observations[0]?.id ?? 1
  /** of each observation: the draft that tells it, or that its cause is told by */
  const toldBy = new Int32Array(observations.length).fill(-1)
  let next = 0, step = -1
  const begin = (): void => {
    const { atMs, text } = boundaries[next++]
    step = drafts.push({ atMs, lane: lanes.scenario, sort: 'step', text, observation: -1 }) - 1
  }
  for (const [i, o] of observations.entries()) {
    while (next < boundaries.length && boundaries[next].index <= i) begin()
    const cause = o.cause >= first ? toldBy[o.cause - first] : fromOutside(o) ? step : -1
    toldBy[i] = cause
    if (o.type === 'note' && o.actor === 'scenario' && step >= 0 && o.text === drafts[step].text) { toldBy[i] = step; continue }
    const place = placeOf(o)
    if (!place) continue
    const lane = lanes.of(place.key, place.name, place.group)
    if (lane < 0) continue
    const state = lanes.change(lane, stateAfter(o, epochMs), stateBefore(o, epochMs))
    const text = narrate(o, epochMs) ?? (state === undefined ? undefined : `${place.name}: ${state}`)
    if (text === undefined) continue
    toldBy[i] = drafts.push({
      atMs: o.at, lane, sort: place.sort, text, ...(cause >= 0 ? { cause } : {}), ...(state === undefined ? {} : { state }), observation: i,
    }) - 1
  }
  while (next < boundaries.length) begin()
  return thin(drafts, lanes)
}

const fromOutside = (o: Observation): boolean => o.actor === 'scenario' || o.actor.startsWith('kubectl') || o.actor.startsWith('etcdctl')

/** `components`: as they were when the scenario began */
function createLanes(components: readonly ComponentState[]) {
  const all: { name: string; group: Lane['group']; before?: string }[] = [{ name: 'scenario', group: 'scenario' }]
  const byKey = new Map<string, number>([['scenario', 0]]), states = new Map<number, string>()
  const before = new Map<string, string>(components.map(c => [`${c.component}/${c.node}`, c.leader ? 'leader' : c.state] as const))
  const single = new Map<string, number>()
  for (const key of before.keys()) single.set(key.split('/')[0], (single.get(key.split('/')[0]) ?? 0) + 1)
  let left = 0
  return {
    scenario: 0, all, get left() { return left },
    of(key: string, name: string, group: Lane['group']): number {
      const found = byKey.get(key)
      if (found !== undefined) return found
      if (all.length >= mostLanes) { left++; return -1 }
      const [component, host] = key.split('/')
      const several = group === 'component' && host !== undefined && !name.includes(' on ') && name === component && (single.get(component) ?? 0) > 1
      const state = group === 'component' ? before.get(key) ?? 'up' : undefined
      const lane = all.push({ name: several ? `${name} on ${host}` : name, group, ...(state ? { before: state } : {}) }) - 1
      byKey.set(key, lane); if (state) states.set(lane, state)
      return lane
    },
    /** the new state, if it is one */
    change(lane: number, state: string | undefined, old: string | undefined): string | undefined {
      if (!states.has(lane) && old !== undefined) { all[lane].before = old; states.set(lane, old) }
      if (state === undefined || states.get(lane) === state) return undefined
      states.set(lane, state)
      return state
    },
  }
}

/** Leaves out whole sorts until the rest can be drawn; changes of state stay. Causes are led past what is left out. */
function thin(drafts: readonly Draft[], lanes: { readonly all: readonly Lane[]; readonly left: number }): Told {
  const out = new Set<MomentSort>()
  const stays = (d: Draft): boolean => !out.has(d.sort) || d.state !== undefined
  for (const sort of leastTelling) { if (drafts.filter(stays).length <= mostMoments) break; out.add(sort) }
  const kept = drafts.filter(stays).slice(0, mostMoments), places = new Map(kept.map((d, i) => [d, i]))
  const causeOf = (cause: number | undefined): number | undefined => {
    for (let at = cause; at !== undefined; at = drafts[at].cause) { const place = places.get(drafts[at]); if (place !== undefined) return place }
    return undefined
  }
  const moments = kept.map(({ observation: _, cause, ...moment }): Moment => {
    const led = causeOf(cause)
    return led === undefined ? moment : { ...moment, cause: led }
  })
  return { lanes: lanes.all, moments, left: drafts.length - kept.length + lanes.left }
}
