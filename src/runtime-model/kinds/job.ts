import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { parseTime } from '../api/time.ts'
import { age, containersCells, selectorText } from './meta/cells.ts'
import { deepEqual, immutable, invalid, notSupported, required } from './meta/errors.ts'
import { internalJson } from './meta/diff.ts'
import { humanDuration } from './meta/duration.ts'
import { change, fill, without } from './meta/fill.ts'
import { defaultTemplate } from './pod-spec/defaults.ts'
import { templateWarnings } from './pod-spec/warnings.ts'
import { validateCounts, validatePodTemplate } from './workload.ts'
import { labelsMatch } from '../api/selectors.ts'

/** Source: pkg/apis/batch/v1/defaults.go, pkg/apis/batch/validation/validation.go, pkg/registry/batch/job/strategy.go. */
export const job: KindRules = {
  resource: 'jobs.batch',
  garbageCollection: 'orphan',
  generation: true,
  fieldSelectors: { 'status.successful': j => String(j.status?.succeeded ?? 0) },
  defaults: j => withLabelsOfTemplate(change(j, 'spec', defaultJobSpec)),
  beforeCreate: j => j.spec.manualSelector === true ? j : generateSelector(j),
  validate: j => validateJob(j),
  validateUpdate: (j, old) => j.spec === old.spec ? [] : [...validateJob(j), ...validateChange(j, old)],
  warnings: templateWarnings,
  statusWord: jobWord,
  cells: (j, nowMs) => [j.metadata.name, jobWord(j), completions(j), runTime(j, nowMs), age(j, nowMs), ...containersCells(j.spec?.template), selectorText(j.spec?.selector)],
}

const specDefaults = { completionMode: 'NonIndexed', suspend: false, manualSelector: false }
export function defaultJobSpec(spec: any): any {
  let s = spec
  if (s.completions === undefined && s.parallelism === undefined) s = { ...s, completions: 1, parallelism: 1 }
  else if (s.parallelism === undefined) s = { ...s, parallelism: 1 }
  s = fill(s, specDefaults)
  if (s.backoffLimit === undefined) s = { ...s, backoffLimit: s.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647 }
  if (s.podReplacementPolicy === undefined) s = { ...s, podReplacementPolicy: s.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed' }
  return change(s, 'template', defaultTemplate)
}
/** A Job without labels takes those of its template. */
function withLabelsOfTemplate(j: any): any {
  const labels = j.spec?.template?.metadata?.labels
  return labels && Object.keys(labels).length > 0 && Object.keys(j.metadata?.labels ?? {}).length === 0 ? { ...j, metadata: { ...j.metadata, labels } } : j
}

/** The server makes selector and template labels from the uid, which is known by then (admission is over). */
export function generateSelector(j: any): any {
  const { uid, name } = j.metadata, labels = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, 'job-name': name }
  const template = j.spec.template ?? {}, before = template.metadata?.labels, matchLabels = { ...j.spec.selector?.matchLabels, 'batch.kubernetes.io/controller-uid': uid }
  const made = { ...j, spec: { ...j.spec, selector: { ...j.spec.selector, matchLabels }, template: { ...template, metadata: { ...template.metadata, labels: { ...before, ...labels } } } } }
  // Labels that a Job only has from its template follow it.
  return withLabelsOfTemplate(deepEqual(j.metadata.labels, before) ? { ...made, metadata: without(made.metadata, 'labels') } : made)
}

