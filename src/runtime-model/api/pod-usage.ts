import type { KubeObject } from './request.ts'
import { parseLabelSelector } from './selectors.ts'

/** What pods consume, as a scenario says it: those that match, now and later. The latest rule that matches a pod holds. */
export interface UsageRule {
  readonly namespace?: string
  readonly selector?: string
  readonly name?: string
  readonly node?: string
  /** quantities, for the whole pod; absent: as it was */
  readonly cpu?: string
  readonly memory?: string
}

export function usageMatches({ namespace, selector, name, node }: UsageRule, { metadata, spec }: KubeObject): boolean {
  if ((namespace !== undefined && metadata.namespace !== namespace) || (name !== undefined && metadata.name !== name)
    || (node !== undefined && spec?.nodeName !== node)) {
    return false
  }
  if (selector === undefined) return true
  const parsed = parseLabelSelector(selector)
  return parsed.error === undefined && parsed.matches(metadata.labels)
}
