import type { ComponentState, Driver } from '../../drivers/driver.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'
import type { ScenarioRecord } from '../events.ts'
import { changesOf } from './changes.ts'
import { faultWindows } from './faults.ts'
import { journeysOf } from './journeys.ts'
import { momentsOf } from './moments.ts'

/** Where a step begins in the stream of observations. */
export interface Boundary { readonly step: number; readonly index: number; readonly atMs: number; readonly text: string }

/** Looks on while a scenario runs, and tells at its end what happened. Made only for reporters that draw it. */
export interface Recorder {
  started(driver: Driver): void
  step(step: number, text: string, atMs: number): void
  end(untilMs: number): ScenarioRecord
}

export function createRecorder(scenario: number): Recorder {
  const observations: Observation[] = [], boundaries: Boundary[] = []
  let driver: Driver | undefined, components: readonly ComponentState[] = []
  return {
    started(started) { driver = started; components = started.components(); started.observe(o => { observations.push(o) }) },
    step(step, text, atMs) { boundaries.push({ step, index: observations.length, atMs, text }) },
    end(untilMs) {
      const told = momentsOf(observations, boundaries, components, driver?.epochMs ?? 0)
      const changed = changesOf(observations, boundaries)
      return {
        type: 'scenarioRecord', scenario, untilMs, lanes: told.lanes, moments: told.moments, faults: faultWindows(observations),
        changes: changed.changes, journeys: journeysOf(observations, boundaries, driver?.epochMs ?? 0), left: told.left + changed.left,
      }
    },
  }
}
