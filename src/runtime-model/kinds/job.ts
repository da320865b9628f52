import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { parseTime } from '../api/time.ts'
import { age, containersCells, selectorText } from './meta/cells.ts'
import { deepEqual, immutable, invalid, notSupported, required } from './meta/errors.ts'
import { internalJson } from './meta/diff.ts'
import { humanDuration } from './meta/duration.ts'
import { change, changeAll, fillPointers, without } from './meta/fill.ts'
import { defaultTemplate } from './pod-spec/defaults.ts'
import { templateWarnings } from './pod-spec/warnings.ts'
import { validateCounts, validatePodTemplate } from './workload.ts'
import { dns1123Label } from '../api/names.ts'
import { labelsMatch } from '../api/selectors.ts'
import { validateSelector } from './meta/selector.ts'
import { validateJobStatus } from './job-status.ts'
import { validateIndexes, validateManager, validatePodFailurePolicy, validateSuccessPolicy } from './job-policies.ts'

/** Source: pkg/apis/batch/v1/defaults.go, pkg/apis/batch/validation/validation.go, pkg/registry/batch/job/strategy.go. */
export const job: KindRules = {
  resource: 'jobs.batch', metaOfUpdate: 'VU',
  garbageCollection: 'orphan',
  // Source: pkg/registry/batch/job/storage/storage.go (Delete)
  deletionWarning: 'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  generation: true,
  unknownField: field => `field label ${JSON.stringify(field)} not supported for Job`,
  fieldSelectors: { 'status.successful': j => String(j.status?.succeeded ?? 0) },
  defaults: j => withLabelsOfTemplate(change(j, 'spec', defaultJobSpec)),
  beforeCreate: j => j.spec.manualSelector === true ? j : generateSelector(j),
  // Labels of a template that came without are made before they are judged, those that the Job takes from it only when it is stored.
  judgedMeta: j => Object.keys(j.metadata.labels ?? {}).every(key => generatedLabels.includes(key)) ? without(j.metadata, 'labels') : j.metadata,
  validate: j => validateJob(j),
  // said twice, once for the Job and once for its change
  validateUpdate: (j, old) => j.spec === old.spec ? [] : [...validateJob(j), ...validateWhole(j.spec), ...validateChange(j, old)],
  validateStatusUpdate: validateJobStatus,
  warnings: templateWarnings,
  statusWord: jobWord,
  cells: (j, nowMs) =>
    [j.metadata.name, jobWord(j), completions(j), runTime(j, nowMs), age(j, nowMs), ...containersCells(j.spec?.template), selectorText(j.spec?.selector)],
}

const specDefaults = { completionMode: 'NonIndexed', suspend: false, manualSelector: false }
export function defaultJobSpec(spec: any): any {
  let s = spec
  if (s.completions === undefined && s.parallelism === undefined) s = { ...s, completions: 1, parallelism: 1 }
  else if (s.parallelism === undefined) s = { ...s, parallelism: 1 }
  s = fillPointers(s, specDefaults)
  if (s.backoffLimit === undefined) s = { ...s, backoffLimit: s.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647 }
  s = defaultFailurePolicy(s)
  if (s.podReplacementPolicy === undefined) s = { ...s, podReplacementPolicy: s.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed' }
  return change(s, 'template', defaultTemplate)
}
export const defaultFailurePolicy = (spec: any): any => change(spec, 'podFailurePolicy', policy => change(policy, 'rules', rules =>
  changeAll(rules, r => change(r, 'onPodConditions', list => changeAll(list, c => c.status ? c : { ...c, status: 'True' })))))
/** A Job without labels takes those of its template. */
function withLabelsOfTemplate(j: any): any {
  const labels = j.spec?.template?.metadata?.labels
  return labels && Object.keys(labels).length > 0 && Object.keys(j.metadata?.labels ?? {}).length === 0 ? { ...j, metadata: { ...j.metadata, labels } } : j
}

/** The server makes selector and template labels from the uid, which is known by then (admission is over). */
export function generateSelector(j: any): any {
  const { uid, name = '' } = j.metadata
  const labels = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, 'job-name': name }
  const template = j.spec.template ?? {}, before = template.metadata?.labels
  const matchLabels = { ...j.spec.selector?.matchLabels, 'batch.kubernetes.io/controller-uid': uid }
  const made = {
    ...j,
    spec: {
      ...j.spec, selector: { ...j.spec.selector, matchLabels }, template: { ...template, metadata: { ...template.metadata, labels: { ...labels, ...before } } },
    },
  }
  // Labels that a Job only has from its template follow it.
  return withLabelsOfTemplate(deepEqual(j.metadata.labels, before) ? { ...made, metadata: without(made.metadata, 'labels') } : made)
}

