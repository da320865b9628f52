import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limit, withScaleEvent } from '../src/runtime-model/kube-controller-manager/podautoscaler/limits.ts'
import type { Bounds, Past } from '../src/runtime-model/kube-controller-manager/podautoscaler/limits.ts'
import { propose } from '../src/runtime-model/kube-controller-manager/podautoscaler/usage.ts'
import { formatTime } from '../src/runtime-model/api/time.ts'

/**
 * The arithmetic of autoscalers held against a second reading of the documented algorithm, written from its sentences.
 * Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 */
/** `fallen`: was ready once; `never`: not since it was started */
type State = 'ready' | 'missing' | 'pending' | 'failed' | 'deleted' | 'fallen' | 'never'
const nowMs = 3_600_000
const pods = fc.array(
  fc.record({
    state: fc.constantFrom<State>('ready', 'ready', 'ready', 'missing', 'pending', 'failed', 'deleted', 'fallen', 'never'),
    uses: fc.integer({ min: 0, max: 400 }),
  }),
  { minLength: 1, maxLength: 8 }
)
interface Words { readonly state: State; readonly uses: number }
const podOf = ({ state }: Words, i: number, request: number): any => ({
  metadata: { name: `p${i}`, ...state === 'deleted' ? { deletionTimestamp: formatTime(nowMs) } : {} },
  spec: { containers: [{ name: 'app', resources: { requests: { cpu: `${request}m` } } }] },
  status: {
    phase: state === 'pending' ? 'Pending' : state === 'failed' ? 'Failed' : 'Running', startTime: formatTime(0),
    conditions: [{
      type: 'Ready', status: state === 'fallen' || state === 'never' ? 'False' : 'True', lastTransitionTime: formatTime(state === 'fallen' ? 1_000_000 : 1000),
    }],
  },
})
const tolerance = 0.1

/** "…the controller takes the mean of the ratio"; whole percents, as the status shows them. */
const ratioOf = (uses: readonly number[], request: number, percent: number): number =>
  Math.trunc(uses.reduce((a, b) => a + b, 0) * 100 / (uses.length * request)) / percent
/** "If … close enough to 1.0, within a globally-configurable tolerance, then the control plane skips any scaling action." */
const isClose = (ratio: number): boolean => ratio >= 1 - tolerance && ratio <= 1 + tolerance
function documented(words: readonly Words[], current: number, request: number, percent: number): number | undefined {
  // "All Pods with a deletion timestamp set … are ignored, and all failed Pods are discarded."
  const counted = words.filter(w => w.state !== 'deleted' && w.state !== 'failed')
  const told = counted.filter(w => w.state === 'ready' || w.state === 'fallen').map(w => w.uses)
  // "If any Pod has yet to become ready … that pod is set aside as well."
  const missing = counted.filter(w => w.state === 'missing').length, unready = counted.filter(w => w.state === 'pending' || w.state === 'never').length
  if (told.length === 0) return undefined
  const first = ratioOf(told, request, percent)
  // "…assuming the not-yet-ready pods are consuming 0% of the desired metric, further dampening the magnitude of a scale up"
  const dampened = first > 1 ? unready : 0
  if (missing === 0 && dampened === 0) return isClose(first) ? current : Math.ceil(told.length * first)
  // "…100% of the desired value in case of a scale down, and 0% in case of a scale up"
  const assumed = first < 1 ? Math.trunc(request * Math.max(100, percent) / 100) : 0
  const uses = [...told, ...first === 1 ? [] : Array.from({ length: missing }, () => assumed), ...Array.from({ length: dampened }, () => 0)]
  const second = ratioOf(uses, request, percent)
  // "If the new ratio reverses the scale direction, or is within the tolerance, the controller doesn't take any scaling action."
  if (isClose(second) || (first < 1) !== (second < 1)) return current
  const wanted = Math.ceil(uses.length * second)
  return second < 1 ? Math.min(current, wanted) : Math.max(current, wanted)
}

describe('a proposal', () => {
  test('is that of the documented formula', () => {
    fc.assert(fc.property(
      pods, fc.integer({ min: 1, max: 10 }), fc.constantFrom(50, 100, 250), fc.constantFrom(20, 50, 80, 100, 150), (words, current, request, percent) => {
        const usage = new Map(words.flatMap((w, i) => w.state === 'missing' ? [] : [[`p${i}`, { milli: w.uses, atMs: nowMs, windowMs: 15_000 }] as const]))
        const found = propose(
          { pods: words.map((w, i) => podOf(w, i, request)), usage, resource: 'cpu', current, nowMs, tolerance: { up: tolerance, down: tolerance } },
          { percent }
        )
        const expected = documented(words, current, request, percent)
        if (expected === undefined) expect(found.error).toBeDefined()
        else expect(found).toMatchObject({ replicas: expected })
      }
    ), { numRuns: 2000 })
  })
})

