import { qosClass } from '../pod-spec/qos.ts'
import { matchingResources } from './usage.ts'

/** Which objects a quota with scopes is about. Source: pkg/quota/v1/evaluator/core (podMatchesScopeFunc), apiserver pkg/quota/v1/generic (Matches). */
export function quotaMatches(quota: any, resource: string, object: any): boolean {
  const scopes: readonly string[] = quota.spec?.scopes ?? [], selectors: readonly any[] = quota.spec?.scopeSelector?.matchExpressions ?? []
  if (matchingResources(resource, Object.keys(quota.status?.hard ?? quota.spec?.hard ?? {})).length === 0) return false
  if (scopes.length === 0 && selectors.length === 0) return true
  const matches = matchers[resource]
  return matches !== undefined && scopes.every(scope => matches(object, { scopeName: scope, operator: 'Exists' })) && selectors.every(s => matches(object, s))
}
const matchers: Readonly<Record<string, (object: any, selector: any) => boolean>> = { pods: matchesScope, persistentvolumeclaims: ofAttributes }
/** What a claim asks for, has, or is about to have. Source: pkg/quota/v1/evaluator/core/persistent_volume_claims.go */
function ofAttributes({ spec, status }: any, { scopeName, operator, values = [] }: any): boolean {
  const names = [spec?.volumeAttributesClassName, status?.currentVolumeAttributesClassName, status?.modifyVolumeStatus?.targetVolumeAttributesClassName]
  const own: readonly string[] = names.filter(Boolean)
  if (scopeName !== 'VolumeAttributesClass') return false
  if (operator === 'Exists' || operator === 'DoesNotExist') return own.length > 0 === (operator === 'Exists')
  return operator === 'In' ? own.some(name => values.includes(name)) : operator === 'NotIn' && (own.length === 0 || own.some(name => !values.includes(name)))
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
