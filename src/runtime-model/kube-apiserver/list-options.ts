import type { ApiRequest } from '../api/request.ts'
import { fieldMatcher, parseFieldSelector, parseLabelSelector } from '../api/selectors.ts'
import { badRequest, invalid, isStatus, type FieldProblem, type Status } from '../api/status.ts'
import type { KindDefinition } from '../kinds/index.ts'
import { jsonSyntaxError } from '../api/json-syntax.ts'
import { wrongResourceVersion } from './documents.ts'
import { minorOf } from './older-versions.ts'
import type { ServerOptions } from './state.ts'

/** What a list or watch selects. Source: k8s.io/apimachinery pkg/apis/meta/internalversion/validation, pkg/runtime/conversion.go (field labels). */
export type Selects = (object: any) => boolean

const compiled = new Map<string, Selects | Status>()
/** The test of both selectors and a single name; a Status if they cannot be read. */
export function selection(
  kind: KindDefinition, options: { readonly labelSelector?: string; readonly fieldSelector?: string; readonly name?: string }
): Selects | Status {
  const { labelSelector = '', fieldSelector = '', name } = options
  if (labelSelector === '' && fieldSelector === '' && name === undefined) return everything
  const key = `${kind.group}/${kind.version}/${kind.resource}\n${labelSelector}\n${fieldSelector}\n${name ?? ''}`, known = compiled.get(key)
  if (known) return known
  if (compiled.size > 20_000) compiled.clear()
  const made = compile(kind, labelSelector, fieldSelector, name)
  compiled.set(key, made)
  return made
}
export const everything: Selects = () => true

function compile(kind: KindDefinition, labelSelector: string, fieldSelector: string, name: string | undefined): Selects | Status {
  const tests: Selects[] = name === undefined ? [] : [o => o.metadata.name === name]
  if (labelSelector !== '') {
    const labels = parseLabelSelector(labelSelector)
    if (labels.error !== undefined) return badRequest(labels.error)
    tests.push(o => labels.matches(o.metadata.labels))
  }
  if (fieldSelector !== '') {
    const parsed = parseFieldSelector(fieldSelector)
    if (parsed.error !== undefined) return badRequest(parsed.error)
    const fields = fieldMatcher(parsed.terms, kind.fieldSelectors, kind.namespaced || isPlain(kind))
    if (fields.error !== undefined) return badRequest(unknownField(kind, fields.error))
    tests.push(fields.matches)
  }
  return tests.length === 1 ? tests[0] : o => { for (const test of tests) if (!test(o)) return false; return true }
}
/**
 * Kinds without fields of their own know two, though what is in no namespace has but an empty one. Source: k8s.io/apimachinery pkg/runtime/conversion.go
 * (DefaultMetaV1FieldSelectorConversion)
 */
const isPlain = (kind: KindDefinition): boolean => !kind.schema && !kind.unknownField && Object.keys(kind.fieldSelectors).length === 0
/** …and name them. */
function unknownField(kind: KindDefinition, error: string): string {
  const field = error.slice(error.indexOf(': ') + 2)
  if (kind.schema) return `field label not supported: ${field}`
  if (kind.unknownField) return kind.unknownField(field)
  return !isPlain(kind)
    ? error
    : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
}

