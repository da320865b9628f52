import { parse } from 'yaml'
import { parseDuration } from '../../base/duration.ts'
import { suggest } from '../../base/suggest.ts'
import { milliOf, quantityError, unitsOf } from './quantity.ts'

/**
 * What a container does, as its image or the pod's annotation `behaviour.kscenario.dev/<container>` declares it. Times are whole
 * milliseconds; `http`, `exec` and `exit` count from the start of the container.
 */
export interface Behaviour {
  /** pull, missing and size hold for this image; absent: for the container's own */
  readonly image?: string
  readonly pullMs: number
  readonly missing: boolean
  /** bytes of the image; absent: nothing was said of that */
  readonly sizeBytes?: number
  /** from created to started */
  readonly startMs: number
  readonly startError?: string
  /** the first `times` runs end by themselves; absent: every run */
  readonly exit?: { readonly afterMs: number; readonly code: number; readonly times?: number; readonly oom: boolean }
  /** the TCP ports that it listens on, whatever its container declares; absent: nothing was said of that */
  readonly listens?: readonly number[]
  /** it goes on until it is ended, even where containers are meant to end */
  readonly lasts?: true
  /** so long after its start it asks again and again, and goes on once it is answered; later times count as if that took none */
  readonly waits?: { readonly for: Question; readonly fromMs: number; readonly everyMs: number }
  /** what it has written down by then as the reason for its end; later rows win */
  readonly messages?: readonly { readonly fromMs: number; readonly text: string }[]
  /** files that come and go in it, in order; before its first row one is not there if that makes it, and is there if that removes it */
  readonly files?: readonly FileRow[]
  /** its /tmp begins empty, and all that is done there is known */
  readonly knowsTmp?: true
  /** later rows win; no path: every path; status 0: no answer */
  readonly http: readonly { readonly path?: string; readonly fromMs: number; readonly status: number }[]
  readonly exec: readonly { readonly fromMs: number; readonly code: number }[]
  readonly term: { readonly afterMs: number; readonly code: number; readonly ignore: boolean }
  /** what it prints, from so long after its start on; absent: nothing was said of that */
  readonly prints?: readonly Printed[]
  /** what it uses from so long after its start on, in order; later rows win. Absent: nothing was said of it. */
  readonly uses?: Readonly<Partial<Record<Used, readonly Use[]>>>
}
/** bytes of memory, bytes of the node's disk, processes, thousandths of a CPU */
export type Used = 'memory' | 'disk' | 'processes' | 'cpu'
/** Is there a name, does somebody listen, is a request answered well? `NAMESPACE` in a host stands for the namespace of the pod. */
export type Question =
  | { readonly ask: 'name'; readonly host: string }
  | { readonly ask: 'port'; readonly host: string; readonly port: number }
  | { readonly ask: 'page'; readonly host: string; readonly port: number; readonly path: string; /** any answer will do */ readonly any: boolean }
export const NAMESPACE = '\0namespace'
/** `content`: absent where it is not known */
export interface FileRow { readonly path: string; readonly fromMs: number; readonly exists: boolean; readonly content?: string }
export interface Use { readonly fromMs: number; readonly amount: number }
/** `everyMs`: the line comes again and again */
export interface Printed { readonly afterMs: number; readonly everyMs?: number; readonly line: string }
/** A behaviour, or one sentence that says what is wrong with its declaration. */
export type ParsedBehaviour = { readonly behaviour: Behaviour; readonly error?: undefined } | { readonly error: string; readonly behaviour?: undefined }

export const BEHAVIOUR_ANNOTATION = 'behaviour.kscenario.dev/'
/** starts after its pull, answers at once, ends with 0 on SIGTERM and otherwise runs for ever */
export const PLAIN: Behaviour = Object.freeze({
  pullMs: 0, missing: false, startMs: 0, http: Object.freeze([]), exec: Object.freeze([]), term: Object.freeze({ afterMs: 0, code: 0, ignore: false }),
})
/** a container that is meant to end, where nothing else is said of it */
export const ENDS: Behaviour = Object.freeze({ ...PLAIN, exit: Object.freeze({ afterMs: 1000, code: 0, oom: false }) })

const cache = new Map<string, ParsedBehaviour>()
/** The text of an annotation. Pure, so that what was read once is remembered. */
export function parseBehaviour(text: string): ParsedBehaviour {
  const before = cache.get(text)
  if (before) return before
  if (cache.size > 5000) cache.clear()
  const made = readText(text)
  cache.set(text, made)
  return made
}
function readText(text: string): ParsedBehaviour {
  try { return readBehaviour(parse(text)) } catch (error) { return { error: `it is no YAML: ${(error as Error).message.split('\n')[0]}` } }
}

