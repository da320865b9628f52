import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import { parse } from './generated/jsonpath.js'
import { evaluateNodes } from './jsonpath-eval.ts'

/** A parsed template. Source: k8s.io/client-go/util/jsonpath (node.go). */
export type JsonPathNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'list' | 'union'; readonly nodes: readonly JsonPathNode[] }
  | { readonly type: 'field'; readonly name: string }
  | {
      readonly type: 'slice'
      readonly from?: number
      readonly to?: number
      /** `[3]`: `to` follows from `from` */
      readonly single: boolean
      readonly step?: number
    }
  | { readonly type: 'filter'; readonly left: JsonPathNode; readonly operator: string; readonly right?: JsonPathNode }
  | { readonly type: 'wildcard' | 'recursive' }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'identifier'; readonly name: string }

export interface JsonPath {
  readonly template: string
  readonly nodes: readonly JsonPathNode[]
}
export type ParsedJsonPath =
  | { readonly value: JsonPath; readonly diagnostics: readonly [] }
  | { readonly value?: undefined; readonly diagnostics: readonly [Diagnostic] }

/** Ends a parse with the words of client-go's parser. */
class TemplateError extends Error {}
const fail = (message: string): never => {
  throw new TemplateError(message)
}

/** `{.items[*].metadata.name}` and text around it → AST, or kubectl's error: `error parsing jsonpath {.x, unclosed action`. */
export function parseJsonPath(template: string): ParsedJsonPath {
  try {
    return { value: { template, nodes: nodesOf(template) }, diagnostics: [] }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const span = { line: 1, column: 1, endColumn: template.length + 1 }
    return { diagnostics: [diagnostic({ code: 'jsonpath-syntax', message: `error parsing jsonpath ${template}, ${error.message}`, span })] }
  }
}

function nodesOf(template: string): JsonPathNode[] {
  return parse(template, { peg$library: true, startRule: 'Template', fail, field, number, quoted, subscript, filter }).peg$result
}
/** What stands between braces, by itself. */
const actionOf = (text: string): JsonPathNode => nodesOf(`{${text}}`)[0] ?? fail('unclosed action')

const field = (name: string): JsonPathNode => (name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') })

function number(text: string): JsonPathNode {
  const value = Number(text)
  return text !== '' && Number.isFinite(value) && /\d/.test(text) ? { type: 'number', value } : fail(`cannot parse number ${text}`)
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }
function quoted(literal: string): JsonPathNode {
  const text = literal
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/g, (_, code: string) =>
      code.length > 1 ? String.fromCharCode(parseInt(code.slice(1), 16)) : (escapes[code] ?? code),
    )
  return { type: 'text', text }
}

function subscript(inside: string): JsonPathNode {
  if (inside === '*') return { type: 'slice', single: false }
  const members = inside.split(',')
  if (members.length > 1) return { type: 'union', nodes: members.map(member => actionOf(`[${member.trim()}]`)) }
  const key = /^'([^']*)'$/.exec(inside)
  if (key) return actionOf(`.${key[1]}`)
  const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(inside)
  if (!slice) return fail(`invalid array index ${inside}`)
  const [from, to, step] = [slice[1], slice[2]?.slice(1), slice[3]?.slice(1)].map(text =>
    text ? (Number.isInteger(Number(text)) ? Number(text) : fail(`array index ${text} is not a number`)) : undefined,
  )
  return { type: 'slice', from, to, single: slice[2] === undefined, step }
}

function filter(text: string): JsonPathNode {
  const parts = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text)
  if (!parts) return { type: 'filter', left: actionOf(text), operator: 'exists' }
  return { type: 'filter', left: actionOf(parts[1]), operator: parts[2], right: actionOf(parts[3]) }
}

/** One list of results for each text or action of the template, or what client-go says is wrong. A missing field is no error. */
export type Evaluated = { readonly results: readonly (readonly unknown[])[] } | { readonly error: string }
export const evaluate = (path: JsonPath, data: unknown, strict = false): Evaluated => evaluateNodes(path.nodes, data, strict)

/** `.spec.x`, `spec.x`, `{.spec.x}` → `{.spec.x}`. Source: kubectl/pkg/cmd/get/customcolumn.go, RelaxedJSONPathExpression. */
export function relaxJsonPath(path: string): { readonly template: string } | { readonly error: string } {
  const outcome = parse(path, { peg$library: true, startRule: 'Relaxed' })
  if (outcome.peg$success) return { template: `{.${outcome.peg$result}}` }
  return { error: `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'` }
}

/** All values that a path, relaxed or in braces, finds in an object: what `has field` reads. */
export function findValues(path: string, data: unknown): { readonly values: readonly unknown[] } | { readonly error: string } {
  const relaxed = path.trimStart().startsWith('{') ? { template: path } : { template: `{${/^[.[$@]/.test(path) ? path : `.${path}`}}` }
  const parsed = parseJsonPath(relaxed.template)
  if (!parsed.value) return { error: parsed.diagnostics[0].message }
  const found = evaluate(parsed.value, data)
  return 'error' in found ? found : { values: found.results.flat() }
}

/** What `-o jsonpath=` prints: strings raw, objects as JSON with sorted keys, several results joined by a space. */
export function renderJsonPath(template: string, data: unknown, strict = false): { readonly text: string } | {
  readonly error: string; /** why the template, which is one, does not fit the data */ readonly executing?: string
} {
  const parsed = parseJsonPath(template)
  if (!parsed.value) return { error: parsed.diagnostics[0].message }
  const found = evaluate(parsed.value, data, strict)
  if ('error' in found) return { error: `error executing jsonpath ${JSON.stringify(template)}: ${found.error}`, executing: found.error }
  return { text: found.results.map(list => list.map(printed).join(' ')).join('') }
}

function printed(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'object' ? toJson(value) : String(value)
}

/** encoding/json: keys sorted, `<`, `>` and `&` escaped. */
function toJson(value: unknown): string {
  const sorted = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(sorted)
    if (typeof v !== 'object' || v === null) return v
    return Object.fromEntries(
      Object.entries(v)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([k, inner]) => [k, sorted(inner)]),
    )
  }
  return JSON.stringify(sorted(value)).replace(/[<>&\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
