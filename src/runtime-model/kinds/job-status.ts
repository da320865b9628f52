import { intervalOf, intervalsOf, type Interval } from './job-indexes.ts'
import type { FieldError } from './kind.ts'
import { deepEqual, duplicate, invalid, invalidWithoutValue, required } from './meta/errors.ts'
import { internalJson } from './meta/diff.ts'
import { validateCounts } from './workload.ts'

/**
 * What may become of a Job's status, whoever controls it (spec.managedBy). Most is asked only of what an update changes. Source:
 * pkg/apis/batch/validation/validation.go (ValidateJobStatusUpdate), pkg/registry/batch/job/strategy.go (getStatusValidationOptions)
 */
export function validateJobStatus(job: any, oldJob: any): FieldError[] {
  const change = changeOf(job, oldJob)
  return [
    ...validateCounts(change.now, ['active', 'succeeded', 'failed', 'ready', 'terminating'], 'status'),
    ...uncountedPods(change.now.uncountedTerminatedPods ?? {}), ...completionTime(change), ...ends(change), ...indexes(change), ...pods(change),
    ...criteria(change), ...steps(change),
  ]
}

interface Change {
  readonly spec: any
  readonly now: any
  readonly before: any
  /** is the condition True now? */
  readonly is: (type: string) => boolean
  readonly was: (type: string) => boolean
  readonly finished: boolean
  /** has one of these fields changed, or whether one of these conditions is True? */
  readonly changed: (...names: readonly string[]) => boolean
}
function changeOf({ spec, status: now = {} }: any, { status: before = {} }: any): Change {
  const isTrue = (status: any, type: string): boolean => status.conditions?.some((c: any) => c.type === type && c.status === 'True') === true
  const is = (type: string): boolean => isTrue(now, type), was = (type: string): boolean => isTrue(before, type)
  const finished = is('Complete') || is('Failed'), hasChanged = (name: string): boolean => name === 'Finished' ? finished !== (was('Complete') || was('Failed'))
    : /^[A-Z]/.test(name) ? is(name) !== was(name)
    : !deepEqual(now[name], before[name])
  return { spec, now, before, is, was, finished, changed: (...names) => names.some(hasChanged) }
}
const at = (field: string): string => `status.${field}`
const refusedConditions = (detail: string): FieldError => invalidWithoutValue(at('conditions'), detail)

function uncountedPods({ succeeded = [], failed = [] }: any): FieldError[] {
  const errors: FieldError[] = [], seen = new Set<string>()
  for (const [field, uids] of [['succeeded', succeeded], ['failed', failed]] as const) {
    uids.forEach((uid: string, i: number) => {
      const path = at(`uncountedTerminatedPods.${field}[${i}]`)
      if (uid === '') errors.push(invalid(path, uid, 'must not be empty'))
      else if (seen.has(uid)) errors.push(duplicate(path, uid))
      seen.add(uid)
    })
  }
  return errors
}

function completionTime({ now, is, changed }: Change): FieldError[] {
  const errors: FieldError[] = [], { completionTime: end, startTime: start } = now, path = at('completionTime')
  if (changed('Complete', 'Failed') && is('Complete') && is('Failed')) errors.push(refusedConditions('cannot set Complete=True and Failed=true conditions'))
  if (changed('Complete', 'FailureTarget') && is('Complete') && is('FailureTarget')) {
    errors.push(refusedConditions('cannot set Complete=True and FailureTarget=true conditions'))
  }
  if (changed('Complete', 'completionTime')) {
    if (end !== undefined && !is('Complete')) errors.push(invalid(path, end, 'cannot set completionTime when there is no Complete=True condition'))
    if (end === undefined && is('Complete')) errors.push(required(path, 'completionTime is required for Complete jobs'))
  }
  if (changed('startTime', 'completionTime') && start !== undefined && end !== undefined && end < start) {
    errors.push(invalid(path, end, 'must be equal to or after `startTime`'))
  }
  return errors
}

