import { goText } from '../custom-columns.ts'
import { sprint, sprintf, typeOf } from './format.ts'

/** Why a function cannot do it; undefined and null are values that are not there. */
export class Failed extends Error {}
const fail = (why: string): never => { throw new Failed(why) }
const isNothing = (value: unknown): value is undefined | null => value === undefined || value === null
export const truthy = (v: unknown): boolean => Array.isArray(v) ? v.length > 0 : typeof v === 'object' && v !== null ? Object.keys(v).length > 0 : Boolean(v)

type Basic = 'bool' | 'whole' | 'float' | 'string'
/** Go's kind of a value that can be compared in order; undefined: it cannot. */
const kindOf = (value: unknown): Basic | undefined => typeof value === 'bigint' ? 'whole'
  : typeof value === 'number' ? Number.isInteger(value) ? 'whole' : 'float'
  : typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : undefined
const incompatible = (a: unknown, b: unknown): never => fail(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`)

function equal([first, ...rest]: readonly unknown[]): boolean {
  if (rest.length === 0) fail('missing argument for comparison')
  return rest.some(other => {
    if (isNothing(first) || isNothing(other)) return isNothing(first) && isNothing(other)
    if (kindOf(first) !== kindOf(other)) incompatible(first, other)
    if (kindOf(first) === undefined) fail(`non-comparable type ${goText(first)}: ${typeOf(first)}`)
    // a bigint and a number of the same value
    return first == other
  })
}
function less(a: any, b: any): boolean {
  const kinds = [kindOf(a), kindOf(b)]
  if (kinds.includes(undefined)) fail('invalid type for comparison')
  if (kinds[0] !== kinds[1]) incompatible(a, b)
  if (kinds[0] === 'bool') fail('invalid type for comparison')
  return a < b
}
/** `most`: how far it may reach */
function place(index: unknown, most: number): number {
  if (isNothing(index)) fail('cannot index slice/array with nil')
  if (kindOf(index) !== 'whole') fail(`cannot index slice/array with type ${typeOf(index)}`)
  const at = Number(index)
  if (at < 0 || at > most) fail(`index out of range: ${at}`)
  return at
}
function index([value, ...keys]: readonly any[]): unknown {
  if (isNothing(value)) fail('index of untyped nil')
  return keys.reduce((at, key) => {
    if (isNothing(at)) fail('index of nil pointer')
    if (Array.isArray(at) || typeof at === 'string') {
      const bytes = typeof at === 'string' ? [...Buffer.from(at)].map(BigInt) : at, found = place(key, bytes.length)
      if (found === bytes.length) fail(`reflect: ${typeof at === 'string' ? 'string' : 'slice'} index out of range`)
      return bytes[found]
    }
    if (typeof at !== 'object') fail(`can't index item of type ${typeOf(at)}`)
    if (isNothing(key)) fail('value is nil; should be of type string')
    if (typeof key !== 'string') fail(`value has type ${typeOf(key)}; should be string`)
    return Object.hasOwn(at, key) ? at[key] : null
  }, value)
}
function slice([value, ...places]: readonly any[]): unknown {
  if (isNothing(value)) fail('slice of untyped nil')
  if (places.length > 3) fail(`too many slice indexes: ${places.length}`)
  if (typeof value !== 'string' && !Array.isArray(value)) fail(`can't slice item of type ${typeOf(value)}`)
  if (places.length === 3 && typeof value === 'string') fail('cannot 3-index slice a string')
  const bytes = typeof value === 'string' ? Buffer.from(value) : value, [from = 0, to = bytes.length] = places.map(at => place(at, bytes.length))
  if (from > to) fail(`invalid slice index: ${from} > ${to}`)
  return typeof value === 'string' ? (bytes as Buffer).subarray(from, to).toString('utf8') : value.slice(from, to)
}
function length([value]: readonly any[]): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (Array.isArray(value)) return BigInt(value.length)
  if (value === null) fail('len of nil pointer')
  if (isNothing(value)) fail('reflect: call of reflect.Value.Type on zero Value')
  return typeof value === 'object' ? BigInt(Object.keys(value).length) : fail(`len of type ${typeOf(value)}`)
}

const inHtml: Readonly<Record<string, string>> = { '"': '&#34;', '\'': '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;', '\0': '\ufffd' }
const inScript = (sign: string): string => /[\\'"]/.test(sign) ? `\\${sign}` : `\\u${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
const textOf = (given: readonly unknown[]): string => given.length === 1 && typeof given[0] === 'string' ? given[0] : sprint(given)
function decoded(text: string): string {
  const odd = /[^A-Za-z0-9+/=\r\n]/.exec(text), plain = text.replace(/[\r\n]/g, '')
  const wrong = odd ? odd.index : plain.length % 4 !== 0 ? plain.length - plain.length % 4 : undefined
  if (wrong !== undefined) fail(`base64 decode failed: illegal base64 data at input byte ${wrong}`)
  return Buffer.from(plain, 'base64').toString('utf8')
}

/** `least` arguments, and no more if `exactly`; `texts`: the first so many are strings; `first`: how the first of them is written. */
export interface GoFunction {
  readonly least: number
  readonly exactly?: true
  readonly texts?: number
  readonly run: (given: readonly any[], first: string) => unknown
}
/** Sources: Go's text/template/funcs.go; cli-runtime pkg/printers/template.go (exists, base64decode). `and` and `or` are in execute.ts. */
export const functions: Readonly<Record<string, GoFunction>> = {
  and: { least: 1, run: given => given.at(-1) }, or: { least: 1, run: given => given.at(-1) },
  call: {
    least: 1,
    run: ([value], first) => fail(isNothing(value) ? 'call of nil' : `non-function ${first} of type ${typeOf(value)}`),
  },
  not: { least: 1, exactly: true, run: ([v]) => !truthy(v) }, len: { least: 1, exactly: true, run: length },
  index: { least: 1, run: index }, slice: { least: 1, run: slice },
  eq: { least: 1, run: equal }, ne: { least: 2, exactly: true, run: given => !equal(given) }, lt: { least: 2, exactly: true, run: ([a, b]) => less(a, b) },
  le: { least: 2, exactly: true, run: ([a, b]) => less(a, b) || equal([a, b]) },
  gt: { least: 2, exactly: true, run: ([a, b]) => !less(a, b) && !equal([a, b]) }, ge: { least: 2, exactly: true, run: ([a, b]) => !less(a, b) },
  print: { least: 0, run: sprint }, println: { least: 0, run: given => `${given.map(goText).join(' ')}\n` },
  printf: { least: 1, texts: 1, run: ([format, ...rest]) => sprintf(format, rest) },
  html: { least: 0, run: given => textOf(given).replace(/["'&<>\0]/g, sign => inHtml[sign]) },
  js: { least: 0, run: given => textOf(given).replace(/[\\'"<>&=\x00-\x1f]/g, inScript) },
  urlquery: {
    least: 0,
    run: given => encodeURIComponent(textOf(given)).replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll('%20', '+'),
  },
  exists: { least: 1, run: given => { try { return !isNothing(index(given)) } catch (error) { if (error instanceof Failed) return false; throw error } } },
  base64decode: { least: 1, exactly: true, texts: 1, run: ([text]) => decoded(text) },
}
