import type { Node } from '../expressions/program.ts'
import { isObject, valuesOf, type Schema } from './schema.ts'

/**
 * The most that an expression over values of a schema may cost, as the API server reckons it before the expression ever runs: what is long without bounds is as
 * long as a request may be. Approximate: what functions of the libraries cost besides walking through their strings is 1, and what they give is short.
 * Source: cel-go checker/cost.go, k8s.io/apiserver pkg/cel/{common/schemas.go,library/cost.go}; compared with the answers of a 1.35.4 API server.
 */
const requestBytes = 3 * 1024 * 1024, walk = 0.1, regex = 0.25, newList = 10, newMap = 30, unknown = 2 ** 64
const capped = (n: number): number => Math.min(unknown, Math.ceil(n))

/** What is known of a value: its schema where it is a part of the object, and its length. */
interface Value { readonly cost: number; readonly size: number; readonly schema?: Schema }
type Scope = Readonly<Record<string, Omit<Value, 'cost'>>>

export const costOf = (program: { readonly ast: Node }, schema: Schema): number => {
  const self = { size: sizeOf(schema), schema }
  return value(program.ast, { self, oldSelf: self }).cost
}
/** How often a rule may run in one object: `bound` is what lists and maps around it allow, undefined where one of them has no bound. */
export const runs = (schema: Schema, bound: number | undefined): number => bound ?? Math.floor(requestBytes / (leastBytes(schema) + 1))
export const boundOf = (schema: Schema): number | undefined => schema.type === 'array' ? schema.maxItems : schema.maxProperties

function sizeOf(schema: Schema): number {
  const values = valuesOf(schema)
  if (schema.type === 'array') return schema.maxItems ?? Math.floor((requestBytes - 2) / (leastBytes(isObject(schema.items) ? schema.items : {}) + 1))
  if (values) return schema.maxProperties ?? Math.floor((requestBytes - 2) / (leastBytes(values) + 6))
  if (schema.type !== 'string') return 0
  if (schema.enum) return Math.max(...schema.enum.map((e: unknown) => String(e).length))
  return schema.maxLength !== undefined ? schema.maxLength * 4 : requestBytes - 2
}
/** bytes of the shortest JSON that fits */
function leastBytes(schema: Schema): number {
  if (schema.type === 'boolean') return 4
  if (schema.type !== 'object') return schema.type === 'string' || schema.type === 'array' ? 2 : 1
  return (schema.required ?? []).filter(name => schema.properties?.[name] && schema.properties[name].default === undefined)
    .reduce((sum, name) => sum + name.length + 4 + leastBytes(schema.properties![name]), 2)
}

function value(node: Node, scope: Scope): Value {
  switch (node.op) {
    case 'value': return { cost: 0, size: typeof node.args === 'string' ? node.args.length : 1 }
    case 'id': return { cost: 1, ...scope[node.args] ?? { size: 0 } }
    case '.': case '.?': { const of = value(node.args[0], scope); return { cost: of.cost + 1, ...part(of.schema, node.args[1]) } }
    case '[]': case '[?]': {
      const of = value(node.args[0], scope), inner = itemOf(of.schema)
      return { cost: of.cost + value(node.args[1], scope).cost + 1, size: inner ? sizeOf(inner) : 0, schema: inner }
    }
    case 'list': return { cost: newList + sum(node.args, scope), size: node.args.length }
    case 'map': return { cost: newMap + sum(node.args.flat(), scope), size: node.args.length }
    case '!_': case '-_': return { cost: 1 + value(node.args, scope).cost, size: 0 }
    case '&&': case '||': return { cost: sum(node.args, scope), size: 0 }
    case '?:': {
      const [when, then, otherwise] = node.args.map((n: Node) => value(n, scope)) as Value[]
      return { cost: when.cost + Math.max(then.cost, otherwise.cost), size: Math.max(then.size, otherwise.size) }
    }
    case 'call': return call(node.args[0], undefined, node.args[1], scope)
    case 'rcall': return isMacro(node) ? macro(node, scope) : call(node.args[0], value(node.args[1], scope), node.args[2], scope)
    default: return binary(node, scope)
  }
}
const sum = (nodes: readonly Node[], scope: Scope): number => nodes.reduce((all, n) => capped(all + value(n, scope).cost), 0)
const itemOf = (schema: Schema | undefined): Schema | undefined => schema && (isObject(schema.items) ? schema.items : valuesOf(schema))
function part(schema: Schema | undefined, name: string): Omit<Value, 'cost'> {
  const found = schema && (schema.properties?.[name] ?? valuesOf(schema))
  return found ? { size: sizeOf(found), schema: found } : { size: 0 }
}