/** Before the end the reason for it, and nothing that still runs after it. */
function ends({ spec, now, is, finished, changed }: Change): FieldError[] {
  const errors: FieldError[] = [], uncounted = now.uncountedTerminatedPods ?? {}
  if (changed('Failed', 'FailureTarget') && is('Failed') && !is('FailureTarget')) {
    errors.push(refusedConditions('cannot set Failed=True condition without the FailureTarget=true condition'))
  }
  if (changed('Complete', 'SuccessCriteriaMet') && is('Complete') && !is('SuccessCriteriaMet')) {
    errors.push(refusedConditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'))
  }
  if (!finished) return errors
  if (changed('Finished', 'active') && now.active > 0) errors.push(invalid(at('active'), now.active, 'active>0 is invalid for finished job'))
  if (changed('Finished', 'startTime') && now.startTime === undefined && !(spec.suspend === true && spec.completions === 0)) {
    errors.push(required(at('startTime'), 'startTime is required for finished job'))
  }
  if (changed('Finished', 'uncountedTerminatedPods') && (uncounted.succeeded?.length ?? 0) + (uncounted.failed?.length ?? 0) > 0) {
    const value = internalJson('batch.v1.UncountedTerminatedPods', uncounted)
    errors.push(invalid(at('uncountedTerminatedPods'), value, 'must be empty for finished job'))
  }
  return errors
}

function indexes({ spec, now, changed }: Change): FieldError[] {
  const errors: FieldError[] = [], { completions, backoffLimitPerIndex: perIndex } = spec, { completedIndexes: completed = '', failedIndexes: failed } = now
  if (changed('completedIndexes') && completions !== undefined) {
    const why = wrongIndexes(completed, completions)
    if (why) errors.push(invalid(at('completedIndexes'), completed, `error parsing completedIndexes: ${why}`))
  }
  if (changed('failedIndexes') && completions !== undefined && perIndex !== undefined && failed !== undefined) {
    const why = wrongIndexes(failed, completions)
    if (why) errors.push(invalid(at('failedIndexes'), failed, `error parsing failedIndexes: ${why}`))
  }
  if (changed('completedIndexes') && completed !== '' && spec.completionMode !== 'Indexed') {
    errors.push(invalid(at('completedIndexes'), completed, 'cannot set non-empty completedIndexes when non-indexed completion mode'))
  }
  if (changed('failedIndexes') && perIndex === undefined && failed !== undefined) {
    errors.push(invalid(at('failedIndexes'), failed, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'))
  }
  if (changed('failedIndexes', 'completedIndexes') && completions !== undefined && failed) {
    const common = commonIndex(completed, failed, completions)
    if (common !== undefined) errors.push(invalid(at('failedIndexes'), failed, `failedIndexes and completedIndexes overlap at index: ${common}`))
  }
  return errors
}
function wrongIndexes(text: string, completions: number): string | undefined {
  const found = intervalsOf(text, completions)
  return typeof found === 'string' ? found : undefined
}
function commonIndex(completed: string, failed: string, completions: number): number | undefined {
  const intervals = (text: string): Interval[] => text.split(',').map(part => intervalOf(part, completions)).filter(i => typeof i !== 'string')
  for (const [a, b] of intervals(completed)) for (const [x, y] of intervals(failed)) if (a <= y && x <= b) return Math.max(a, x)
  return undefined
}

function pods({ now, finished, changed }: Change): FieldError[] {
  const errors: FieldError[] = [], { active = 0, ready, terminating } = now
  if (changed('Finished', 'terminating') && terminating > 0 && finished) {
    errors.push(invalid(at('terminating'), terminating, 'terminating>0 is invalid for finished job'))
  }
  if (changed('ready', 'active') && ready > active) errors.push(invalid(at('ready'), ready, 'cannot set more ready pods than active'))
  return errors
}

function criteria({ spec, is }: Change): FieldError[] {
  const errors: FieldError[] = []
  if (is('SuccessCriteriaMet') && is('Failed')) errors.push(refusedConditions('cannot set SuccessCriteriaMet=True and Failed=true conditions'))
  if (is('SuccessCriteriaMet') && is('FailureTarget')) errors.push(refusedConditions('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'))
  if (spec.successPolicy !== undefined && !is('SuccessCriteriaMet') && is('Complete')) {
    errors.push(refusedConditions('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'))
  }
  return errors
}

/** What has been said once stays said. */
function steps({ spec, now, before, is, was, changed }: Change): FieldError[] {
  const errors: FieldError[] = []
  for (const type of ['Failed', 'Complete', 'FailureTarget']) {
    if (was(type) && !is(type)) errors.push(refusedConditions(`cannot disable the terminal ${type}=True condition`))
  }
  for (const field of ['failed', 'succeeded']) {
    const shrinks = field === 'succeeded' && spec.completionMode === 'Indexed' && spec.completions === spec.parallelism
    const [count, last] = [now[field] ?? 0, before[field] ?? 0]
    if (count < last && !shrinks) errors.push(invalid(at(field), count, `cannot decrease the ${field} counter`))
  }
  if (now.completionTime !== undefined && before.completionTime !== undefined && changed('completionTime')) {
    errors.push(invalid(at('completionTime'), now.completionTime, 'field is immutable'))
  }
  // a job that is resumed starts anew
  const resumed = was('Suspended') && !is('Suspended')
  if (before.startTime !== undefined && changed('startTime') && !spec.suspend && !resumed) {
    errors.push(required(at('startTime'), 'startTime cannot be removed for unsuspended job'))
  }
  if (was('SuccessCriteriaMet') && !is('SuccessCriteriaMet')) errors.push(refusedConditions('cannot disable the SuccessCriteriaMet=True condition'))
  if (was('Complete') && !was('SuccessCriteriaMet') && is('SuccessCriteriaMet')) {
    errors.push(refusedConditions('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'))
  }
  return errors
}
