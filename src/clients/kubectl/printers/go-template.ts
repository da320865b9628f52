import { failure } from '../errors.ts'
import type { Session } from '../session.ts'
import { goText } from './custom-columns.ts'
import { toCompactJson } from './json.ts'

/**
 * Go templates, as far as people write them for kubectl: fields, `range`/`if`/`with`/`else`/`end`, variables, pipes and the common functions.
 * Source: Go's text/template (parse and exec); kubectl adds base64decode.
 */
type Node = { readonly is: 'text'; readonly text: string } | { readonly is: 'print'; readonly code: string; readonly at: number }
  | {
    readonly is: 'block'; readonly word: 'range' | 'if' | 'with'; readonly code: string; readonly at: number; readonly body: readonly Node[];
    readonly otherwise: readonly Node[]
  }

export function goTemplate(template: string, strict: boolean): (session: Session, data: unknown) => void {
  const wrong = (why: string): Error => failure(`error parsing template ${template}, template: output:1: ${why}`)
  if (template.lastIndexOf('{{') > template.lastIndexOf('}}')) throw wrong('unclosed action')
  const parts = [...template.matchAll(/\{\{(- )?([\s\S]*?)( -)?\}\}|((?:(?!\{\{)[\s\S])+)/g)]
  const tokens = parts.map((m, i) =>
    m[4] === undefined
      ? { code: m[2].trim(), at: m.index + m[0].indexOf(m[2]) + /^\s*/.exec(m[2])![0].length }
      : { text: trimmed(m[4], parts[i - 1]?.[3] !== undefined, parts[i + 1]?.[1] !== undefined) })
  let at = 0
  const list = (closing: boolean): { readonly nodes: Node[]; readonly end: string; readonly endAt: number } => {
    const nodes: Node[] = []
    while (at < tokens.length) {
      const token = tokens[at++]
      if ('text' in token) { nodes.push({ is: 'text', text: token.text! }); continue }
      const code = token.code!, [word] = code.split(/\s/), start = token.at!
      if (code.startsWith('/*')) continue
      if (word === 'end' || word === 'else') { if (!closing) throw wrong(`unexpected {{${word}}}`); return { nodes, end: code, endAt: start } }
      if (word === 'range' || word === 'if' || word === 'with')
        nodes.push(block(word, code.slice(word.length).trim(), start + code.length - code.slice(word.length).trimStart().length))
      else nodes.push({ is: 'print', code, at: start })
    }
    if (closing) throw wrong('unexpected EOF')
    return { nodes, end: '', endAt: 0 }
  }
  const block = (word: 'range' | 'if' | 'with', code: string, start: number): Node => {
    const first = list(true)
    if (first.end === 'end') return { is: 'block', word, code, at: start, body: first.nodes, otherwise: [] }
    const more = /^else\s+(if|with)\s+([\s\S]*)$/.exec(first.end)
    const otherwise = more ? [block(more[1] as 'if', more[2], first.endAt + first.end.length - more[2].length)] : list(true).nodes
    return { is: 'block', word, code, at: start, body: first.nodes, otherwise }
  }
  const { nodes } = list(false)
  return (session, data) => {
    const out = { text: '' }
    try { run(nodes, { dot: data, variables: new Map([['$', data]]), strict, wrong }, out) } catch (error) {
      if (!(error instanceof Unfit)) throw error
      session.stdout += out.text
      throw told(session, template, data, error)
    }
    session.stdout += out.text
  }
}
/** The template does not fit the data: `offset` is where in the template that was seen, `node` what stands there. */
class Unfit extends Error {
  readonly offset: number
  readonly node: string
  constructor(offset: number, node: string, why: string) { super(why); this.offset = offset; this.node = node }
}
/** What has been written stays, and the data is shown behind it. Source: cli-runtime pkg/printers/template.go. */
function told(session: Session, template: string, data: unknown, { offset, node, message }: Unfit): Error {
  const before = template.slice(0, offset), line = before.split('\n').length, column = offset - (before.lastIndexOf('\n') + 1)
  const why = `template: output:${line}:${column}: executing "output" at <${node}>: ${message}`
  session.stdout += `Error executing template: ${why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${toCompactJson(data)}\n\tobject given to template engine was:\n\t\t${goText(data)}\n\n`
  return failure(`error executing template ${JSON.stringify(template)}: ${why}`)
}
const trimmed = (text: string, left: boolean, right: boolean): string => { const t = left ? text.trimStart() : text; return right ? t.trimEnd() : t }

interface Scope {
  readonly dot: unknown
  readonly variables: ReadonlyMap<string, unknown>
  /** a key that a map lacks is an error */
  readonly strict: boolean
  readonly wrong: (why: string) => Error
}
const truthy = (v: unknown): boolean => Array.isArray(v) ? v.length > 0 : typeof v === 'object' && v !== null ? Object.keys(v).length > 0 : Boolean(v)

function run(nodes: readonly Node[], given: Scope, out: { text: string }): void {
  const variables = new Map(given.variables), scope = { ...given, variables }
  for (const node of nodes) {
    if (node.is === 'text') { out.text += node.text; continue }
    const assigned = /^(\$\w+)(?:\s*,\s*(\$\w+))?\s*:?=\s*([\s\S]+)$/.exec(node.code), code = assigned?.[3] ?? node.code
    const value = pipeline(code, node.at + node.code.length - code.length, scope)
    if (node.is === 'print') {
      if (assigned) variables.set(assigned[1], value)
      else out.text += value === undefined || value === null ? '<no value>' : goText(value)
      continue
    }
    const inner = (dot: unknown, set: readonly (readonly [string | undefined, unknown])[] = []): void =>
      run(node.body, { ...scope, dot, variables: new Map([...variables, ...set.filter(([n]) => n).map(([n, v]) => [n!, v] as const)]) }, out)
    if (!truthy(value)) { run(node.otherwise, scope, out); continue }
    if (node.word !== 'range') { inner(node.word === 'with' ? value : scope.dot, [[assigned?.[1], value]]); continue }
    const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value as object).sort(([a], [b]) => a < b ? -1 : 1)
    for (const [key, item] of entries) inner(item, assigned?.[2] ? [[assigned[1], key], [assigned[2], item]] : [[assigned?.[1], item]])
  }
}

const words = /"(?:[^"\\]|\\.)*"|`[^`]*`|\(|\)|\||[^\s()|]+/g
/** The value of a pipeline that stands at `offset` of the template. */
function pipeline(code: string, offset: number, scope: Scope): unknown {
  const matches = [...code.matchAll(words)], tokens = matches.map(m => m[0]), places = matches.map(m => offset + m.index), { wrong } = scope
  let at = 0
  const command = (given: readonly unknown[]): unknown => {
    const terms: unknown[] = [], first = tokens[at], from = at
    const name = first !== undefined && Object.hasOwn(functions, first) ? tokens[at++] : undefined
    while (at < tokens.length && tokens[at] !== '|' && tokens[at] !== ')') terms.push(term())
    if (name) {
      const text = code.slice(matches[from].index, matches[at - 1].index + tokens[at - 1].length)
      return functions[name]([...terms, ...given], why => new Unfit(places[from], text, `error calling ${name}: ${why}`))
    }
    if (terms.length !== 1) throw wrong(`can't evaluate {{${code}}}`)
    return terms[0]
  }
  const all = (): unknown => {
    let value = command([])
    while (tokens[at] === '|') { at++; value = command([value]) }
    return value
  }
  /** Fields of fields; where one is missing, Go names the place of the second of a chain. */
  const path = (value: unknown, dotted: string, token: string, place: number): unknown => {
    if (dotted === '') return value
    const keys = dotted.split('.'), seen = token.startsWith('$') ? place + token.indexOf('.') : keys.length > 1 ? place + keys[0].length + 1 : place
    return keys.reduce<any>((v, key) => {
      if (v === undefined || v === null) return undefined
      if (typeof v !== 'object' || Array.isArray(v)) throw new Unfit(seen, token, `can't evaluate field ${key} in type interface {}`)
      if (scope.strict && !Object.hasOwn(v, key)) throw new Unfit(seen, token, `map has no entry for key ${JSON.stringify(key)}`)
      return v[key]
    }, value)
  }
  const term = (): unknown => {
    const place = places[at], token = tokens[at++]
    if (token === '(') {
      const value = all(), field = tokens[++at]
      return field?.startsWith('.') ? path(value, field.slice(1), field, places[at++]) : value
    }
    if (token.startsWith('"')) return JSON.parse(token) as unknown
    if (token.startsWith('`')) return token.slice(1, -1)
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token)
    if (token === 'true' || token === 'false') return token === 'true'
    if (token === 'nil') return null
    if (token.startsWith('$')) {
      const [name, ...rest] = token.split('.')
      if (!scope.variables.has(name)) throw wrong(`undefined variable ${JSON.stringify(name)}`)
      return path(scope.variables.get(name), rest.join('.'), token, place)
    }
    if (token.startsWith('.')) return path(scope.dot, token.slice(1), token, place)
    throw wrong(`function ${JSON.stringify(token)} not defined`)
  }
  return all()
}

