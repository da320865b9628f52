import { forbidden } from '../../api/status.ts'
import { isProgram, programOf } from '../../kinds/expressions/program.ts'
import { labelsMatch } from '../../api/selectors.ts'
import { valueOf, variablesOf } from './expression-variables.ts'
import { conditionsHold, isAdmissionKind, matches, type Match } from './matching.ts'
import type { AdmissionAttributes, AdmissionPlugin, AdmissionRefusal, AdmissionView } from './plugin.ts'

/**
 * ValidatingAdmissionPolicies and their bindings, in order of name. Auditing leaves no trace in the model.
 * Source: k8s.io/apiserver pkg/admission/plugin/policy/validating/{dispatcher,validator,plugin}.go, policy/generic/policy_dispatcher.go.
 */
export const policiesResource = 'validatingadmissionpolicies.admissionregistration.k8s.io'
export const bindingsResource = 'validatingadmissionpolicybindings.admissionregistration.k8s.io'

export const validatingAdmissionPolicyPlugin: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  reads: [policiesResource, bindingsResource, 'namespaces'],
  validate(a, view) {
    if (view.configured === undefined || isAdmissionKind(a)) return undefined
    const warnings: string[] = []
    for (const { policy, bindings } of policiesOf(view)) {
      if (!matches(matchOf(policy.spec.matchConstraints), a, view)) continue
      for (const binding of bindings) {
        if (binding.spec.matchResources && !matches(matchOf(binding.spec.matchResources), a, view)) continue
        for (const denial of denials(policy, binding, a, view)) {
          const actions: readonly string[] = binding.spec.validationActions ?? []
          if (actions.includes('Deny')) return refusal(a, policy, denial.aboutPolicy ? undefined : binding, denial)
          if (actions.includes('Warn')) {
            warnings.push(
              `Validation failed for ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}': ${denial.message}`
            )
          }
        }
      }
    }
    return warnings.length > 0 ? { warnings } : undefined
  },
  source: 'k8s.io/apiserver pkg/admission/plugin/policy/validating',
}

interface Bound { readonly policy: any; readonly bindings: readonly any[] }
const known = new WeakMap<object, readonly Bound[]>()
/** Policies that something binds, worked out once for each state of the configuration. */
function policiesOf(view: AdmissionView): readonly Bound[] {
  let found = known.get(view.configured!)
  if (!found) {
    const bindings = view.list(bindingsResource)
    known.set(
      view.configured!,
      found = view.list(policiesResource)
        .map(policy => ({ policy, bindings: bindings.filter(b => b.spec.policyName === policy.metadata.name) }))
        .filter(b => b.bindings.length > 0)
    )
  }
  return found
}
const matchOf = (m: any): Match => ({
  rules: m?.resourceRules, excluded: m?.excludeResourceRules, matchPolicy: m?.matchPolicy, namespaceSelector: m?.namespaceSelector,
  objectSelector: m?.objectSelector,
})

interface Denial {
  readonly message: string
  readonly reason?: string
  /** the policy itself cannot be used, whatever binds it */
  readonly aboutPolicy?: boolean
}

/** Everything that one binding finds wrong with a request. Errors count only where the policy fails closed. */
function denials({ spec }: any, binding: any, a: AdmissionAttributes, view: AdmissionView): readonly Denial[] {
  const strict = spec.failurePolicy !== 'Ignore', params = spec.paramKind ? paramsOf(spec.paramKind, binding.spec.paramRef, a, view) : [undefined]
  if ('message' in params) return strict ? [params] : []
  return (params as readonly any[]).flatMap(param => judge(spec, param, strict, a, view))
}