describe('limits', () => {
  const empty: Past = { recommendations: [], ups: [], downs: [] }
  const bounds = fc.record({ min: fc.integer({ min: 1, max: 5 }), more: fc.integer({ min: 0, max: 40 }), at: fc.integer({ min: 0, max: 40 }) })
  const rule = fc.record({
    selectPolicy: fc.constantFrom('Max', 'Min', 'Disabled'), stabilizationWindowSeconds: fc.constantFrom(0, 60, 300),
    policies: fc.array(fc.record({
      type: fc.constantFrom('Pods', 'Percent'), value: fc.integer({ min: 1, max: 150 }), periodSeconds: fc.constantFrom(15, 60, 180),
    }), { minLength: 1, maxLength: 3 }),
  })
  test('without a behaviour: at most twice as many, or four, and never beyond the bounds', () => {
    fc.assert(fc.property(bounds, fc.integer({ min: 0, max: 200 }), ({ min, more, at }, proposed) => {
      const current = Math.min(min + more, min + at), b: Bounds = { min, max: min + more, current, nowMs, behavior: undefined }
      expect(limit(proposed, empty, b).replicas).toBe(Math.max(min, Math.min(proposed, min + more, Math.max(4, 2 * current))))
    }), { numRuns: 500 })
  })
  test('a recommendation counts for less than its window', () => {
    const behavior = { scaleUp: { stabilizationWindowSeconds: 60, policies: [{ type: 'Pods', value: 50, periodSeconds: 15 }] } }
    const after = (ageMs: number): number => limit(10, { ...empty, recommendations: [{ replicas: 2, atMs: nowMs - ageMs }] }, {
      min: 1, max: 20, current: 2, nowMs, behavior,
    }).replicas
    expect([after(59_999), after(60_000)]).toEqual([2, 10])
  })
  test('a series of looks keeps within the bounds and the rates of its policies, and moves only towards what was proposed', () => {
    fc.assert(fc.property(
      bounds, rule, rule, fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 20 }), ({ min, more, at }, scaleUp, scaleDown, proposals) => {
        const max = min + more
        let current = Math.min(max, min + at), past = empty, now = nowMs
        const steps: { readonly at: number; readonly from: number; readonly to: number }[] = [], said: { readonly at: number; readonly n: number }[] = []
        for (const proposed of proposals) {
          const b: Bounds = { min, max, current, nowMs: now, behavior: { scaleUp, scaleDown } }, { replicas, recommendations } = limit(proposed, past, b)
          said.push({ at: now, n: proposed })
          expect(replicas).toBeGreaterThanOrEqual(Math.min(current, min))
          expect(replicas).toBeLessThanOrEqual(Math.max(current, max))
          const recent = (seconds: number): number[] => said.filter(s => s.at === now || s.at > now - seconds * 1000).map(s => s.n)
          if (replicas > current) expect(replicas).toBeLessThanOrEqual(Math.max(min, Math.min(...recent(scaleUp.stabilizationWindowSeconds))))
          if (replicas < current) expect(replicas).toBeGreaterThanOrEqual(Math.min(max, Math.max(...recent(scaleDown.stabilizationWindowSeconds))))
          past = { ...past, recommendations }
          if (replicas !== current) { past = withScaleEvent(past, b, replicas); steps.push({ at: now, from: current, to: replicas }) }
          current = replicas
          // what each policy allows, counted from what there was when its period began
          const startOf = (seconds: number): number => {
            const inside = steps.filter(s => s.at > now - seconds * 1000)
            return inside.length ? inside[0].from : current
          }
          const last = steps[steps.length - 1]
          if (last?.at === now) {
            const grew = last.to > last.from, { policies, selectPolicy } = grew ? scaleUp : scaleDown
            expect(selectPolicy).not.toBe('Disabled')
            const edges = policies.map(p => {
              const start = startOf(p.periodSeconds)
              return p.type === 'Pods' ? start + (grew ? p.value : -p.value)
                : grew ? Math.ceil(start * (1 + p.value / 100)) : Math.trunc(start * (1 - p.value / 100))
            })
            const edge = (selectPolicy === 'Max') === grew ? Math.max(...edges) : Math.min(...edges)
            if (grew) expect(last.to).toBeLessThanOrEqual(Math.max(edge, min)); else expect(last.to).toBeGreaterThanOrEqual(Math.min(edge, max))
          }
          now += 15_000
        }
      }
    ), { numRuns: 500 })
  })
})
