import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { parseCronSchedule, timeZoneError } from '../api/cron-schedule.ts'
import { age, containersCells, selectorText, since } from './meta/cells.ts'
import { invalid, notSupported, required } from './meta/errors.ts'
import { change, fill } from './meta/fill.ts'
import { defaultTemplate } from './pod-spec/defaults.ts'
import { inPodNames, nameWarnings, specWarningsOf } from './pod-spec/warnings.ts'
import { defaultFailurePolicy, validateJobSpec } from './job.ts'
import { validateCounts } from './workload.ts'

/**
 * The defaults of Jobs are left to the Jobs that are made of it. Source: pkg/apis/batch/v1/defaults.go (SetDefaults_CronJob),
 * pkg/apis/batch/validation/validation.go (ValidateCronJob*), pkg/registry/batch/cronjob/strategy.go.
 */
export const cronJob: KindRules = {
  resource: 'cronjobs.batch', metaOfStatusUpdate: '',
  generation: true,
  defaults: c =>
    change(c, 'spec', spec =>
      change(fill(spec, specDefaults), 'jobTemplate', t => change(t, 'spec', job => defaultFailurePolicy(change(job, 'template', defaultTemplate))))),
  validate: c => {
    const { name } = c.metadata, errors = validateSpec(c.spec ?? {}, undefined)
    return name?.length > 52 ? [...errors, invalid('metadata.name', name, 'must be no more than 52 characters')] : errors
  },
  validateUpdate: (c, old) => c.spec === old.spec ? [] : validateSpec(c.spec, old.spec),
  warnings: (c, old) => [
    ...old ? [] : nameWarnings(c, inPodNames),
    ...specWarningsOf(c, old, c.spec?.jobTemplate?.spec?.template, 'spec.jobTemplate.spec.template'),
    ...old && c.spec?.schedule?.includes('TZ')
      ? [
        'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
      ]
      : [],
  ],
  cells: (c, nowMs) => {
    const { schedule = '', timeZone = '<none>', suspend, jobTemplate } = c.spec ?? {}, last = c.status?.lastScheduleTime
    return [
      c.metadata.name, schedule, timeZone, suspend === undefined ? '<unset>' : suspend ? 'True' : 'False', (c.status?.active ?? []).length,
      last ? since(last, nowMs) : '<none>', age(c, nowMs),
      ...containersCells(jobTemplate?.spec?.template), selectorText(jobTemplate?.spec?.selector),
    ]
  },
}
const specDefaults = { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 }
const policies = ['Allow', 'Forbid', 'Replace']

function validateSpec(spec: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.schedule) errors.push(required('spec.schedule'))
  else validateSchedule(spec, old, errors)
  errors.push(...validateCounts(spec, ['startingDeadlineSeconds']))
  if (spec.timeZone !== undefined && spec.timeZone !== old?.timeZone) validateTimeZone(spec.timeZone, errors)
  if (!policies.includes(spec.concurrencyPolicy)) errors.push(notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, policies))
  const job = spec.jobTemplate?.spec ?? {}, path = 'spec.jobTemplate.spec'
  errors.push(...validateJobSpec(job, path))
  if (job.selector) errors.push(invalid(`${path}.selector`, job.selector, '`selector` will be auto-generated'))
  if (job.manualSelector) errors.push(notSupported(`${path}.manualSelector`, true, ['nil', 'false']))
  errors.push(...validateCounts(spec, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit']))
  return errors
}

function validateSchedule({ schedule, timeZone }: any, old: any, errors: FieldError[]): void {
  const { error } = parseCronSchedule(schedule), zoned = schedule.includes('TZ'), tolerated = old?.schedule?.includes('TZ') ?? false
  if (error !== undefined) errors.push(invalid('spec.schedule', schedule, error))
  if (zoned && !tolerated) errors.push(invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'))
  else if (zoned && timeZone !== undefined) errors.push(invalid('spec.schedule', schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'))
}

const partOfZone = /^[A-Za-z._0-9+][A-Za-z._0-9+-]{0,13}$/
function validateTimeZone(zone: string, errors: FieldError[]): void {
  const at = 'spec.timeZone'
  if (zone === '') { errors.push(invalid(at, zone, 'timeZone must be nil or non-empty string')); return }
  if (zone.split('/').some(part => part === '.' || part === '..' || !partOfZone.test(part))) {
    errors.push(invalid(at, zone, `unknown time zone ${zone}`))
    return
  }
  if (zone.toLowerCase() === 'local') errors.push(invalid(at, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'))
  const unknown = timeZoneError(zone)
  if (unknown) errors.push(invalid(at, zone, unknown))
}