function judge(spec: any, param: any, strict: boolean, a: AdmissionAttributes, view: AdmissionView): readonly Denial[] {
  let variables: Readonly<Record<string, unknown>> | undefined
  const own = composed(spec.variables ?? [], () => given())
  const given = (): Readonly<Record<string, unknown>> =>
    variables ??= { ...variablesOf(a, view), ...spec.paramKind ? { params: valueOf(param) } : undefined, variables: own.values }
  const holds = conditionsHold(spec.matchConditions, given)
  if (holds !== true) return holds === false || !strict ? [] : [{ message: holds.error }]
  const denied: Denial[] = []
  for (const validation of spec.validations ?? []) {
    const { expression, reason } = validation, program = programOf(expression), outcome = isProgram(program) ? program.run(given()) : { error: program.syntax }
    if ('error' in outcome) {
      if (strict) denied.push({ message: `expression '${expression}' resulted in error: ${own.failure() ?? outcome.error}` })
    } else if (outcome.value !== true) denied.push({ message: said(validation, given()), reason })
  }
  return denied
}

/** `variables.x`, each evaluated when it is first asked for; `failure` tells (once) why one could not be. */
interface Composed { readonly values: Record<string, unknown>; failure(): string | undefined }
function composed(list: readonly { readonly name: string; readonly expression: string }[], given: () => Readonly<Record<string, unknown>>): Composed {
  const values: Record<string, unknown> = {}
  let failed: string | undefined
  for (const { name, expression } of list) {
    let done: { readonly value: unknown } | undefined
    const get = (): unknown => {
      if (done) return done.value
      const program = programOf(expression), outcome = isProgram(program) ? program.run(given()) : { error: program.syntax }
      if ('error' in outcome) { failed ??= `composited variable ${JSON.stringify(name)} fails to evaluate: ${outcome.error}`; throw new Error(failed) }
      done = outcome
      return outcome.value
    }
    Object.defineProperty(values, name, { enumerable: true, get })
  }
  return { values, failure: () => { const why = failed; failed = undefined; return why } }
}

function said({ expression, message, messageExpression }: any, variables: Readonly<Record<string, unknown>>): string {
  const plain = message ? message.trim() : `failed expression: ${expression.trim()}`, program = messageExpression ? programOf(messageExpression) : undefined
  const outcome = program && isProgram(program) ? program.run(variables) : undefined
  if (!outcome || 'error' in outcome || typeof outcome.value !== 'string') return plain
  const text = outcome.value.trim()
  return text === '' || text.includes('\n') ? plain : text
}

/** The objects that a binding's parameters come from; a Denial if there are none and there must be. */
function paramsOf(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }, ref: any, a: AdmissionAttributes, view: AdmissionView
): readonly any[] | Denial {
  const slash = apiVersion.indexOf('/'), group = slash < 0 ? '' : apiVersion.slice(0, slash), found = view.kindOf(group, kind)
  if (!found) {
    return { message: `failed to configure policy: failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`, aboutPolicy: true }
  }
  if (!ref) return [undefined]
  const namespace = found.namespaced ? ref.namespace || a.namespace : ''
  if (found.namespaced && namespace === '') {
    return { message: 'failed to configure binding: cannot use namespaced paramRef in policy binding that matches cluster-scoped resources' }
  }
  if (!found.namespaced && ref.namespace) {
    return { message: 'failed to configure binding: paramRef.namespace must not be provided for a cluster-scoped `paramKind`' }
  }
  const objects = ref.name
    ? [view.get(found.resource, namespace, ref.name)].filter(Boolean)
    : view.list(found.resource, found.namespaced ? namespace : undefined).filter(o => labelsMatch(ref.selector, o.metadata.labels))
  if (objects.length > 0) return objects
  return ref.parameterNotFoundAction === 'Deny'
    ? { message: 'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction' }
    : []
}

const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413, Invalid: 422 }
function refusal(a: AdmissionAttributes, policy: any, binding: any, { message, reason = 'Invalid' }: Denial): AdmissionRefusal {
  const full = `ValidatingAdmissionPolicy '${policy.metadata.name}'${binding ? ` with binding '${binding.metadata.name}'` : ''} denied request: ${message}`
  const status = forbidden({ group: a.kind.group, resource: a.kind.resource }, a.name, full, [{ message: full }])
  return { status: { ...status, reason, code: codes[reason] ?? 422 } }
}