class Malformed extends Error {}
/** A declared behaviour as data: what the YAML of `image "…":` holds. */
export function readBehaviour(value: unknown): ParsedBehaviour {
  try { return { behaviour: Object.freeze(whole(value ?? {})) } } catch (error) {
    if (error instanceof Malformed) return { error: error.message }
    throw error
  }
}

type Reader<T> = (value: unknown, at: string) => T
function whole(value: unknown): Behaviour {
  const v = fields(value, '', ['image', 'pull', 'missing', 'size', 'start', 'startError', 'exit', 'listens', 'http', 'exec', 'term', 'prints', ...USED])
  return {
    ...v.image === undefined ? {} : { image: text(v.image, 'image') }, pullMs: or(v.pull, 'pull', duration, 0), missing: or(v.missing, 'missing', flag, false),
    ...v.size === undefined || v.size === null ? {} : { sizeBytes: unitsOf(quantity(v.size, 'size', '300Mi')) },
    startMs: or(v.start, 'start', duration, 0), ...v.startError === undefined ? {} : { startError: text(v.startError, 'startError') },
    ...v.exit === undefined ? {} : { exit: exit(v.exit) }, ...v.listens === undefined || v.listens === null ? {} : { listens: ports(v.listens) },
    http: rows(v.http, 'http', httpRow), exec: rows(v.exec, 'exec', execRow), term: term(v.term ?? {}),
    ...v.prints === undefined || v.prints === null ? {} : { prints: prints(v.prints) }, ...uses(v),
  }
}
function exit(value: unknown): NonNullable<Behaviour['exit']> {
  const v = fields(value, 'exit', ['after', 'code', 'times', 'oom']), oom = or(v.oom, 'exit.oom', flag, false), times = or(v.times, 'exit.times', count, 0)
  return { afterMs: or(v.after, 'exit.after', duration, 0), code: oom ? 137 : or(v.code, 'exit.code', count, 0), ...times > 0 ? { times } : {}, oom }
}
/** `listens: 8080`, or several: `listens: [8080, 9090]` */
const ports = (value: unknown): readonly number[] => rows(Array.isArray(value) ? value : [value], 'listens', (port, at) => {
  if (count(port, at) < 1 || count(port, at) > 65535) throw new Malformed(`${at} must be a port from 1 to 65535, not ${JSON.stringify(port)}`)
  return port as number
})
function httpRow(value: unknown, at: string): Behaviour['http'][number] {
  const v = fields(value, at, ['path', 'from', 'status'])
  return {
    ...v.path === undefined || v.path === '' ? {} : { path: text(v.path, `${at}.path`) }, fromMs: or(v.from, `${at}.from`, duration, 0),
    status: or(v.status, `${at}.status`, count, 0),
  }
}
function execRow(value: unknown, at: string): Behaviour['exec'][number] {
  const v = fields(value, at, ['from', 'code'])
  return { fromMs: or(v.from, `${at}.from`, duration, 0), code: or(v.code, `${at}.code`, count, 0) }
}
/** `prints: "ready\n"`, or lines and when they come: `prints: [{after: 2s, line: ready}, {every: 10s, line: tick}]` */
function prints(value: unknown): readonly Printed[] {
  if (typeof value === 'string') return value.replace(/\n$/, '').split('\n').map(line => ({ afterMs: 0, line }))
  return rows(value, 'prints', (row, at) => {
    const v = fields(row, at, ['after', 'every', 'line']), everyMs = or(v.every, `${at}.every`, duration, 0)
    return { afterMs: or(v.after, `${at}.after`, duration, 0), ...everyMs > 0 ? { everyMs } : {}, line: text(v.line, `${at}.line`) }
  })
}
function term(value: unknown): Behaviour['term'] {
  const v = fields(value, 'term', ['after', 'code', 'ignore'])
  return { afterMs: or(v.after, 'term.after', duration, 0), code: or(v.code, 'term.code', count, 0), ignore: or(v.ignore, 'term.ignore', flag, false) }
}

