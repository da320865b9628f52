import type { KindRules } from './kind-from-data.ts'
import { age } from './meta/cells.ts'
import { invalid, nonNegative } from './meta/errors.ts'
import { change, changeAll } from './meta/fill.ts'

const enforced = 'kubernetes.io/enforce-mountable-secrets'
/** Kinds with little of their own. Source: pkg/registry/core/serviceaccount, pkg/apis/coordination/validation, printers.go. */
export const serviceAccount: KindRules = {
  resource: 'serviceaccounts', metaOfUpdate: 'UV',
  warnings: (s, old) => s.metadata.annotations?.[enforced] === undefined || old?.metadata.annotations?.[enforced] !== undefined ? [] : [
    `metadata.annotations[${enforced}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
  ],
  beforeCreate: withNamesOnly, beforeUpdate: withNamesOnly,
  cells: (s, nowMs) => [s.metadata.name, age(s, nowMs)],
}
/** Of a reference to a Secret nothing is kept but its name. Source: pkg/registry/core/serviceaccount/strategy.go (cleanSecretReferences) */
function withNamesOnly(account: any): any {
  return change(account, 'secrets', list => changeAll(list, ref => Object.keys(ref).some(key => key !== 'name') ? ref.name ? { name: ref.name } : {} : ref))
}

export const lease: KindRules = {
  resource: 'leases.coordination.k8s.io',
  anyFinalizer: true,
  needsResourceVersion: true,
  validate: l => {
    const { leaseDurationSeconds: seconds, leaseTransitions } = l.spec ?? {}
    return [
      ...typeof seconds === 'number' && seconds <= 0 ? [invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0')] : [],
      ...nonNegative(leaseTransitions, 'spec.leaseTransitions'),
    ]
  },
  cells: (l, nowMs) => [l.metadata.name, l.spec?.holderIdentity ?? '', age(l, nowMs)],
}

const plain = (resource: string, rules: Partial<KindRules> = {}): KindRules => ({ resource, ...rules })
/** Answered by the API server itself, never stored: reviews, bindings, evictions. They are served, so they count as modelled. */
export const virtualKinds: readonly KindRules[] = [
  plain('componentstatuses', {
    cells: s => {
      const healthy = s.conditions?.find((c: any) => c.type === 'Healthy')
      const word = healthy?.status === 'True' ? 'Healthy' : healthy?.status === 'False' ? 'Unhealthy' : 'Unknown'
      return [s.metadata.name, word, healthy?.message ?? '', healthy?.error ?? '']
    },
  }),
  plain('bindings'), plain('selfsubjectreviews.authentication.k8s.io'), plain('tokenreviews.authentication.k8s.io'),
  plain('localsubjectaccessreviews.authorization.k8s.io'),
  plain('selfsubjectaccessreviews.authorization.k8s.io'), plain('selfsubjectrulesreviews.authorization.k8s.io'),
  plain('subjectaccessreviews.authorization.k8s.io'),
]
