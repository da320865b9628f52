/**
 * The five fields of a cron schedule, or an interval. Source: github.com/robfig/cron v3 (parser.go, spec.go), which CronJobs are parsed with.
 * All lists are sorted and never empty.
 */
export interface CronSchedule {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly daysOfMonth: readonly number[]
  readonly months: readonly number[]
  readonly daysOfWeek: readonly number[]
  /** written as `*` or `?`: then the other kind of day alone decides; if neither is, a day of either kind counts */
  readonly anyDayOfMonth: boolean
  readonly anyDayOfWeek: boolean
  /** `@every 90s`, whole seconds, at least one; the fields mean nothing then */
  readonly everyMs?: number
  /** of a leading `TZ=…` or `CRON_TZ=…`, which only old objects have */
  readonly timeZone?: string
}
export type CronParsed = { readonly schedule: CronSchedule; readonly error?: undefined } | { readonly schedule?: undefined; readonly error: string }

interface Bounds { readonly min: number; readonly max: number; readonly names: readonly string[]; readonly firstName: number }
const bounds = (min: number, max: number, names = '', firstName = min): Bounds => ({ min, max, names: names.split(' '), firstName })
const minutes = bounds(0, 59), hours = bounds(0, 23), daysOfMonth = bounds(1, 31)
const months = bounds(1, 12, 'jan feb mar apr may jun jul aug sep oct nov dec'), daysOfWeek = bounds(0, 6, 'sun mon tue wed thu fri sat')
const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** A schedule's text → its fields, or what is wrong in the parser's words. */
export function parseCronSchedule(text: string): CronParsed {
  try { return { schedule: parse(text) } } catch (problem) { if (problem instanceof Wrong) return { error: problem.message }; throw problem }
}
class Wrong extends Error {}
const wrong = (message: string): never => { throw new Wrong(message) }

function parse(text: string): CronSchedule {
  if (text === '') wrong('empty spec string')
  const zone = /^(?:CRON_)?TZ=(\S*) (.*)$/s.exec(text)
  if (zone && timeZoneError(zone[1])) wrong(`provided bad location ${zone[1]}: ${timeZoneError(zone[1])}`)
  const spec = zone ? zone[2].trim() : text, where = zone ? { timeZone: zone[1] } : undefined
  if (spec.startsWith('@every ')) return { ...parseFields('* * * * *'), everyMs: interval(spec), ...where }
  if (spec.startsWith('@') && !Object.hasOwn(descriptors, spec)) wrong(`unrecognized descriptor: ${spec}`)
  return { ...parseFields(descriptors[spec] ?? spec), ...where }
}

function parseFields(spec: string): CronSchedule {
  const fields = spec.trim().split(/\s+/).filter(Boolean)
  if (fields.length !== 5) wrong(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)
  const [minute, hour, day, month, weekday] = [minutes, hours, daysOfMonth, months, daysOfWeek].map((b, i) => parseField(fields[i], b))
  return {
    minutes: minute.values, hours: hour.values, daysOfMonth: day.values, months: month.values, daysOfWeek: weekday.values, anyDayOfMonth: day.star,
    anyDayOfWeek: weekday.star,
  }
}

/** `1,5-10/2,mon` */
function parseField(field: string, limit: Bounds): { readonly values: readonly number[]; readonly star: boolean } {
  const found = new Set<number>()
  let star = false
  for (const part of field.split(',').filter(Boolean)) {
    const [range, stepText, ...slashes] = part.split('/'), [low, high, ...hyphens] = range.split('-'), all = low === '*' || low === '?'
    let start = limit.min, end = limit.max
    if (!all) {
      end = start = numberOf(low, limit)
      if (hyphens.length > 0) wrong(`too many hyphens: ${part}`)
      if (high !== undefined) end = numberOf(high, limit)
    }
    if (slashes.length > 0) wrong(`too many slashes: ${part}`)
    const step = stepText === undefined ? 1 : wholeNumber(stepText)
    if (stepText !== undefined && high === undefined) end = limit.max
    if (start < limit.min) wrong(`beginning of range (${start}) below minimum (${limit.min}): ${part}`)
    if (end > limit.max) wrong(`end of range (${end}) above maximum (${limit.max}): ${part}`)
    if (start > end) wrong(`beginning of range (${start}) beyond end of range (${end}): ${part}`)
    if (step === 0) wrong(`step of range should be a positive number: ${part}`)
    for (let n = start; n <= end; n += step) found.add(n)
    if (all && step === 1) star = true
  }
  return { values: [...found].sort((a, b) => a - b), star }
}
function numberOf(text: string, { names, firstName }: Bounds): number {
  const name = text === '' ? -1 : names.indexOf(text.toLowerCase())
  return name < 0 ? wholeNumber(text) : firstName + name
}
function wholeNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) wrong(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
  const n = Number(text)
  return n < 0 ? wrong(`negative number (${n}) not allowed: ${text}`) : n
}

const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, 'µs': 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
function interval(spec: string): number {
  const text = spec.slice('@every '.length), fail = (why: string): never => wrong(`failed to parse duration ${spec}: time: ${why}`)
  if (!/^[+-]?(\d+\.?\d*[^\d.]*|\.\d+[^\d.]*)+$/.test(text)) fail(`invalid duration ${JSON.stringify(text)}`)
  let ms = 0
  for (const [, amount, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)([^\d.]*)/g)) {
    if (unit === '') fail(`missing unit in duration ${JSON.stringify(text)}`)
    if (unitMs[unit] === undefined) fail(`unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`)
    ms += Number(amount) * unitMs[unit]
  }
  return Math.max(1000, Math.floor((text.startsWith('-') ? -ms : ms) / 1000) * 1000)
}

/** What Go says of the name of a time zone that it does not know; undefined: it is one. */
export function timeZoneError(name: string): string | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return undefined
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
    // Go's names are files, so case counts; an alias is known under its other name.
    if (/^[A-Za-z]/.test(name) && (known === name || known.toLowerCase() !== name.toLowerCase())) return undefined
  } catch { /* not one */ }
  return `unknown time zone ${name}`
}
