import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { labelsMatch } from '../api/selectors.ts'
import { age, containersCells, labelsText, selectorText } from './meta/cells.ts'
import { internalJson } from './meta/diff.ts'
import { deepEqual, forbidden, invalid, notSupported, required } from './meta/errors.ts'
import { change, fill, fillPointers } from './meta/fill.ts'
import { isZero, notAbove100Percent, validateAmount } from './meta/int-or-percent.ts'
import { validateSelector } from './meta/selector.ts'
import { defaultTemplate } from './pod-spec/defaults.ts'
import { specWarningsOf } from './pod-spec/warnings.ts'
import { immutableSelector, notDecremented, validateCounts, validatePodTemplate } from './workload.ts'

/** Source: pkg/apis/apps/v1/{defaults,conversion}.go, pkg/apis/apps/validation/validation.go (ValidateDaemonSet*), pkg/registry/apps/daemonset/strategy.go. */
export const daemonSet: KindRules = {
  resource: 'daemonsets.apps',
  generation: true,
  defaults: d => change(d, 'spec', defaultSpec),
  asWritten: d => withTemplateGeneration(d, templateGeneration(d)),
  beforeCreate: d => withTemplateGeneration(d, Math.max(1, templateGeneration(d))),
  beforeUpdate: (d, old) => withTemplateGeneration(d, templateGeneration(old) + (deepEqual(d.spec?.template, old.spec?.template) ? 0 : 1)),
  beforeStatusUpdate: (d, old) => withTemplateGeneration(d, templateGeneration(old)),
  validate: d => validateSpec(d.spec ?? {}),
  validateUpdate: (d, old) => d.spec === old.spec ? [] : [...immutableSelector(d, old), ...validateSpec(d.spec)],
  validateStatusUpdate: (d, old) => [...validateCounts(d.status ?? {}, statusCounts, 'status'), ...notDecremented(d, old)],
  // only another template makes it look again
  warnings: (d, old) => old && templateGeneration(d) === templateGeneration(old) ? [] : specWarningsOf(d, old, d.spec?.template, 'spec.template'),
  cells: (d, nowMs) => {
    const { desiredNumberScheduled = 0, currentNumberScheduled = 0, numberReady = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = d.status ?? {}
    return [
      d.metadata.name, desiredNumberScheduled, currentNumberScheduled, numberReady, updatedNumberScheduled, numberAvailable,
      labelsText(d.spec?.template?.spec?.nodeSelector), age(d, nowMs),
      ...containersCells(d.spec?.template), selectorText(d.spec?.selector),
    ]
  },
}
const statusCounts = [
  'currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady', 'observedGeneration', 'updatedNumberScheduled', 'numberAvailable',
  'numberUnavailable', 'collisionCount',
]

/** apps/v1 has no field for it any more: it lives in an annotation that only the server writes. */
const annotation = 'deprecated.daemonset.template.generation'
const templateGeneration = (d: any): number => Number(d.metadata?.annotations?.[annotation] ?? 0) || 0
const withTemplateGeneration = (d: any, value: number): any => d.metadata.annotations?.[annotation] === String(value) ? d
  : { ...d, metadata: { ...d.metadata, annotations: { ...d.metadata.annotations, [annotation]: String(value) } } }

const specDefaults = { revisionHistoryLimit: 10 }, rollingDefaults = { maxUnavailable: 1, maxSurge: 0 }
function defaultSpec(spec: any): any {
  const s = change(fill(spec, specDefaults), 'template', defaultTemplate), given = s.updateStrategy ?? {}
  let strategy = given.type ? given : { ...given, type: 'RollingUpdate' }
  if (strategy.type === 'RollingUpdate') {
    const rolling = fillPointers(strategy.rollingUpdate ?? {}, rollingDefaults)
    if (rolling !== strategy.rollingUpdate) strategy = { ...strategy, rollingUpdate: rolling }
  }
  return strategy === s.updateStrategy ? s : { ...s, updateStrategy: strategy }
}

function validateSpec(spec: any): FieldError[] {
  const { selector, template = {} } = spec, errors = selector ? validateSelector(selector, 'spec.selector') : []
  const labels = template.metadata?.labels, empty = selector && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0
  if (errors.length === 0 && !labelsMatch(selector, labels ?? {})) {
    errors.push(invalid('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'))
  }
  if (empty) errors.push(invalid('spec.selector', selector, 'empty selector is invalid for daemonset'))
  errors.push(...validatePodTemplate(template, 'spec.template'))
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {}
  if (restartPolicy !== 'Always') errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy ?? '', ['Always']))
  if (activeDeadlineSeconds !== undefined) {
    errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in DaemonSet is not Supported'))
  }
  errors.push(...validateCounts(spec, ['minReadySeconds']))
  validateStrategy(spec.updateStrategy ?? {}, errors)
  errors.push(...validateCounts(spec, ['revisionHistoryLimit']))
  return errors
}

function validateStrategy(strategy: any, errors: FieldError[]): void {
  const { type, rollingUpdate: rolling } = strategy, path = 'spec.updateStrategy.rollingUpdate'
  if (type === 'OnDelete') return
  if (type !== 'RollingUpdate') {
    errors.push(notSupported('spec.updateStrategy', internalJson('apps.v1.DaemonSetUpdateStrategy', strategy), ['RollingUpdate', 'OnDelete']))
    return
  }
  if (!rolling) { errors.push(required(path)); return }
  const { maxUnavailable, maxSurge } = rolling
  for (const check of [validateAmount, notAbove100Percent]) {
    errors.push(...check(maxUnavailable, `${path}.maxUnavailable`), ...check(maxSurge, `${path}.maxSurge`))
  }
  if (!isZero(maxUnavailable) && !isZero(maxSurge)) errors.push(invalid(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  if (isZero(maxUnavailable) && isZero(maxSurge)) errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
}
