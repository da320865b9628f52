import { labelsMatch } from '../../api/selectors.ts'
import { isProgram, programOf } from '../../kinds/expressions/program.ts'
import type { AdmissionAttributes, AdmissionView } from './plugin.ts'

/**
 * Which requests a policy or webhook is about: rules, selectors of namespaces and objects, match conditions.
 * Source: k8s.io/apiserver pkg/admission/plugin/webhook/predicates/{rules,namespace,object}, plugin/policy/matching. Approximate: `Equivalent` takes every
 * version of the same resource.
 */
export interface Rule {
  readonly operations?: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly scope?: string
}
export interface Match {
  readonly rules?: readonly Rule[]
  readonly excluded?: readonly Rule[]
  readonly matchPolicy?: string
  readonly namespaceSelector?: any
  readonly objectSelector?: any
}

export function matches(match: Match, a: AdmissionAttributes, view: AdmissionView): boolean {
  if (match.rules?.length && !match.rules.some(r => ruleMatches(r, a, match.matchPolicy))) return false
  if (match.excluded?.some(r => ruleMatches(r, a, match.matchPolicy))) return false
  return namespaceMatches(match.namespaceSelector, a, view) && objectMatches(match.objectSelector, a)
}

const has = (list: readonly string[] | undefined, value: string): boolean => list !== undefined && (list.includes('*') || list.includes(value))
function ruleMatches(rule: Rule, { kind, operation, subresource = '', namespace, name }: AdmissionAttributes, matchPolicy: string | undefined): boolean {
  if (!has(rule.operations, operation) || !has(rule.apiGroups, kind.group)) return false
  if (!has(rule.apiVersions, kind.version) && matchPolicy === 'Exact') return false
  if (!rule.resources?.some(r => {
    const [resource, sub = ''] = r.split('/')
    return (resource === '*' || resource === kind.resource) && (sub === '*' || sub === subresource)
  })) {
    return false
  }
  if (rule.resourceNames?.length && !rule.resourceNames.includes(name)) return false
  const namespaced = kind.kind === 'Namespace' ? false : namespace !== ''
  return rule.scope === undefined || rule.scope === '*' || (rule.scope === 'Namespaced') === namespaced
}

const selectsAll = (selector: any): boolean =>
  !selector || (!selector.matchLabels && !selector.matchExpressions?.length)
    || (Object.keys(selector.matchLabels ?? {}).length === 0 && !selector.matchExpressions?.length)
/** Objects without a namespace match whatever the selector says, a Namespace by its own labels. */
function namespaceMatches(selector: any, a: AdmissionAttributes, view: AdmissionView): boolean {
  if (selectsAll(selector)) return true
  if (a.kind.kind === 'Namespace' && a.kind.group === '' && !a.subresource) return labelsMatch(selector, (a.object ?? a.oldObject)?.metadata?.labels)
  if (a.namespace === '') return true
  return labelsMatch(selector, view.get('namespaces', '', a.namespace)?.metadata.labels)
}
const objectMatches = (selector: any, { object, oldObject }: AdmissionAttributes): boolean =>
  selectsAll(selector) || (object !== undefined && labelsMatch(selector, object.metadata?.labels))
    || (oldObject !== undefined && labelsMatch(selector, oldObject.metadata?.labels))

/** All conditions hold, one does not, or one could not be evaluated (and none says no). */
export function conditionsHold(
  conditions: readonly { readonly expression: string }[] | undefined, variables: () => Readonly<Record<string, unknown>>
): boolean | { readonly error: string } {
  let error: string | undefined
  for (const { expression } of conditions ?? []) {
    const program = programOf(expression), outcome = isProgram(program) ? program.run(variables()) : { error: program.syntax }
    if ('error' in outcome) error ??= `expression '${expression}' resulted in error: ${outcome.error}`
    else if (outcome.value !== true) return false
  }
  return error === undefined ? true : { error }
}

/** Configurations of admission itself are out of its reach. */
export const isAdmissionKind = ({ kind }: AdmissionAttributes): boolean => kind.group === 'admissionregistration.k8s.io'
