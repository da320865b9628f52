import { failure } from '../errors.ts'
import { goText } from './custom-columns.ts'

/**
 * Go templates, as far as people write them for kubectl: fields, `range`/`if`/`with`/`else`/`end`, variables, pipes and the common functions.
 * Source: Go's text/template (parse and exec); kubectl adds base64decode.
 */
type Node = { readonly is: 'text'; readonly text: string } | { readonly is: 'print'; readonly code: string }
  | { readonly is: 'block'; readonly word: 'range' | 'if' | 'with'; readonly code: string; readonly body: readonly Node[]; readonly otherwise: readonly Node[] }

export function goTemplate(template: string): (data: unknown) => string {
  const wrong = (why: string): Error => failure(`error parsing template ${template}, template: output:1: ${why}`)
  if (template.lastIndexOf('{{') > template.lastIndexOf('}}')) throw wrong('unclosed action')
  const parts = [...template.matchAll(/\{\{(- )?([\s\S]*?)( -)?\}\}|((?:(?!\{\{)[\s\S])+)/g)]
  const tokens = parts.map((m, i) =>
    m[4] === undefined ? { code: m[2].trim() } : { text: trimmed(m[4], parts[i - 1]?.[3] !== undefined, parts[i + 1]?.[1] !== undefined) })
  let at = 0
  const list = (closing: boolean): { readonly nodes: Node[]; readonly end: string } => {
    const nodes: Node[] = []
    while (at < tokens.length) {
      const token = tokens[at++]
      if ('text' in token) { nodes.push({ is: 'text', text: token.text! }); continue }
      const code = token.code!, [word] = code.split(/\s/)
      if (code.startsWith('/*')) continue
      if (word === 'end' || word === 'else') { if (!closing) throw wrong(`unexpected {{${word}}}`); return { nodes, end: code } }
      if (word === 'range' || word === 'if' || word === 'with') nodes.push(block(word, code.slice(word.length).trim()))
      else nodes.push({ is: 'print', code })
    }
    if (closing) throw wrong('unexpected EOF')
    return { nodes, end: '' }
  }
  const block = (word: 'range' | 'if' | 'with', code: string): Node => {
    const first = list(true)
    if (first.end === 'end') return { is: 'block', word, code, body: first.nodes, otherwise: [] }
    const more = /^else\s+(if|with)\s+([\s\S]*)$/.exec(first.end)
    return { is: 'block', word, code, body: first.nodes, otherwise: more ? [block(more[1] as 'if', more[2])] : list(true).nodes }
  }
  const { nodes } = list(false)
  return data => run(nodes, { dot: data, variables: new Map([['$', data]]) }, wrong)
}
const trimmed = (text: string, left: boolean, right: boolean): string => { const t = left ? text.trimStart() : text; return right ? t.trimEnd() : t }

interface Scope { readonly dot: unknown; readonly variables: Map<string, unknown> }
const truthy = (v: unknown): boolean => Array.isArray(v) ? v.length > 0 : typeof v === 'object' && v !== null ? Object.keys(v).length > 0 : Boolean(v)

function run(nodes: readonly Node[], scope: Scope, wrong: (why: string) => Error): string {
  return nodes.map(node => {
    if (node.is === 'text') return node.text
    const assigned = /^(\$\w+)(?:\s*,\s*(\$\w+))?\s*:?=\s*([\s\S]+)$/.exec(node.code), code = assigned?.[3] ?? node.code, value = pipeline(code, scope, wrong)
    if (node.is === 'print') {
      if (assigned) { scope.variables.set(assigned[1], value); return '' }
      return value === undefined || value === null ? '<no value>' : goText(value)
    }
    const inner = (dot: unknown, set: readonly (readonly [string | undefined, unknown])[] = []): string =>
      run(node.body, { dot, variables: new Map([...scope.variables, ...set.filter(([n]) => n).map(([n, v]) => [n!, v] as const)]) }, wrong)
    if (!truthy(value)) return run(node.otherwise, scope, wrong)
    if (node.word !== 'range') return inner(node.word === 'with' ? value : scope.dot, [[assigned?.[1], value]])
    const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value as object).sort(([a], [b]) => a < b ? -1 : 1)
    return entries.map(([key, item]) => inner(item, assigned?.[2] ? [[assigned[1], key], [assigned[2], item]] : [[assigned?.[1], item]])).join('')
  }).join('')
}

const words = /"(?:[^"\\]|\\.)*"|`[^`]*`|\(|\)|\||[^\s()|]+/g
function pipeline(code: string, scope: Scope, wrong: (why: string) => Error): unknown {
  const tokens = code.match(words) ?? []
  let at = 0
  const command = (given: readonly unknown[]): unknown => {
    const terms: unknown[] = [], first = tokens[at]
    const name = first !== undefined && Object.hasOwn(functions, first) ? tokens[at++] : undefined
    while (at < tokens.length && tokens[at] !== '|' && tokens[at] !== ')') terms.push(term())
    if (name) return functions[name]([...terms, ...given], wrong)
    if (terms.length !== 1) throw wrong(`can't evaluate {{${code}}}`)
    return terms[0]
  }
  const all = (): unknown => {
    let value = command([])
    while (tokens[at] === '|') { at++; value = command([value]) }
    return value
  }
  const term = (): unknown => {
    const token = tokens[at++]
    if (token === '(') { const value = all(); at++; return tokens[at]?.startsWith('.') ? path(value, tokens[at++]!.slice(1)) : value }
    if (token.startsWith('"')) return JSON.parse(token) as unknown
    if (token.startsWith('`')) return token.slice(1, -1)
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token)
    if (token === 'true' || token === 'false') return token === 'true'
    if (token === 'nil') return null
    if (token.startsWith('$')) {
      const [name, ...rest] = token.split('.')
      if (!scope.variables.has(name)) throw wrong(`undefined variable ${JSON.stringify(name)}`)
      return path(scope.variables.get(name), rest.join('.'))
    }
    if (token.startsWith('.')) return path(scope.dot, token.slice(1))
    throw wrong(`function ${JSON.stringify(token)} not defined`)
  }
  return all()
}
const path = (value: unknown, dotted: string): unknown => dotted === '' ? value : dotted.split('.').reduce<any>((v, key) => v?.[key], value)

const compare = (a: any, b: any): number => a < b ? -1 : a > b ? 1 : 0
const functions: Readonly<Record<string, (given: readonly any[], wrong: (why: string) => Error) => unknown>> = {
  len: ([v], wrong) => {
    if (typeof v === 'string' || Array.isArray(v)) return v.length
    if (v && typeof v === 'object') return Object.keys(v).length
    throw wrong('error calling len: len of nil pointer')
  },
  index: ([v, ...keys]) => keys.reduce((at, key) => at?.[key], v),
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
