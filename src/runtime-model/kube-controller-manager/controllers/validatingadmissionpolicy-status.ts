import type { KubeObject } from '../../api/request.ts'
import { registry } from '../../kinds/index.ts'
import { admissionVariables, composedVariables } from '../../kinds/expressions/admission.ts'
import { builtInType } from '../../kinds/expressions/built-in-types.ts'
import { compileProblem } from '../../kinds/expressions/check.ts'
import { patch } from '../../network/client.ts'
import { defineController, DONE } from '../controller.ts'

const resource = 'validatingadmissionpolicies.admissionregistration.k8s.io'
/** kinds that one policy is checked against */
const kindsLimit = 10

/** Says in the status of a policy what its expressions cannot be right about, for each kind that its rules name. */
export const validatingAdmissionPolicyStatus = defineController({
  name: 'validatingadmissionpolicy-status',
  watches: [{
    resource, toKeys: ({ new: policy }) => policy && policy.status?.observedGeneration !== policy.metadata.generation ? [policy.metadata.name] : [],
  }],
  reconcile(key, view) {
    const policy = view.get(resource, undefined, key)
    if (!policy || policy.metadata.deletionTimestamp || policy.status?.observedGeneration === policy.metadata.generation) return DONE
    const expressionWarnings = warningsOf(policy)
    const status = { observedGeneration: policy.metadata.generation, typeChecking: expressionWarnings.length > 0 ? { expressionWarnings } : {} }
    const apply = patch(view.identity, { resource, name: key, subresource: 'status' }, 'application/apply-patch+yaml', {
      apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name: key }, status,
    })
    return { effects: [{ do: 'request', request: { ...apply, fieldManager: 'validatingadmissionpolicy-status-controller', force: true } }] }
  },
  source: 'pkg/controller/validatingadmissionpolicystatus/controller.go, k8s.io/apiserver pkg/admission/plugin/policy/validating/typechecking.go',
})

function warningsOf({ spec }: KubeObject): readonly any[] {
  const kinds = kindsOf(spec), warnings: { fieldRef: string; warning: string }[] = []
  const look = (expression: string | undefined, fieldRef: string): void => {
    const found = expression
      ? kinds.flatMap(({ text, declared }) => {
        const { problem } = compileProblem(expression, declared)
        return problem === undefined ? [] : [`${text}: ${problem}\n`]
      })
      : []
    if (found.length > 0) warnings.push({ fieldRef, warning: found.join('\n') })
  }
  ;(spec.validations ?? []).forEach((v: any, i: number) => {
    look(v.expression, `spec.validations[${i}].expression`)
    look(v.messageExpression, `spec.validations[${i}].messageExpression`)
  })
  return warnings
}

/** The kinds that rules without wildcards name, with what expressions may speak of. */
function kindsOf(spec: any): readonly { readonly text: string; readonly declared: ReturnType<typeof admissionVariables> }[] {
  const wild = (list: readonly string[] = []): boolean => list.some(v => v.includes('*'))
  return (spec.matchConstraints?.resourceRules ?? []).flatMap((r: any) => wild(r.apiGroups) || wild(r.apiVersions) || wild(r.resources)
    ? []
    : registry.all.filter(k => r.apiGroups.includes(k.group) && r.apiVersions.includes(k.version) && r.resources.includes(k.resource)))
    .slice(0, kindsLimit).sort((a: any, b: any) => textOf(a) < textOf(b) ? -1 : 1).flatMap((k: any) => {
      const object = builtInType(k.group, k.version, k.kind)
      return object
        ? [{
          text: textOf(k),
          declared: composedVariables(spec.variables ?? [], admissionVariables(spec.paramKind !== undefined, object), () => {}),
        }]
        : []
    })
}
const textOf = ({ group, version, kind }: any): string => `${group}/${version}, Kind=${kind}`
