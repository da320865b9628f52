import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age, containersCells, selectorText } from './meta/cells.ts'
import { change, fill } from './meta/fill.ts'
import { defaultTemplate } from './pod-spec/defaults.ts'
import { templateWarnings } from './pod-spec/warnings.ts'
import { immutableSelector, validateCounts, validateReplicaStatus, validateSelectorAndTemplate, validateTemplate } from './workload.ts'

const statusCounts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration', 'terminatingReplicas']
const specDefaults = { replicas: 1 }

/** Source: pkg/apis/apps/v1/defaults.go (SetDefaults_ReplicaSet), pkg/apis/apps/validation/validation.go (ValidateReplicaSet*). */
export const replicaSet: KindRules = {
  resource: 'replicasets.apps',
  generation: true,
  defaults: rs => change(rs, 'spec', spec => change(fill(spec, specDefaults), 'template', defaultTemplate)),
  validate: validateReplicaSet,
  validateUpdate: (rs, old) => rs.spec === old.spec ? [] : [...validateReplicaSet(rs), ...immutableSelector(rs, old)],
  validateStatusUpdate: rs => validateReplicaStatus(rs.status ?? {}, statusCounts, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  warnings: templateWarnings,
  cells: (rs, nowMs) => [
    rs.metadata.name, rs.spec?.replicas ?? 0, rs.status?.replicas ?? 0, rs.status?.readyReplicas ?? 0, age(rs, nowMs), ...containersCells(rs.spec?.template),
    selectorText(rs.spec?.selector),
  ],
}

function validateReplicaSet(rs: any): FieldError[] {
  const spec = rs.spec ?? {}
  return [
    ...validateCounts(spec, ['replicas', 'minReadySeconds']),
    ...validateSelectorAndTemplate(spec),
    ...validateTemplate(spec.template, spec.selector, 'spec.template'),
  ]
}
