import { qosClass } from '../pod-spec/qos.ts'
import { matchingResources } from './usage.ts'

/** Which objects a quota with scopes is about. Source: pkg/quota/v1/evaluator/core/pods.go (podMatchesScopeFunc), apiserver pkg/quota/v1/generic (Matches). */
export function quotaMatches(quota: any, resource: string, object: any): boolean {
  const scopes: readonly string[] = quota.spec?.scopes ?? [], selectors: readonly any[] = quota.spec?.scopeSelector?.matchExpressions ?? []
  if (matchingResources(resource, Object.keys(quota.status?.hard ?? quota.spec?.hard ?? {})).length === 0) return false
  if (scopes.length === 0 && selectors.length === 0) return true
  if (resource !== 'pods') return false
  return scopes.every(scope => matchesScope(object, { scopeName: scope, operator: 'Exists' })) && selectors.every(s => matchesScope(object, s))
}

function matchesScope(pod: any, { scopeName, operator, values = [] }: any): boolean {
  const terminating = typeof pod.spec.activeDeadlineSeconds === 'number' && pod.spec.activeDeadlineSeconds >= 0
  switch (scopeName) {
    case 'Terminating': return terminating
    case 'NotTerminating': return !terminating
    case 'BestEffort': return qosClass(pod.spec) === 'BestEffort'
    case 'NotBestEffort': return qosClass(pod.spec) !== 'BestEffort'
    case 'PriorityClass': {
      const name: string = pod.spec.priorityClassName ?? ''
      if (operator === 'Exists') return name !== ''
      if (operator === 'DoesNotExist') return name === ''
      return operator === 'In' ? values.includes(name) : operator === 'NotIn' && !values.includes(name)
    }
    case 'CrossNamespacePodAffinity': return usesOtherNamespaces(pod.spec.affinity)
    default: return false
  }
}
function usesOtherNamespaces(affinity: any): boolean {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap(a => [
    ...a?.requiredDuringSchedulingIgnoredDuringExecution
      ?? [], ...(a?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((p: any) => p.podAffinityTerm),
  ])
  return terms.some(t => (t.namespaces ?? []).length > 0 || t.namespaceSelector !== undefined)
}
