import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age, containersCells, selectorText } from './meta/cells.ts'
import { forbidden, invalid, nonNegative, notSupported } from './meta/errors.ts'
import { internalJson } from './meta/diff.ts'
import { change, fill, fillPointers } from './meta/fill.ts'
import { isZero, notAbove100Percent, validateAmount } from './meta/int-or-percent.ts'
import { defaultTemplate } from './pod-spec/defaults.ts'
import { templateWarnings } from './pod-spec/warnings.ts'
import { immutableSelector, validateCounts, validateReplicaStatus, validateSelectorAndTemplate, validateTemplate } from './workload.ts'

const specDefaults = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }
const rollingDefaults = { maxUnavailable: '25%', maxSurge: '25%' }

const statusCounts = [
  'observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'terminatingReplicas', 'collisionCount',
]

/** Source: pkg/apis/apps/v1/defaults.go (SetDefaults_Deployment), pkg/apis/apps/validation/validation.go, pkg/registry/apps/deployment/strategy.go. */
export const deployment: KindRules = {
  resource: 'deployments.apps',
  // A changed annotation counts as well: controllers read settings from there.
  generation: d => [d.spec, d.metadata.annotations],
  defaults: d => change(d, 'spec', spec => {
    const s = change(fill(spec, specDefaults), 'template', defaultTemplate)
    const given = s.strategy ?? {}
    let strategy = given.type ? given : { ...given, type: 'RollingUpdate' }
    if (strategy.type === 'RollingUpdate') {
      const rolling = fillPointers(strategy.rollingUpdate ?? {}, rollingDefaults)
      if (rolling !== strategy.rollingUpdate) strategy = { ...strategy, rollingUpdate: rolling }
    }
    return strategy === s.strategy ? s : { ...s, strategy }
  }),
  validate: validateDeployment,
  validateUpdate: (d, old) => d.spec === old.spec ? [] : [...validateDeployment(d), ...immutableSelector(d, old)],
  validateStatusUpdate: d => validateReplicaStatus(d.status ?? {}, statusCounts, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
  beforeStatusUpdate: (d, old) => ({ ...d, metadata: { ...d.metadata, labels: old.metadata.labels } }),
  warnings: templateWarnings,
  cells: (d, nowMs) => {
    const s = d.status ?? {}
    return [
      d.metadata.name, `${s.readyReplicas ?? 0}/${d.spec?.replicas ?? 0}`, s.updatedReplicas ?? 0, s.availableReplicas ?? 0, age(d, nowMs),
      ...containersCells(d.spec?.template), selectorText(d.spec?.selector),
    ]
  },
}

function validateDeployment(d: any): FieldError[] {
  const spec = d.spec ?? {}, errors = nonNegative(spec.replicas, 'spec.replicas')
  errors.push(...validateSelectorAndTemplate(spec))
  errors.push(...validateTemplate(spec.template, spec.selector, 'spec.template'))
  validateStrategy(spec.strategy ?? {}, errors)
  errors.push(...validateCounts(spec, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']))
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec
  if (typeof deadline === 'number' && deadline <= minReadySeconds) {
    errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'))
  }
  return errors
}

function validateStrategy(strategy: any, errors: FieldError[]): void {
  const rolling = strategy.rollingUpdate
  if (strategy.type === 'Recreate') {
    if (rolling) errors.push(forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"))
  }
  else if (strategy.type !== 'RollingUpdate') errors.push(notSupported(
    'spec.strategy', internalJson('apps.v1.DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate']
  ))
  else if (rolling) {
    const path = 'spec.strategy.rollingUpdate'
    errors.push(...validateAmount(rolling.maxUnavailable, `${path}.maxUnavailable`), ...validateAmount(rolling.maxSurge, `${path}.maxSurge`))
    if (isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge)) {
      errors.push(invalid(`${path}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
    }
    errors.push(...notAbove100Percent(rolling.maxUnavailable, `${path}.maxUnavailable`))
  }
}
