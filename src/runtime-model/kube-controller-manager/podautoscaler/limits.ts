/** What becomes of a proposal: not too soon after others, not too fast, within the bounds. Source: pkg/controller/podautoscaler/horizontal.go */
export interface Recommendation { readonly replicas: number; readonly atMs: number }
export interface ScaleEvent { readonly change: number; readonly atMs: number }
/** what is remembered of an autoscaler; `selector`: of the pods of its target, as it saw it last */
export interface Past {
  readonly selector?: string
  readonly recommendations: readonly Recommendation[]
  readonly ups: readonly ScaleEvent[]
  readonly downs: readonly ScaleEvent[]
}
export interface Bounds { readonly min: number; readonly max: number; readonly current: number; readonly nowMs: number; readonly behavior: any }
export interface Word { readonly reason: string; readonly message: string }
export interface Limited {
  readonly replicas: number
  readonly recommendations: readonly Recommendation[]
  readonly able: Word
  readonly limitedBy: Word & { readonly limited: boolean }
}

const downscaleStabilizationSeconds = 300
const matches: Word = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' }
const stabilizedDown: Word = {
  reason: 'ScaleDownStabilized', message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
}
const stabilizedUp: Word = {
  reason: 'ScaleUpStabilized', message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
}
const withinRange: Word = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' }
const tooFew: Word = { reason: 'TooFewReplicas', message: 'the desired replica count is less than the minimum replica count' }
const tooMany: Word = { reason: 'TooManyReplicas', message: 'the desired replica count is more than the maximum replica count' }
const upLimit: Word = { reason: 'ScaleUpLimit', message: 'the desired replica count is increasing faster than the maximum scale rate' }
const downLimit: Word = { reason: 'ScaleDownLimit', message: 'the desired replica count is decreasing faster than the maximum scale rate' }

export function limit(proposed: number, past: Past, bounds: Bounds): Limited {
  const { behavior } = bounds
  const stable = behavior
    ? stabilize(proposed, past, bounds)
    : {
      replicas: Math.max(proposed, ...past.recommendations.filter(r => r.atMs >= bounds.nowMs - downscaleStabilizationSeconds * 1000).map(r => r.replicas)),
      word: stabilizedDown, keepMs: downscaleStabilizationSeconds * 1000,
    }
  const recommendations = [...past.recommendations.filter(r => r.atMs >= bounds.nowMs - stable.keepMs), { replicas: proposed, atMs: bounds.nowMs }]
  const { replicas, word } = behavior ? byRate(stable.replicas, past, bounds) : byRule(stable.replicas, bounds)
  return {
    replicas, recommendations, able: stable.replicas === proposed ? matches : stable.word, limitedBy: { ...word, limited: replicas !== stable.replicas },
  }
}

/** The lowest of the recent recommendations upwards, the highest downwards. Source: stabilizeRecommendationWithBehaviors */
function stabilize(
  proposed: number, { recommendations }: Past, { current, nowMs, behavior }: Bounds
): { readonly replicas: number; readonly word: Word; readonly keepMs: number } {
  const up = behavior.scaleUp?.stabilizationWindowSeconds ?? 0, down = behavior.scaleDown?.stabilizationWindowSeconds ?? downscaleStabilizationSeconds
  const since = (seconds: number): number[] => recommendations.filter(r => r.atMs > nowMs - seconds * 1000).map(r => r.replicas)
  const lowest = Math.min(proposed, ...since(up)), highest = Math.max(proposed, ...since(down))
  const replicas = current < lowest ? lowest : current > highest ? highest : current
  return { replicas, word: proposed >= current ? stabilizedUp : stabilizedDown, keepMs: Math.max(up, down) * 1000 }
}

/** Without a behaviour: at most twice as many, or four. Source: convertDesiredReplicasWithRules */
function byRule(desired: number, { min, max, current }: Bounds): { readonly replicas: number; readonly word: Word } {
  const fastest = Math.max(2 * current, 4)
  if (desired < min) return { replicas: min, word: tooFew }
  if (desired > Math.min(max, fastest)) return { replicas: Math.min(max, fastest), word: max > fastest ? upLimit : tooMany }
  return { replicas: desired, word: withinRange }
}
/** Source: convertDesiredReplicasWithBehaviorRate */
function byRate(desired: number, past: Past, bounds: Bounds): { readonly replicas: number; readonly word: Word } {
  const { min, max, current, behavior } = bounds
  if (desired > current) {
    const fastest = Math.max(current, highestAllowed(behavior.scaleUp, past, bounds)), most = Math.min(max, fastest)
    if (desired > most) return { replicas: most, word: max > fastest ? upLimit : tooMany }
  } else if (desired < current) {
    const slowest = Math.min(current, lowestAllowed(behavior.scaleDown, past, bounds)), least = Math.max(min, slowest)
    if (desired < least) return { replicas: least, word: min < slowest ? downLimit : tooFew }
  }
  return { replicas: desired, word: withinRange }
}
const changed = (events: readonly ScaleEvent[], periodSeconds: number, nowMs: number): number =>
  events.filter(e => e.atMs > nowMs - periodSeconds * 1000).reduce((sum, e) => sum + e.change, 0)
function highestAllowed(rules: any, { ups, downs }: Past, { current, nowMs }: Bounds): number {
  if (rules.selectPolicy === 'Disabled') return current
  const proposals = rules.policies.map(({ type, value, periodSeconds }: any) => {
    const atStart = current - changed(ups, periodSeconds, nowMs) + changed(downs, periodSeconds, nowMs)
    return type === 'Pods' ? atStart + value : Math.ceil(atStart * (1 + value / 100))
  })
  return rules.selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals)
}
function lowestAllowed(rules: any, { ups, downs }: Past, { current, nowMs }: Bounds): number {
  if (rules.selectPolicy === 'Disabled') return current
  const proposals = rules.policies.map(({ type, value, periodSeconds }: any) => {
    const atStart = current + changed(downs, periodSeconds, nowMs) - changed(ups, periodSeconds, nowMs)
    return type === 'Pods' ? atStart - value : Math.trunc(atStart * (1 - value / 100))
  })
  return rules.selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals)
}

/** Remembers a change of scale for as long as the longest period looks back. Source: storeScaleEvent */
export function withScaleEvent(past: Past, { behavior, current, nowMs }: Bounds, replicas: number): Past {
  if (!behavior) return past
  const keepMs = (rules: any): number => Math.max(0, ...rules.policies.map((p: any) => p.periodSeconds)) * 1000
  const fresh = (events: readonly ScaleEvent[], rules: any): ScaleEvent[] => events.filter(e => e.atMs >= nowMs - keepMs(rules))
  return replicas > current
    ? { ...past, ups: [...fresh(past.ups, behavior.scaleUp), { change: replicas - current, atMs: nowMs }] }
    : { ...past, downs: [...fresh(past.downs, behavior.scaleDown), { change: current - replicas, atMs: nowMs }] }
}
