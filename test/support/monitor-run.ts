import { Monitor } from '../../src/assertions/temporal.ts'
import type { Outcome, TemporalPlan } from '../../src/assertions/temporal.ts'
import type { TraceMoment } from './naive-temporal.ts'

/** Feeds a monitor as a run does: the past, the present, then every change, and the times at which something is decided without one. */
export function runMonitor(plan: TemporalPlan, trace: readonly TraceMoment[]): Outcome {
  const monitor = new Monitor(plan)
  const at = (time: number): TraceMoment => ({ ...trace.filter(m => m.at <= time).at(-1)!, at: time })
  const fed = (m: TraceMoment) => ({ at: m.at, conditions: m.conditions, truth: () => m.truth })
  for (const m of trace.filter(x => x.at < plan.startedAt)) monitor.feed(fed(m))
  let outcome = monitor.present(fed(at(plan.startedAt)))
  let now = plan.startedAt
  for (let steps = 0; !outcome; steps++) {
    if (steps > 1000) throw new Error('it is never decided')
    const next = trace.find(m => m.at > now), until = monitor.until
    if (next && next.at <= until) { now = next.at; outcome = monitor.feed(fed(next)); continue }
    if (!next && !monitor.needsTime) return monitor.feed(fed(at(now))) ?? monitor.end(fed(at(now)), 'quiescent')
    now = until
    outcome = monitor.settle(fed(at(now)))
    if (!outcome && monitor.until <= now) outcome = monitor.end(fed(at(now)), 'deadline')
  }
  return outcome
}
