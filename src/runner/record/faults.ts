import { narrate } from '../../assertions/narrate.ts'
import { faults } from '../../runtime-model/faults/index.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'
import type { FaultWindow } from '../events.ts'

/** Faults without a way back end by themselves: what they leave behind is told by the lanes. */
const momentary = new Set(faults.filter(f => !f.heal).map(f => f.id))

/** From each injection to its healing. */
export function faultWindows(observations: readonly Observation[]): readonly FaultWindow[] {
  const windows: ({ -readonly [K in keyof FaultWindow]: FaultWindow[K] } & { target: string })[] = []
  for (const o of observations) {
    if (o.type !== 'fault') continue
    const open = windows.filter(w => w.target === o.target && w.untilMs === undefined)
    if (o.phase === 'heal') for (const window of open) window.untilMs = o.at
    else if (open.length === 0) windows.push({
      target: o.target, text: narrate(o, 0) ?? o.target, fault: o.fault, fromMs: o.at, ...(momentary.has(o.fault) ? { untilMs: o.at } : {}),
    })
  }
  return windows.map(({ target: _, ...window }) => window)
}
