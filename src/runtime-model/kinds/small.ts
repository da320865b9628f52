import type { KindRules } from './kind-from-data.ts'
import { age } from './meta/cells.ts'
import { invalid, nonNegative } from './meta/errors.ts'
import { pathSegmentName } from '../api/names.ts'

/** Kinds with little of their own. Source: pkg/registry/core/serviceaccount, pkg/apis/coordination/validation, printers.go. */
export const serviceAccount: KindRules = {
  resource: 'serviceaccounts',
  cells: (s, nowMs) => [s.metadata.name, age(s, nowMs)],
}

export const lease: KindRules = {
  resource: 'leases.coordination.k8s.io',
  needsResourceVersion: true,
  validate: l => {
    const { leaseDurationSeconds: seconds, leaseTransitions, holderIdentity } = l.spec ?? {}
    return [
      ...typeof seconds === 'number' && seconds <= 0 ? [invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0')] : [],
      ...nonNegative(leaseTransitions, 'spec.leaseTransitions'),
    ]
  },
  cells: (l, nowMs) => [l.metadata.name, l.spec?.holderIdentity ?? '', age(l, nowMs)],
}

/** Plain data here: stored and shown, read by nobody else in the model. */
const plain = (resource: string, rules: Partial<KindRules> = {}): KindRules => ({ resource, ...rules })
export const plainKinds: readonly KindRules[] = [
  plain('podtemplates', { generation: t => t.template }),
  plain('ipaddresses.networking.k8s.io', { cells: i => [i.metadata.name, [i.spec?.parentRef?.resource, i.spec?.parentRef?.namespace, i.spec?.parentRef?.name].filter(Boolean).join('/')] }),
  plain('servicecidrs.networking.k8s.io', { cells: (c, nowMs) => [c.metadata.name, (c.spec?.cidrs ?? []).join(','), age(c, nowMs)] }),
  plain('csinodes.storage.k8s.io', { needsResourceVersion: true, cells: (n, nowMs) => [n.metadata.name, (n.spec?.drivers ?? []).length, age(n, nowMs)] }),
  plain('csidrivers.storage.k8s.io', { needsResourceVersion: true }),
  plain('runtimeclasses.node.k8s.io', { needsResourceVersion: true, cells: (c, nowMs) => [c.metadata.name, c.handler ?? '', age(c, nowMs)] }),
  plain('flowschemas.flowcontrol.apiserver.k8s.io', {
    generation: true, nameRule: pathSegmentName,
    cells: (f, nowMs) => [f.metadata.name, f.spec?.priorityLevelConfiguration?.name ?? '<none>', f.spec?.matchingPrecedence ?? 0, f.spec?.distinguisherMethod?.type ?? '<none>', age(f, nowMs),
      f.status?.conditions?.find((c: any) => c.type === 'Dangling')?.status ?? '?'],
  }),
  plain('prioritylevelconfigurations.flowcontrol.apiserver.k8s.io', {
    generation: true,
    cells: (p, nowMs) => {
      const limited = p.spec?.limited, queuing = limited?.limitResponse?.queuing
      return [p.metadata.name, p.spec?.type ?? '', limited?.nominalConcurrencyShares ?? '<none>', queuing?.queues ?? '<none>', queuing?.handSize ?? '<none>', queuing?.queueLengthLimit ?? '<none>', age(p, nowMs)]
    },
  }),
]
/** Answered by the API server itself, never stored: reviews, bindings, evictions. They are served, so they count as modelled. */
export const virtualKinds: readonly KindRules[] = [
  plain('componentstatuses', {
    cells: s => {
      const healthy = s.conditions?.find((c: any) => c.type === 'Healthy'), word = healthy?.status === 'True' ? 'Healthy' : healthy?.status === 'False' ? 'Unhealthy' : 'Unknown'
      return [s.metadata.name, word, healthy?.message ?? '', healthy?.error ?? '']
    },
  }),
  plain('bindings'), plain('selfsubjectreviews.authentication.k8s.io'), plain('tokenreviews.authentication.k8s.io'), plain('localsubjectaccessreviews.authorization.k8s.io'),
  plain('selfsubjectaccessreviews.authorization.k8s.io'), plain('selfsubjectrulesreviews.authorization.k8s.io'), plain('subjectaccessreviews.authorization.k8s.io'),
]
