import type { FieldError } from '../kind.ts'

/** Makers of field errors in Kubernetes' words. Source: k8s.io/apimachinery pkg/util/validation/field (errors.go), 1.34+ wording (composite values as JSON). */
export const invalid = (field: string, value: unknown, detail: string): FieldError =>
  ({ type: 'FieldValueInvalid', field, body: `Invalid value: ${print(value)}${tail(detail)}` })
/** where the value would be of no help */
export const invalidWithoutValue = (field: string, detail: string): FieldError => ({ type: 'FieldValueInvalid', field, body: `Invalid value: ${detail}` })
export const required = (field: string, detail = ''): FieldError => ({ type: 'FieldValueRequired', field, body: `Required value${tail(detail)}` })
export const duplicate = (field: string, value: unknown): FieldError => ({ type: 'FieldValueDuplicate', field, body: `Duplicate value: ${print(value)}` })
export const notFound = (field: string, value: unknown): FieldError => ({ type: 'FieldValueNotFound', field, body: `Not found: ${print(value)}` })
export const forbidden = (field: string, detail: string): FieldError => ({ type: 'FieldValueForbidden', field, body: `Forbidden${tail(detail)}` })
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError =>
  ({
    type: 'FieldValueNotSupported', field,
    body: `Unsupported value: ${inJson(print(value))}${supported.length ? `: supported values: ${supported.map(s => JSON.stringify(s)).join(', ')}` : ''}`,
  })
export const tooLong = (field: string, max: number): FieldError => ({ type: 'FieldValueTooLong', field, body: `Too long: may not be more than ${max} bytes` })
export const tooMany = (field: string, actual: number, max: number): FieldError =>
  ({ type: 'FieldValueTooMany', field, body: `Too many: ${actual}: must have at most ${max} ${max === 1 ? 'item' : 'items'}` })

/** what two functions of the server say, one after the other */
export const twice = (errors: readonly FieldError[]): readonly FieldError[] => errors.length === 0 ? errors : [...errors, ...errors]

const tail = (detail: string): string => detail === '' ? '' : ': ' + detail

/** A value as Go prints it: strings quoted, numbers and booleans bare, everything else JSON with Go's HTML escapes. */
export function print(value: unknown): string {
  if (value === undefined) return 'null'
  if (typeof value === 'string') return JSON.stringify(value)
  return inJson(JSON.stringify(sortMaps(asWritten(value))))
}
/** Go's JSON escapes what HTML would take for its own; so are texts of named types written, as those that must be one of a few are. */
const inJson = (text: string): string => text.replace(/[<>&\u2028\u2029]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))

// Selectors are written without the empty lists and maps in them; types of the server's own have all their fields.
function asWritten(value: any): any {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(asWritten)
  const shown = Object.entries<any>(value).filter(([key, v]) => !ofSelectors.has(key) || Object.keys(v ?? {}).length > 0)
  return Object.fromEntries(shown.map(([key, v]) => [key, asWritten(v)]))
}
const ofSelectors: ReadonlySet<string> = new Set(['matchLabels', 'matchExpressions', 'values'])
// Go writes maps sorted by key. A map can be told from a struct by having only texts in it, and from an internal one by its keys.
function sortMaps(value: any): any {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sortMaps)
  const keys = Object.keys(value)
  return Object.fromEntries((keys.every(k => typeof value[k] === 'string') && !keys.every(k => /^[A-Z]/.test(k)) ? keys.sort() : keys).map(k =>
    [k, sortMaps(value[k])]))
}

export const nonNegative = (value: number | undefined | null, field: string): FieldError[] =>
  typeof value === 'number' && value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : []
export const portRange = (value: unknown, field: string): FieldError[] =>
  typeof value === 'number' && (value < 1 || value > 65_535) ? [invalid(field, value, 'must be between 1 and 65535, inclusive')] : []
/** `field is immutable` unless both are deeply equal */
export const immutable = (value: unknown, old: unknown, field: string): FieldError[] =>
  deepEqual(value, old) ? [] : [invalid(field, value, 'field is immutable')]

/**
 * Semantic equality of decoded values, as in apimachinery's equality.Semantic: an empty list or map is the same as none. Decoding has dropped empty maps, so
 * `{}` is a struct, and to have one is something else than to have none.
 */
export function deepEqual(a: any, b: any): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return nothing(a) && nothing(b)
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return nothing(a) && nothing(b)
    return a.length === b.length && a.every((v, i) => deepEqual(v, b[i]))
  }
  for (const key in a) if (!deepEqual(a[key], b[key])) return false
  for (const key in b) if (!(key in a) && !nothing(b[key])) return false
  return true
}
const nothing = (v: any): boolean => v === undefined || v === null || (Array.isArray(v) && v.length === 0)