const USED: readonly Used[] = ['memory', 'disk', 'processes', 'cpu']
function uses(v: Readonly<Record<string, unknown>>): Pick<Behaviour, 'uses'> {
  const said = USED.filter(what => v[what] !== undefined && v[what] !== null)
  return said.length === 0 ? {} : { uses: Object.fromEntries(said.map(what => [what, useRows(v[what], what)])) }
}
/** `memory: 64Mi`, or what it uses from when on: `memory: [{from: 30s, use: 200Mi}]` */
function useRows(value: unknown, what: Used): readonly Use[] {
  if (!Array.isArray(value)) return [{ fromMs: 0, amount: amountOf(value, what, what) }]
  return rows(value, what, (row, at) => {
    const v = fields(row, at, ['from', 'use'])
    return { fromMs: or(v.from, `${at}.from`, duration, 0), amount: amountOf(v.use, `${at}.use`, what) }
  }).toSorted((a, b) =>
    a.fromMs - b.fromMs)
}
/** `memory: 64Mi`, `cpu: 250m` */
function amountOf(value: unknown, at: string, what: Used): number {
  return what === 'cpu' ? milliOf(quantity(value, at, '250m')) : unitsOf(quantity(value, at, '64Mi'))
}
const quantity = (value: unknown, at: string, such: string): string | number => {
  if ((typeof value !== 'string' && typeof value !== 'number') || quantityError(value) !== undefined || unitsOf(value) < 0) {
    throw new Malformed(`${at} must be a quantity such as ${such}, not ${JSON.stringify(value)}`)
  }
  return value
}

function fields(value: unknown, at: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Malformed(`${at || 'it'} must be a mapping of ${known.join(', ')}`)
  for (const key of Object.keys(value)) if (!known.includes(key)) {
    const near = suggest(key, known)[0]
    throw new Malformed(`unknown key ${JSON.stringify(at ? `${at}.${key}` : key)}${near ? `, did you mean ${near}?` : ` (known: ${known.join(', ')})`}`)
  }
  return value as Record<string, unknown>
}
function rows<T>(value: unknown, at: string, row: Reader<T>): readonly T[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Malformed(`${at} must be a list`)
  return value.map((v, i) => row(v, `${at}[${i}]`))
}
const or = <T>(value: unknown, at: string, read: Reader<T>, otherwise: T): T => value === undefined || value === null ? otherwise : read(value, at)
const text: Reader<string> = (value, at) => {
  if (typeof value !== 'string') throw new Malformed(`${at} must be a text, not ${JSON.stringify(value)}`)
  return value
}
const flag: Reader<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new Malformed(`${at} must be true or false, not ${JSON.stringify(value)}`)
  return value
}
const count: Reader<number> = (value, at) => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new Malformed(`${at} must be a whole number, not ${JSON.stringify(value)}`)
  return value
}
const duration: Reader<number> = (value, at) => {
  const ms = typeof value === 'string' ? parseDuration(value) : value === 0 ? 0 : undefined
  if (ms === undefined) throw new Malformed(`${at} must be a duration such as 20s or 1m30s, not ${JSON.stringify(value)}`)
  return ms
}

// ---- what it answers
/** Status with which `path` is answered so long after the start; 0: no answer. */
export function httpStatus(behaviour: Pick<Behaviour, 'http'>, path: string, sinceMs: number): number {
  let status = 200
  for (const row of behaviour.http) if ((row.path === undefined || row.path === path) && sinceMs >= row.fromMs) status = row.status
  return status
}
/** Is the file there so long after the start? Undefined: nothing was said of that. */
export function fileExists({ files, knowsTmp }: Pick<Behaviour, 'files' | 'knowsTmp'>, path: string, sinceMs: number): boolean | undefined {
  const rows = files?.filter(row => row.path === path)
  if (!rows?.length && knowsTmp && path.startsWith('/tmp/')) return false
  return rows?.length ? rows.findLast(row => sinceMs >= row.fromMs)?.exists ?? !rows[0].exists : undefined
}
export function execCode(behaviour: Pick<Behaviour, 'exec'>, sinceMs: number): number {
  let code = 0
  for (const row of behaviour.exec) if (sinceMs >= row.fromMs) code = row.code
  return code
}
/** How much of it is in use so long after the start; undefined: nothing was said of that. */
export const used = (behaviour: Pick<Behaviour, 'uses'>, what: Used, sinceMs: number): number | undefined =>
  behaviour.uses?.[what]?.findLast(row => sinceMs >= row.fromMs)?.amount
/** When it first uses more memory than its limit: ms after the start; undefined: never. */
export const outOfMemoryAfter = (behaviour: Pick<Behaviour, 'uses'>, limitBytes: number): number | undefined =>
  behaviour.uses?.memory?.find(row => row.amount > limitBytes)?.fromMs
/** The lines that it has printed so long after its start, each with when; the earliest first. Undefined: nothing was said of what it prints. */
export function printedBy(behaviour: Pick<Behaviour, 'prints'>, sinceMs: number): readonly { readonly afterMs: number; readonly line: string }[] | undefined {
  return behaviour.prints?.flatMap(({ afterMs, everyMs, line }) => {
    const times = afterMs > sinceMs ? 0 : everyMs === undefined ? 1 : Math.floor((sinceMs - afterMs) / everyMs) + 1
    return Array.from({ length: times }, (_, i) => ({ afterMs: afterMs + i * (everyMs ?? 0), line }))
  }).sort((a, b) => a.afterMs - b.afterMs)
}
