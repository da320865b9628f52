import type { FieldError } from '../kind.ts'
import { internalJson } from '../meta/diff.ts'
import { deepEqual, invalid } from '../meta/errors.ts'

/**
 * A gated pod may still be steered: where it may go can only become narrower. Source: pkg/apis/core/validation/validation.go
 * (validateNodeSelectorMutation, validateNodeAffinityMutation, validateNodeSelectorTermHasOnlyAdditions)
 */
export function steeringErrors(now: any, old: any): FieldError[] {
  const selector = now.nodeSelector ?? {}, kept = Object.entries(old.nodeSelector ?? {}).every(([k, v]) => selector[k] === v)
  const errors = kept ? [] : [invalid('spec.nodeSelector', selector, 'only additions to spec.nodeSelector are allowed (no mutations or deletions)')]
  return [...errors, ...affinityErrors(now.affinity?.nodeAffinity, old.affinity?.nodeAffinity)]
}

function affinityErrors(now: any, old: any): FieldError[] {
  const before = termsOf(old), after = termsOf(now), path = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'
  if (before.length === 0) return []
  const shown = (term: any): any => internalJson('core.v1.NodeSelectorTerm', term)
  if (before.length !== after.length) {
    return [invalid(path, after.map(shown), 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')]
  }
  return before.flatMap((term, i) =>
    onlyAdds(after[i], term) ? [] : [invalid(`${path}[${i}]`, shown(after[i]), 'only additions are allowed (no mutations or deletions)')])
}
const termsOf = (affinity: any): readonly any[] => affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
/** A term without any requirement selects nothing, so that one more would widen it. */
function onlyAdds(now: any, old: any): boolean {
  const lists = ['matchExpressions', 'matchFields'], size = (term: any): number => lists.reduce((sum, list) => sum + (term[list]?.length ?? 0), 0)
  if (size(old) === 0) return size(now) === 0
  return lists.every(list => deepEqual((now[list] ?? []).slice(0, old[list]?.length ?? 0), old[list] ?? []))
}

/** The affinity with the node affinity that the pod had before: equal to the old one if nothing else has changed. */
export function withNodeAffinity(now: any, old: any): any {
  const { nodeAffinity } = old ?? {}
  if (now === undefined) return nodeAffinity ? { nodeAffinity } : undefined
  const { nodeAffinity: _, ...others } = now
  if (old === undefined && Object.keys(others).length === 0) return undefined
  return nodeAffinity ? { ...others, nodeAffinity } : others
}