function validateJob(j: any): FieldError[] {
  const spec = j.spec ?? {}, { name = '', uid } = j.metadata, errors: FieldError[] = []
  if (spec.selector && !spec.manualSelector) {
    for (const [key, value] of [
      ['controller-uid', uid], ['job-name', name], ['batch.kubernetes.io/controller-uid', uid], ['batch.kubernetes.io/job-name', name],
    ]) {
      errors.push(...validateLabel(spec.template?.metadata?.labels ?? {}, key, value))
    }
    const generated = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, 'job-name': name }
    if (validateSelector(spec.selector, '').length === 0 && !labelsMatch(spec.selector, generated)) errors.push(invalid('spec.selector', spec.selector, '`selector` not auto-generated'))
  }
  errors.push(...validateWhole(spec))
  const last = `${name}-${(spec.completions ?? 0) - 1}`
  if (spec.completionMode === 'Indexed' && spec.completions > 0 && dns1123Label(last).length > 0) {
    errors.push(invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${last}`))
  }
  return errors
}
/** The spec of a Job, with the selector that one of a CronJob lacks. */
function validateWhole(spec: any): FieldError[] {
  const errors = validateJobSpec(spec, 'spec')
  if (!spec.selector) errors.push(required('spec.selector'))
  const wrong = spec.selector ? validateSelector(spec.selector, 'spec.selector') : []
  errors.push(...wrong)
  // a selector that is none cannot be held against labels
  if (wrong.length === 0 && !labelsMatch(spec.selector, spec.template?.metadata?.labels)) {
    errors.push(invalid('spec.template.metadata.labels', spec.template?.metadata?.labels ?? null, '`selector` does not match template `labels`'))
  }
  return errors
}
const generatedLabels = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name']
/** What the server put there, unless somebody else did. */
function validateLabel(labels: Readonly<Record<string, string>>, key: string, value: string): FieldError[] {
  const at = `spec.template.metadata.labels[${key}]`, detail = `must be '${value}'`
  return labels[key] === value ? [] : [labels[key] === undefined ? required(at, detail) : invalid(at, labels, detail)]
}
const replacements = ['Failed', 'TerminatingOrFailed'], modes = ['NonIndexed', 'Indexed']
export function validateJobSpec(spec: any, path: string): FieldError[] {
  const errors = validateCounts(
    spec, ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'], path
  )
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  }
  if (spec.managedBy !== undefined) errors.push(...validateManager(spec.managedBy, `${path}.managedBy`))
  if (spec.completionMode !== undefined && !modes.includes(spec.completionMode)) errors.push(notSupported(`${path}.completionMode`, spec.completionMode, modes))
  validateIndexes(spec, path, errors)
  if (spec.podFailurePolicy) validatePodFailurePolicy(spec, path, errors)
  if (spec.successPolicy) validateSuccessPolicy(spec, path, errors)
  const allowed = spec.podFailurePolicy ? ['Failed'] : replacements
  if (spec.podReplacementPolicy !== undefined && !allowed.includes(spec.podReplacementPolicy)) {
    errors.push(notSupported(`${path}.podReplacementPolicy`, spec.podReplacementPolicy, allowed))
  }
  if (spec.template) errors.push(...validatePodTemplate(spec.template, `${path}.template`))
  const policy = spec.template?.spec?.restartPolicy
  if (policy === 'Always') errors.push(required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'))
  else if (policy !== 'OnFailure' && policy !== 'Never'
    && policy !== undefined) errors.push(notSupported(`${path}.template.spec.restartPolicy`, policy, ['OnFailure', 'Never']))
  else if (spec.podFailurePolicy
    && policy !== 'Never') errors.push(invalid(`${path}.template.spec.restartPolicy`, policy, "only \"Never\" is supported when podFailurePolicy is specified"))
  return errors
}

function validateChange(j: any, old: any): FieldError[] {
  const errors: FieldError[] = [], spec = j.spec, before = old.spec
  // An Indexed Job may change completions together with parallelism. Source: validateCompletions
  if (spec.completionMode !== 'Indexed') errors.push(...immutable(spec.completions, before.completions, 'spec.completions'))
  else if (spec.completions !== undefined && spec.completions !== before.completions && spec.completions !== spec.parallelism) {
    errors.push(invalid('spec.completions', spec.completions, 'can only be modified in tandem with spec.parallelism'))
  }
  errors.push(...immutable(spec.selector, before.selector, 'spec.selector'))
  if (!deepEqual(templateThatCounts(spec, old), templateThatCounts(before, old))) {
    errors.push(invalid('spec.template', templateText(spec.template), 'field is immutable'))
  }
  errors.push(
    ...immutable(spec.completionMode, before.completionMode, 'spec.completionMode'),
    ...immutable(failurePolicyText(spec), failurePolicyText(before), 'spec.podFailurePolicy')
  )
  errors.push(
    ...immutable(spec.backoffLimitPerIndex, before.backoffLimitPerIndex, 'spec.backoffLimitPerIndex'),
    ...immutable(spec.managedBy, before.managedBy, 'spec.managedBy'), ...immutable(spec.successPolicy, before.successPolicy, 'spec.successPolicy')
  )
  return errors
}
/** While suspended and not started, scheduling directives of the template may change. */
function templateThatCounts(spec: any, old: any): any {
  if (!old.spec.suspend || old.status?.startTime) return spec.template
  const { nodeSelector: _n, affinity: _a, tolerations: _t, schedulingGates: _g, ...rest } = spec.template?.spec ?? {}
  const { labels: _l, annotations: _o, ...meta } = spec.template?.metadata ?? {}
  return { ...spec.template, metadata: meta, spec: rest }
}
/** in the order of ObjectMeta */
const asWritten = ({ labels, annotations, ...rest }: any = {}): any => ({ ...rest, ...labels ? { labels } : {}, ...annotations ? { annotations } : {} })
const failurePolicyText = ({ podFailurePolicy: policy }: any): any => policy && internalJson('batch.v1.PodFailurePolicy', policy)
const templateText = (template: any): any => ({ ...asWritten(template?.metadata), Spec: internalJson('core.v1.PodSpec', template?.spec) })

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