function binary({ op, args }: Node, scope: Scope): Value {
  const [a, b] = (args as Node[]).map(n => value(n, scope)), cost = capped(a.cost + b.cost)
  if (op === 'in') return { cost: cost + (b.schema && valuesOf(b.schema) ? 1 : b.size), size: 0 }
  if (op === '+') {
    const lists = isListing(args[0], a) || isListing(args[1], b), texts = !lists && (isText(args[0], a) || isText(args[1], b)), size = capped(a.size + b.size)
    return { cost: capped(cost + (texts ? size * walk : 1)), size: texts || lists ? size : 0 }
  }
  return ['==', '!='].includes(op) ? { cost: cost + Math.ceil(Math.min(a.size, b.size) * walk), size: 0 } : { cost: cost + 1, size: 0 }
}
const isListing = (node: Node, { schema }: Value): boolean =>
  node.op === 'list' || schema?.type === 'array' || node.op === 'rcall' && gives[node.args[0]] === 'list'
const isText = (node: Node, { schema, size }: Value): boolean => typeof node.args === 'string' && node.op === 'value' || schema?.type === 'string'
  || node.op === '+' && size > 0 || node.op === 'call' && node.args[0] === 'string' || node.op === 'rcall' && gives[node.args[0]] === 'text'

const gives: Readonly<Record<string, 'text' | 'list'>> = {
  lowerAscii: 'text', upperAscii: 'text', trim: 'text', substring: 'text', replace: 'text', join: 'text', find: 'text', charAt: 'text', split: 'list',
  findAll: 'list',
  map: 'list', filter: 'list',
}
function call(name: string, of: Value | undefined, args: readonly Node[], scope: Scope): Value {
  if (name === 'has') return { cost: value(args[0].args[0], scope).cost, size: 0 }
  const given = args.map(a => value(a, scope)), cost = capped((of?.cost ?? 0) + given.reduce((all, g) => all + g.cost, 0)), [first, second] = given
  const walked = (text: Value): number => Math.ceil(text.size * walk)
  // no one knows how long the text of a number is
  if (name === 'string') return { cost: cost + 1, size: unknown }
  if (!of) return { cost: cost + 1, size: 0 }
  switch (name) {
    case 'startsWith': case 'endsWith': return { cost: cost + walked(first), size: 0 }
    case 'contains': return of.schema?.type === 'string' ? { cost: capped(cost + walked(of) * walked(first)), size: 0 } : { cost: cost + 1, size: 0 }
    case 'matches': return { cost: capped(cost + Math.ceil((of.size + 1) * walk) * Math.ceil(first.size * regex)), size: 0 }
    // which format that is nobody asks, nor how much it finds wrong. Source: k8s.io/apiserver pkg/cel/library/cost.go (MaxNameFormatRegexSize)
    case 'validate': return { cost: capped(cost + walked(first) * Math.ceil(128 * regex)), size: unknown }
    case 'value': case 'orValue': return { cost: cost + 1, size: of.size }
    case 'intersects': return { cost: capped(cost + first.size * second.size), size: 0 }
    case 'join': return joined(of, first, cost)
    case 'split': return { cost: cost + 2 * walked(of), size: of.size }
    default: return gives[name] ? { cost: capped(cost + walked(of)), size: of.size } : { cost: cost + 1, size: 0 }
  }
}
function joined(list: Value, between: Value | undefined, cost: number): Value {
  const item = itemOf(list.schema), size = capped(list.size * ((item ? sizeOf(item) : 0) + (between?.size ?? 0)))
  return { cost: capped(cost + size * walk), size }
}

const macros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map'])
const isMacro = ({ args: [name, , inner] }: Node): boolean => macros.has(name) && inner.length >= 2 && inner[0].op === 'id'
function macro({ args: [name, list, inner] }: Node, scope: Scope): Value {
  const over = value(list, scope), values = over.schema && valuesOf(over.schema), item = values ? undefined : itemOf(over.schema)
  const within: Scope = { ...scope, [inner[0].args]: item ? { size: sizeOf(item), schema: item } : { size: 0 } }
  const asked = inner.slice(1).map((n: Node) => value(n, within).cost) as number[], each = asked.reduce((a, b) => a + b, 0)
  // the condition of the loop and the variable that it adds up in
  const step = name === 'all' || name === 'exists' ? 3 + each
    : name === 'filter' ? 1 + newList + 1 + 1 + each
    : name === 'map' ? 1 + newList + 1 + each
    : 2 + each
  return { cost: capped(over.cost + over.size * step + 1), size: gives[name] ? over.size : 0 }
}
