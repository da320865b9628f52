import type { KindRules } from './kind-from-data.ts'
import { age } from './meta/cells.ts'
import { invalid } from './meta/errors.ts'
import { labelName, qualifiedName } from '../api/names.ts'
import { keepMeta, validateMetaUpdate } from './meta/object-meta.ts'

/** Source: pkg/registry/core/namespace/strategy.go, pkg/apis/core/v1/defaults.go (SetDefaults_Namespace). */
export const namespace: KindRules = {
  resource: 'namespaces', metaOfUpdate: 'VU',
  nameRule: labelName,
  keepsStatusOnCreate: true,
  fieldSelectors: { 'status.phase': n => n.status?.phase ?? '' },
  defaults: n => labelled(n),
  beforeCreate: given => {
    // a generated name was not there when defaults were given
    const n = labelled(given), finalizers: readonly string[] = n.spec?.finalizers ?? []
    return {
      ...n, spec: { ...n.spec, finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] }, status: { phase: 'Active' },
    }
  },
  validate: n => (n.spec?.finalizers ?? []).flatMap((f: string) => [
    ...qualifiedName(f).map(text => invalid('spec.finalizers', f, text)),
    ...f.includes('/') || f === 'kubernetes' || f === 'orphan' || f === 'foregroundDeletion'
      ? []
      : [invalid('spec.finalizers', f, 'name is neither a standard finalizer name nor is it fully qualified')],
  ]),
  validateUpdate: () => [],
  markDeleted: (n, nowText) => ({ ...n, metadata: { ...n.metadata, deletionTimestamp: nowText }, status: { ...n.status, phase: 'Terminating' } }),
  heldBack: n => n.spec?.finalizers?.length > 0,
  // Only /finalize changes spec.finalizers.
  beforeUpdate: (n, old) => ({ ...n, spec: old.spec, status: old.status }),
  subresourceStrategies: {
    finalize: {
      beforeUpdate: (n, old) => ({ ...old, metadata: keepMeta(n.metadata, old.metadata, old.metadata.generation), spec: n.spec }),
      validateUpdate: (n, old) => validateMetaUpdate(n.metadata, old.metadata),
    },
  },
  validateStatusUpdate: n => {
    const phase = n.status?.phase
    if (n.metadata.deletionTimestamp) {
      return phase === 'Terminating' ? [] : [invalid('status.Phase', phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")]
    }
    return phase === 'Active' ? [] : [invalid('status.Phase', phase, "may only be 'Active' if `deletionTimestamp` is empty")]
  },
  statusWord: n => n.status?.phase ?? '',
  cells: (n, nowMs) => [n.metadata.name, n.status?.phase ?? '', age(n, nowMs)],
}
function labelled(n: any): any {
  const name = n.metadata?.name
  return !name || n.metadata.labels?.['kubernetes.io/metadata.name'] === name
    ? n
    : { ...n, metadata: { ...n.metadata, labels: { ...n.metadata.labels, 'kubernetes.io/metadata.name': name } } }
}