const compare = (a: any, b: any): number => a < b ? -1 : a > b ? 1 : 0
const functions: Readonly<Record<string, (given: readonly any[], wrong: (why: string) => Error) => unknown>> = {
  len: ([v], wrong) => {
    if (typeof v === 'string' || Array.isArray(v)) return v.length
    if (v && typeof v === 'object') return Object.keys(v).length
    throw wrong(
      v === undefined || v === null
        ? 'reflect: call of reflect.Value.Type on zero Value'
        : `len of type ${typeof v === 'number' ? Number.isInteger(v) ? 'int' : 'float64' : 'bool'}`
    )
  },
  index: ([v, ...keys], wrong) => keys.reduce((at, key, depth) => {
    if (at === undefined || at === null) throw wrong(depth === 0 ? 'index of untyped nil' : 'index of nil pointer')
    if ((Array.isArray(at) || typeof at === 'string') && !(key >= 0 && key < at.length)) throw wrong(`index out of range: ${key}`)
    return at[key]
  }, v),
  eq: ([a, ...rest]) => rest.some(b => a === b), ne: ([a, b]) => a !== b, lt: ([a, b]) => compare(a, b) < 0, le: ([a, b]) => compare(a, b) <= 0,
  gt: ([a, b]) => compare(a, b) > 0, ge: ([a, b]) => compare(a, b) >= 0,
  and: given => given.find(v => !truthy(v)) ?? given.at(-1), or: given => given.find(truthy) ?? given.at(-1), not: ([v]) => !truthy(v),
  print: given => given.map(goText).join(''), println: given => `${given.map(goText).join(' ')}\n`,
  printf: ([format, ...rest]) => {
    let i = 0
    return String(format).replace(/%[-+0-9.]*[sdvqt%]/g, verb =>
      verb === '%%' ? '%' : verb.endsWith('q') ? JSON.stringify(String(rest[i++])) : goText(rest[i++]))
  },
  base64decode: ([v]) => Buffer.from(String(v), 'base64').toString('utf8'),
}
