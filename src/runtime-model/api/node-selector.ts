import type { KubeObject } from './request.ts'
import { requirementsOf, testOf } from './selectors.ts'
import type { Labels } from './selectors.ts'

/** Which nodes a pod may run on, by its own word. Source: k8s.io/component-helpers scheduling/corev1/nodeaffinity */
export type NodeMatcher = (node: KubeObject) => boolean
const NONE: readonly never[] = []

/** One term of node affinity: all its expressions and fields; an empty one matches nothing. */
export function nodeTerm(t: any): NodeMatcher {
  const labels = requirementsOf({ matchExpressions: t.matchExpressions ?? [] }).map(testOf)
  const fields: ((node: KubeObject) => boolean)[] = (t.matchFields ?? []).map((f: any) =>
    (node: KubeObject) => f.key === 'metadata.name' && (f.operator === 'NotIn') !== (f.values ?? []).includes(node.metadata.name))
  if (labels.length + fields.length === 0) return () => false
  return node => labels.every(test => test(node.metadata.labels ?? {})) && fields.every(test => test(node))
}
/** A NodeSelector: any of its terms; undefined (no selector): every node will do. */
export function anyTerm(selector: any): NodeMatcher | undefined {
  const terms: NodeMatcher[] | undefined = selector?.nodeSelectorTerms?.map(nodeTerm)
  return terms && (node => terms.some(match => match(node)))
}
/** nodeSelector and required node affinity together; undefined: every node will do. */
export function requiredNodes(spec: any): NodeMatcher | undefined {
  const selector: Labels | undefined = spec.nodeSelector, any = anyTerm(spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution)
  const keys = selector ? Object.keys(selector) : NONE
  if (keys.length === 0 && !any) return undefined
  return node => keys.every(key => node.metadata.labels?.[key] === selector![key]) && (!any || any(node))
}
