import type { FieldError } from '../kind.ts'
import { invalid } from '../meta/errors.ts'
import { compileProblem, type Declarations } from './check.ts'
import { typeText, type CelType } from './types.ts'

/** Expressions of admission policies and match conditions before they run. Source: k8s.io/apiserver pkg/admission/plugin/cel/compile.go. */
const groupVersionKind: CelType = { object: 'kubernetes.GroupVersionKind', fields: { group: 'string', version: 'string', kind: 'string' } }
const groupVersionResource: CelType = { object: 'kubernetes.GroupVersionResource', fields: { group: 'string', version: 'string', resource: 'string' } }
const request: CelType = {
  object: 'kubernetes.AdmissionRequest', fields: {
    kind: groupVersionKind, resource: groupVersionResource, subResource: 'string', requestKind: groupVersionKind, requestResource: groupVersionResource,
    requestSubResource: 'string', name: 'string', namespace: 'string', operation: 'string',
    userInfo: {
      object: 'kubernetes.UserInfo', fields: { username: 'string', uid: 'string', groups: { list: 'string' }, extra: { map: ['string', { list: 'string' }] } },
    },
    dryRun: 'bool', options: 'dyn',
  },
}
const strings: CelType = { map: ['string', 'string'] }
const namespaceObject: CelType = {
  object: 'kubernetes.Namespace', fields: {
    metadata: {
      object: 'kubernetes.NamespaceMetadata',
      fields: {
        name: 'string', generateName: 'string', namespace: 'string', labels: strings, annotations: strings, UID: 'string',
        creationTimestamp: 'google.protobuf.Timestamp', deletionTimestamp: 'google.protobuf.Timestamp', deletionGracePeriodSeconds: 'int', generation: 'int',
        resourceVersion: 'string', finalizers: { list: 'string' },
      },
    },
    spec: { object: 'kubernetes.NamespaceSpec', fields: { finalizers: { list: 'string' } } },
    status: { object: 'kubernetes.NamespaceStatus', fields: { phase: 'string', conditions: { list: 'dyn' } } },
  },
}
/** `object`: its type where that is known */
export const admissionVariables = (withParams: boolean, object: CelType = 'dyn'): Declarations =>
  ({ object, oldObject: object, request, namespaceObject, authorizer: 'authz.Authorizer', ...withParams ? { params: 'dyn' as const } : undefined })

/** What is wrong with an expression that must give one of these types. */
export function expressionErrors(expression: string, at: string, declared: Declarations, wanted: readonly CelType[]): FieldError[] {
  if (expression.trim() === '') return []
  const { problem, type } = compileProblem(expression, declared)
  if (problem !== undefined) return [invalid(at, expression, `compilation failed: ${problem}`)]
  return wanted.length === 0 || wanted.includes(type)
    ? []
    : [invalid(
      at, expression,
      `must evaluate to ${wanted.length === 1 ? typeText(wanted[0]) : `one of [${wanted.join(' ')}]`} but got ${type === 'null_type' ? type : typeText(type)}`
    )]
}

/** The variables of a policy with the types that their expressions give, each known to those after it. */
export function composedVariables(
  list: readonly { readonly name: string; readonly expression: string }[], declared: Declarations, errors: (index: number, found: readonly FieldError[]) => void
): Declarations {
  const fields: Record<string, CelType> = {}, all = (): Declarations => ({ ...declared, variables: { object: 'kubernetes.variables', fields: { ...fields } } })
  list.forEach(({ name = '', expression = '' }, i) => {
    errors(i, expressionErrors(expression, `spec.variables[${i}].expression`, all(), []))
    fields[name] = compileProblem(expression, all()).type
  })
  return all()
}