function validateJob(j: any): FieldError[] {
  const spec = j.spec ?? {}, errors = validateJobSpec(spec, 'spec')
  if (!spec.selector) errors.push(required('spec.selector'))
  else if (!spec.manualSelector && !isGenerated(spec.selector, j.metadata.uid)) errors.push(invalid('spec.selector', spec.selector, '`selector` not auto-generated'))
  if (!labelsMatch(spec.selector, spec.template?.metadata?.labels)) errors.push(invalid('spec.template.metadata.labels', spec.template?.metadata?.labels ?? null, '`selector` does not match template `labels`'))
  return errors
}
const isGenerated = (selector: any, uid: string): boolean => deepEqual(selector, { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }) || deepEqual(selector, { matchLabels: { 'controller-uid': uid } })
const replacements = ['Failed', 'TerminatingOrFailed']
const modes = ['NonIndexed', 'Indexed']
export function validateJobSpec(spec: any, path: string): FieldError[] {
  const errors = validateCounts(spec, ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex'], path)
  if (spec.completionMode !== undefined) {
    if (!modes.includes(spec.completionMode)) errors.push(notSupported(`${path}.completionMode`, spec.completionMode, modes))
    else if (spec.completionMode === 'Indexed' && spec.completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'))
    else if (spec.completionMode === 'Indexed' && spec.parallelism > 100_000) errors.push(invalid(`${path}.parallelism`, spec.parallelism, 'must be less than or equal to 100000 when completion mode is Indexed'))
  }
  if (spec.podReplacementPolicy !== undefined && !replacements.includes(spec.podReplacementPolicy)) errors.push(notSupported(`${path}.podReplacementPolicy`, spec.podReplacementPolicy, replacements))
  if (spec.template) errors.push(...validatePodTemplate(spec.template, `${path}.template`))
  const policy = spec.template?.spec?.restartPolicy
  if (policy === 'Always') errors.push(required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'))
  else if (policy !== 'OnFailure' && policy !== 'Never' && policy !== undefined) errors.push(notSupported(`${path}.template.spec.restartPolicy`, policy, ['OnFailure', 'Never']))
  else if (spec.podFailurePolicy && policy !== 'Never') errors.push(invalid(`${path}.template.spec.restartPolicy`, policy, "only \"Never\" is supported when podFailurePolicy is specified"))
  return errors
}

function validateChange(j: any, old: any): FieldError[] {
  const errors: FieldError[] = [], spec = j.spec, before = old.spec
  // An Indexed Job may change completions together with parallelism.
  const elastic = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism
  if (!elastic) errors.push(...immutable(spec.completions, before.completions, 'spec.completions'))
  errors.push(...immutable(spec.selector, before.selector, 'spec.selector'))
  if (!deepEqual(templateThatCounts(spec, old), templateThatCounts(before, old))) {
    errors.push(invalid('spec.template', templateText(spec.template), 'field is immutable'))
  }
  errors.push(...immutable(spec.completionMode, before.completionMode, 'spec.completionMode'), ...immutable(spec.podFailurePolicy, before.podFailurePolicy, 'spec.podFailurePolicy'))
  errors.push(...immutable(spec.backoffLimitPerIndex, before.backoffLimitPerIndex, 'spec.backoffLimitPerIndex'), ...immutable(spec.successPolicy, before.successPolicy, 'spec.successPolicy'))
  return errors
}
/** While suspended and not started, scheduling directives of the template may change. */
function templateThatCounts(spec: any, old: any): any {
  if (!old.spec.suspend || old.status?.startTime) return spec.template
  const { nodeSelector: _n, affinity: _a, tolerations: _t, schedulingGates: _g, ...rest } = spec.template?.spec ?? {}
  const { labels: _l, annotations: _o, ...meta } = spec.template?.metadata ?? {}
  return { ...spec.template, metadata: meta, spec: rest }
}
const templateText = (template: any): any => ({ ...template?.metadata, Spec: internalJson('core.v1.PodSpec', template?.spec) })

const has = (j: any, type: string): boolean => j.status?.conditions?.some((c: any) => c.type === type && c.status === 'True') ?? false
function jobWord(j: any): string {
  if (has(j, 'Complete')) return 'Complete'
  if (has(j, 'Failed')) return 'Failed'
  if (j.metadata?.deletionTimestamp) return 'Terminating'
  if (has(j, 'Suspended')) return 'Suspended'
  if (has(j, 'FailureTarget')) return 'FailureTarget'
  return has(j, 'SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running'
}
function completions(j: any): string {
  const done = j.status?.succeeded ?? 0
  if (j.spec?.completions !== undefined) return `${done}/${j.spec.completions}`
  return (j.spec?.parallelism ?? 0) > 1 ? `${done}/1 of ${j.spec.parallelism}` : `${done}/1`
}
function runTime(j: any, nowMs: number): string {
  const start = j.status?.startTime
  if (!start) return ''
  return humanDuration((j.status.completionTime ? parseTime(j.status.completionTime) : nowMs) - parseTime(start))
}