/** Selectors that cannot be read at all: told before anything else. */
export function unreadableSelectors({ labelSelector, fieldSelector }: ApiRequest): Status | undefined {
  const wrong = (labelSelector ? parseLabelSelector(labelSelector).error : undefined) ?? (fieldSelector ? parseFieldSelector(fieldSelector).error : undefined)
  return wrong === undefined ? undefined : badRequest(wrong)
}
/** What is wrong with the combination of options. */
export function wrongListOptions({ resourceVersion, resourceVersionMatch, continue: token, sendInitialEvents }: ApiRequest): Status | undefined {
  if (sendInitialEvents !== undefined) {
    return invalid(listOptions, '', [{
      type: 'FieldValueForbidden', field: 'sendInitialEvents', body: 'Forbidden: sendInitialEvents is forbidden for list',
    }])
  }
  if (!resourceVersionMatch) return undefined
  const problems: FieldProblem[] = []
  if (!resourceVersion) problems.push(forbiddenMatch('resourceVersionMatch is forbidden unless resourceVersion is provided'))
  if (token) problems.push(forbiddenMatch('resourceVersionMatch is forbidden when continue is provided'))
  if (!matches.includes(resourceVersionMatch)) problems.push(unknownMatch(resourceVersionMatch, '"Exact", "NotOlderThan", ""'))
  if (resourceVersionMatch === 'Exact' && resourceVersion === '0') {
    problems.push(forbiddenMatch('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  }
  return problems.length > 0 ? invalid(listOptions, '', problems) : undefined
}
/** …and what storage cannot read of them. */
export function wrongPlaceInTime({ resourceVersion, continue: token }: ApiRequest): Status | undefined {
  const unreadable = wrongResourceVersion(resourceVersion ?? '')
  if (unreadable !== undefined) return badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: ${unreadable}`)
  const unfit = token && resourceVersion && resourceVersion !== '0' ? decodeContinue(token) : undefined
  return unfit && (isStatus(unfit) ? unfit : badRequest('specifying resource version is not allowed when using continue'))
}
/** The same of a watch. */
export function wrongWatchOptions({ resourceVersionMatch, continue: token, sendInitialEvents }: ApiRequest, options: ServerOptions): Status | undefined {
  if (!resourceVersionMatch && !token && sendInitialEvents === undefined) return undefined
  const problems: FieldProblem[] = [], fits = resourceVersionMatch === 'NotOlderThan'
  if (sendInitialEvents !== undefined && !fits) problems.push(forbiddenMatch('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  if (sendInitialEvents !== undefined && minorOf(options) < 34) problems.push(withoutWatchList)
  if (sendInitialEvents === undefined && resourceVersionMatch) problems.push(forbiddenMatch('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'))
  if (resourceVersionMatch && resourceVersionMatch !== 'NotOlderThan') problems.push(unknownMatch(resourceVersionMatch, '"NotOlderThan"'))
  if (token) problems.push(forbiddenMatch('resourceVersionMatch is forbidden when continue is provided'))
  return problems.length > 0 ? invalid(listOptions, '', problems) : undefined
}
const listOptions = { group: 'meta.k8s.io', kind: 'ListOptions' }, field = 'resourceVersionMatch'
const forbiddenMatch = (body: string): FieldProblem => ({ type: 'FieldValueForbidden', field, body: `Forbidden: ${body}` })
const unknownMatch = (match: string, known: string): FieldProblem =>
  ({ type: 'FieldValueNotSupported', field, body: `Unsupported value: ${JSON.stringify(match)}: supported values: ${known}` })

/** Source: apimachinery pkg/apis/meta/internalversion/validation of 0.33; WatchList is on from 1.34 */
const withoutWatchList: FieldProblem = {
  type: 'FieldValueForbidden', field: 'sendInitialEvents',
  body: 'Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
}

const matches: readonly string[] = ['Exact', 'NotOlderThan']

/** Source: k8s.io/apiserver pkg/storage/continue.go */
export interface Continue { readonly v: string; readonly rv: number; readonly start: string }
export const encodeContinue = (revision: number, start: string): string => toBase64Url(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start }))
export function decodeContinue(token: string): Continue | Status {
  const wrong = (why: string): Status => badRequest(`invalid continue token: continue key is not valid: ${why}`)
  const odd = [...token].findIndex(c => !alphabet.includes(c))
  // five bits of a last character alone are no byte
  if (odd >= 0 || token.length % 4 === 1) return wrong(`illegal base64 data at input byte ${odd >= 0 ? odd : token.length - 1}`)
  const text = fromBase64Url(token), syntax = jsonSyntaxError(text)
  if (syntax !== undefined) return wrong(firstByte(token, syntax))
  const value = JSON.parse(text), { v = '', rv, start } = value ?? {}
  if (v !== 'meta.k8s.io/v1') return wrong(`server does not recognize this encoded version ${v}`)
  if (!rv) return wrong(`incorrect encoded start resourceVersion (version ${v})`)
  return start ? value : wrong(`encoded start key empty (version ${v})`)
}
/** Go tells the byte it meets, though it is no character. */
const firstByte = (token: string, syntax: string): string => {
  const byte = alphabet.indexOf(token[0]) << 2 | alphabet.indexOf(token[1] ?? 'A') >> 4
  return byte < 128 ? syntax : syntax.replace('\ufffd', byte < 0xa0 ? `\\u00${byte.toString(16)}` : String.fromCharCode(byte))
}
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
function toBase64Url(text: string): string {
  let out = '', bits = 0, value = 0
  for (const byte of new TextEncoder().encode(text)) {
    value = (value << 8 | byte) & 0xffff
    bits += 8
    while (bits >= 6) { bits -= 6; out += alphabet[(value >> bits) & 63] }
  }
  return bits > 0 ? out + alphabet[(value << (6 - bits)) & 63] : out
}
function fromBase64Url(text: string): string {
  const bytes: number[] = []
  let bits = 0, value = 0
  for (const c of text) {
    const digit = alphabet.indexOf(c)
    if (digit < 0) throw new Error('not base64')
    value = (value << 6 | digit) & 0xffff; bits += 6
    if (bits >= 8) { bits -= 8; bytes.push((value >> bits) & 255) }
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}
