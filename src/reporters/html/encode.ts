import type { ScenarioFinished, ScenarioRecord } from '../../runner/events.ts'
import { difference } from './diff.ts'
import { open, sorts } from './model.ts'
import type { ScenarioData, StepData } from './model.ts'

/** Every text once, by its position. */
export function createStrings(): { readonly all: readonly string[]; of(text: string): number } {
  const all: string[] = [], known = new Map<string, number>()
  return { all, of(text) { const found = known.get(text); if (found !== undefined) return found; known.set(text, all.length); return all.push(text) - 1 } }
}
export type Strings = ReturnType<typeof createStrings>
type Recorded = Pick<ScenarioData, 'lanes' | 'moments' | 'faults' | 'changes' | 'journeys' | 'left'>

export const nothing: Recorded = { lanes: [], moments: [], faults: [], changes: [], journeys: [], left: 0 }

/** A record in numbers. Objects become lines at once, so that none is held until the run ends. */
export function encodeRecord(record: ScenarioRecord, strings: Strings): Recorded {
  let last = 0
  const since = (ms: number): number => { const passed = ms - last; last = ms; return passed }
  const moments = record.moments.flatMap((m, i) => [
    since(m.atMs), m.lane, sorts.indexOf(m.sort), strings.of(m.text), m.cause === undefined ? 0 : i - m.cause,
    m.state === undefined ? 0 : strings.of(m.state) + 1,
  ])
  return {
    moments,
    lanes: record.lanes.map(l => [strings.of(l.name), l.group, strings.of(l.before ?? '')]),
    faults: record.faults.map(f => [strings.of(f.text), strings.of(f.fault), f.fromMs, f.untilMs ?? open]),
    changes: record.changes.flatMap(({ step, kind, namespace, name, before, after }) => {
      const lines = difference(before, after)
      const what = before === undefined ? 'created' as const : after === undefined ? 'deleted' as const : 'changed' as const
      if (what === 'changed' && lines.length === 0) return []
      return [{
        step, object: strings.of(`${kind.toLowerCase()} ${namespace && namespace !== 'default' ? `${namespace}/` : ''}${name}`), what,
        lines: lines.map(strings.of),
      }]
    }),
    journeys: record.journeys.map(j => {
      last = 0
      return {
        about: strings.of(j.about), arrows: j.arrows.flatMap(a => [since(a.atMs), strings.of(a.from), strings.of(a.to), strings.of(a.what)]), left: j.left,
      }
    }),
    left: record.left,
  }
}

export function encodeScenario({ scenario, status, reason, virtualMs, steps, failure }: ScenarioFinished, recorded: Recorded): ScenarioData {
  const { name, feature, rule, file, line, seed, tags } = scenario
  return {
    name, feature, ...(rule ? { rule } : {}), file, line, seed, tags, status, ...(reason ? { reason } : {}), virtualMs, ...(failure ? { failure } : {}),
    ...recorded,
    steps: scenario.steps.map((s, i): StepData => ({
      keyword: s.keyword.trimEnd(), text: s.text, line: s.line, status: steps[i]?.status ?? 'skipped', atMs: steps[i]?.atMs ?? 0,
      untilMs: steps[i]?.untilMs ?? 0,
      ...(s.argument ? { argument: s.argument } : {}), ...(steps[i]?.output ? { output: steps[i].output } : {}),
    })),
  }
}
