import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { declaredName } from '../api/names.ts'
import { age, containersCells, labelsText } from './meta/cells.ts'
import { forbidden, invalid, notSupported, required } from './meta/errors.ts'
import { change, fill } from './meta/fill.ts'
import { defaultTemplate } from './pod-spec/defaults.ts'
import { specWarningsOf, templateWarnings } from './pod-spec/warnings.ts'
import { validateCounts, validatePodTemplate, validateReplicaStatus } from './workload.ts'

/** Source: pkg/apis/core/v1/defaults.go, pkg/apis/core/validation/validation.go (ValidateReplicationController*), pkg/registry/core/replicationcontroller. */
export const replicationController: KindRules = {
  resource: 'replicationcontrollers',
  nameRule: declaredName,
  garbageCollection: 'orphan',
  generation: true,
  fieldSelectors: { 'status.replicas': c => String(c.status?.replicas ?? 0) },
  defaults: c => withLabelsOfTemplate(change(c, 'spec', spec => change(fill(spec, specDefaults), 'template', defaultTemplate))),
  validate: validateController,
  validateUpdate: (c, old) => c.spec === old.spec ? [] : validateController(c),
  validateStatusUpdate: c => validateReplicaStatus(c.status ?? {}, statusCounts, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  warnings: templateWarnings,
  cells: (c, nowMs) => [
    c.metadata.name, c.spec?.replicas ?? 0, c.status?.replicas ?? 0, c.status?.readyReplicas ?? 0, age(c, nowMs), ...containersCells(c.spec?.template),
    labelsText(c.spec?.selector),
  ],
}
const statusCounts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration'], specDefaults = { replicas: 1 }
const isEmpty = (map: any): boolean => Object.keys(map ?? {}).length === 0

/** Selector and labels that are left out are those of the template. */
function withLabelsOfTemplate(c: any): any {
  const labels = c.spec?.template?.metadata?.labels
  if (isEmpty(labels)) return c
  const selecting = isEmpty(c.spec.selector) ? { ...c, spec: { ...c.spec, selector: labels } } : c
  return isEmpty(c.metadata?.labels) ? { ...selecting, metadata: { ...c.metadata, labels } } : selecting
}

function validateController(c: any): FieldError[] {
  const { selector, template, ...spec } = c.spec ?? {}, errors = validateCounts(spec, ['minReadySeconds'])
  if (isEmpty(selector)) errors.push(required('spec.selector'))
  errors.push(...validateCounts(spec, ['replicas']))
  if (!template) return [...errors, required('spec.template')]
  const labels = template.metadata?.labels
  if (Object.keys(selector ?? {}).some(key => labels?.[key] !== selector[key])) {
    errors.push(invalid('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'))
  }
  errors.push(...validatePodTemplate(template, 'spec.template'))
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {}
  if (restartPolicy !== 'Always') errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy ?? '', ['Always']))
  if (activeDeadlineSeconds !== undefined) {
    errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in ReplicationController is not Supported'))
  }
  return errors
}

/** Nothing in a cluster reads PodTemplates: they are stored. Source: pkg/registry/core/podtemplate. */
export const podTemplate: KindRules = {
  resource: 'podtemplates',
  generation: t => t.template,
  defaults: t => change(t, 'template', defaultTemplate),
  validate: t => validatePodTemplate(t.template ?? {}, 'template'),
  warnings: (t, old) => specWarningsOf(t, old, t.template, 'template'),
  cells: t => [t.metadata.name, ...containersCells(t.template), labelsText(t.template?.metadata?.labels)],
}
