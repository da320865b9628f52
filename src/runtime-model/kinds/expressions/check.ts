import { boundNames } from './comprehensions.ts'
import { overloads, resultOf, takes } from './overloads.ts'
import { isProgram, programOf, type Node, type Program, type SyntaxProblem } from './program.ts'
import { syntaxIssues } from './syntax.ts'
import { fits, isList, isMap, isStruct, typeText, type CelType } from './types.ts'

/**
 * What the compiler finds wrong with an expression before it ever runs, in its words and with its picture of the place.
 * Source: cel-go checker/{checker,errors}.go, common/error.go. Approximate: type parameters are taken for dyn,
 * and calls with nothing but constants are not tried out while compiling.
 */
export interface Checked { readonly type: CelType; readonly issues: readonly Issue[] }
export interface Issue { readonly at: number; readonly text: string }
export type Declarations = Readonly<Record<string, CelType>>

/** `ERROR: <input>:1:5: undefined field 'b'` with the line and a caret under it, one after the other */
export function problemsText(source: string, issues: readonly Issue[]): string {
  return issues.map(({ at, text }) => {
    const lines = source.slice(0, at).split('\n'), column = lines.at(-1)!.length, line = source.split('\n')[lines.length - 1]
    // an empty text has no line to show
    if (source === '') return `ERROR: <input>:1:0: ${text}`
    return `ERROR: <input>:${lines.length}:${column + 1}: ${text}\n | ${line}\n | ${'.'.repeat(column)}^`
  }).join('\n')
}

/** Undefined: nothing is wrong. `wanted`: what it must evaluate to. */
export function compileProblem(text: string, declared: Declarations): { readonly problem?: string; readonly type: CelType; readonly program?: Program } {
  const program: Program | SyntaxProblem = programOf(text)
  if (!isProgram(program)) return { problem: problemsText(text, syntaxIssues(text) ?? [{ at: program.at, text: program.syntax }]), type: 'dyn' }
  const { type, issues } = check(program, declared)
  return issues.length > 0 ? { problem: problemsText(text, issues), type } : { type, program }
}

export function check(program: Program, declared: Declarations): Checked {
  const checker = new Checker(program.text)
  const type = checker.typeOf(program.ast, { ...declared, sets: 'sets.Namespace', lists: 'lists.Namespace', format: 'format.Namespace' })
  return { type, issues: checker.issues.sort((a, b) => a.at - b.at) }
}

const typeNames: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'null_type', 'type', 'google'])
const order: ReadonlySet<CelType> = new Set<CelType>([
  'bool', 'int', 'uint', 'double', 'string', 'bytes', 'google.protobuf.Timestamp', 'google.protobuf.Duration',
])
const numbers: ReadonlySet<CelType> = new Set<CelType>(['int', 'uint', 'double'])
const macros: Readonly<Record<string, number>> = { all: 2, exists: 2, exists_one: 2, existsOne: 2, filter: 2, map: 2 }
/** what makes one scalar of another */
const conversions: ReadonlySet<string> = new Set(['string', 'int', 'uint', 'double', 'bool', 'bytes'])
/** methods of lists whose items can be reckoned with */
const summed: ReadonlySet<string> = new Set(['sum', 'min', 'max', 'isSorted', 'sort'])
const added: ReadonlySet<CelType> = new Set<CelType>(['int', 'uint', 'double', 'google.protobuf.Duration', 'dyn'])
const ordered: ReadonlySet<CelType> = new Set<CelType>([...added, 'bool', 'string', 'bytes', 'google.protobuf.Timestamp'])
const T = 'google.protobuf.Timestamp', D = 'google.protobuf.Duration'
const arithmetic: Readonly<Record<string, readonly (readonly [CelType, CelType, CelType])[]>> = {
  '+': [...same('int', 'uint', 'double', 'string', 'bytes'), [T, D, T], [D, T, T], [D, D, D]],
  '-': [...same('int', 'uint', 'double'), [T, D, T], [T, T, D], [D, D, D]],
  '*': same('int', 'uint', 'double'), '/': same('int', 'uint', 'double'), '%': same('int', 'uint'),
}
function same(...types: CelType[]): (readonly [CelType, CelType, CelType])[] { return types.map(t => [t, t, t] as const) }

class Checker {
  readonly issues: Issue[] = []
  readonly #source: string
  constructor(source: string) { this.#source = source }

  typeOf(node: Node, scope: Declarations): CelType {
    switch (node.op) {
      case 'value': return literal(node.args)
      case 'id': return this.#identifier(node, scope)
      case '.': case '.?': return this.#select(node, scope, this.#find(node.args[0].end, '.'))
      case '[]': case '[?]': return this.#index(node, scope)
      case 'list': return { list: this.#common(node.args, scope) }
      case 'map': return { map: [this.#common(node.args.map((e: Node[]) => e[0]), scope), this.#common(node.args.map((e: Node[]) => e[1]), scope)] }
      case '!_': return this.#unary(node, scope, '!_', ['bool'])
      case '-_': return this.#unary(node, scope, '-_', ['int', 'double'])
      case '&&': case '||': return this.#logic(node, scope)
      case '?:': return this.#choice(node, scope)
      case 'call': return this.#call(node, scope)
      case 'rcall': return this.#method(node, scope)
      default: return this.#binary(node, scope)
    }
  }

  #say(at: number, text: string): CelType { this.issues.push({ at, text }); return 'dyn' }
  #none(at: number, name: string, types: readonly CelType[]): CelType {
    return this.#say(at, `found no matching overload for '${name}' applied to '(${types.map(typeText).join(', ')})'`)
  }
  #find(from: number, token: string): number { const at = this.#source.indexOf(token, from); return at < 0 ? from : at }
  #common(nodes: readonly Node[], scope: Declarations): CelType {
    const types = nodes.map(n => this.typeOf(n, scope))
    return types.length > 0 && types.every(t => fits(t, types[0])) ? types[0] : 'dyn'
  }

  #identifier(node: Node, scope: Declarations): CelType {
    if (Object.hasOwn(scope, node.args)) return scope[node.args]
    if (typeNames.has(node.args)) return 'type'
    return this.#say(node.start, `undeclared reference to '${node.args}' (in container '')`)
  }

  #select(node: Node, scope: Declarations, at: number): CelType {
    const of = this.typeOf(node.args[0], scope), name = node.args[1] as string, found = this.#field(of, name, at)
    return node.op === '.?' ? 'optional' : found
  }
  #field(of: CelType, name: string, at: number): CelType {
    if (of === 'dyn' || of === 'optional' || of === 'type') return of === 'type' ? 'type' : of
    if (isMap(of)) return of.map[1]
    if (of === 'authz.Authorizer' && name === 'requestResource') return of
    if (!isStruct(of)) return this.#say(at, `type '${typeText(of)}' does not support field selection`)
    return Object.hasOwn(of.fields, name) ? of.fields[name] : this.#say(at, `undefined field '${name}'`)
  }
  #index(node: Node, scope: Declarations): CelType {
    const [of, by] = [this.typeOf(node.args[0], scope), this.typeOf(node.args[1], scope)], at = this.#find(node.args[0].end, '[')
    if (of === 'dyn' || of === 'optional') return of
    if (isList(of) && fits(by, 'int')) return node.op === '[?]' ? 'optional' : of.list
    if (isMap(of) && fits(by, of.map[0])) return node.op === '[?]' ? 'optional' : of.map[1]
    return this.#none(at, node.op === '[]' ? '_[_]' : '_[?_]', [of, by])
  }

  #unary(node: Node, scope: Declarations, name: string, may: readonly CelType[]): CelType {
    const of = this.typeOf(node.args, scope)
    return of === 'dyn' ? may.length === 1 ? may[0] : 'dyn' : may.includes(of) ? of : this.#none(node.start, name, [of])
  }
  #logic(node: Node, scope: Declarations): CelType {
    for (const operand of node.args as Node[]) this.#mustBeBool(operand, this.typeOf(operand, scope))
    return 'bool'
  }
  #mustBeBool(node: Node, type: CelType): void { if (!fits(type, 'bool')) this.#say(this.#where(node), `expected type 'bool' but found '${typeText(type)}'`) }
  /** where an expression is said to stand: at its operator, its dot or its parenthesis */
  #where(node: Node): number {
    switch (node.op) {
      case 'value': case 'id': case 'list': case 'map': case '!_': case '-_': return node.start
      case '.': case '.?': return this.#find(node.args[0].end, '.')
      case '[]': case '[?]': return this.#find(node.args[0].end, '[')
      case 'call': return this.#find(node.start + node.args[0].length, '(')
      case 'rcall': return this.#find(node.args[1].end + node.args[0].length, '(')
      case '?:': return this.#find(node.args[0].end, '?')
      default: return this.#find(node.args[0].end, node.op)
    }
  }
  #choice(node: Node, scope: Declarations): CelType {
    const types = node.args.map((n: Node) => this.typeOf(n, scope)) as CelType[]
    if (fits(types[0], 'bool') && fits(types[1], types[2])) return types[1]
    return this.#none(this.#find(node.args[0].end, '?'), '_?_:_', types)
  }

  #binary(node: Node, scope: Declarations): CelType {
    const [a, b] = [this.typeOf(node.args[0], scope), this.typeOf(node.args[1], scope)], { op } = node, at = this.#find(node.args[0].end, op)
    if (op === 'in') return (b === 'dyn' || (isList(b) && fits(a, b.list)) || (isMap(b) && fits(a, b.map[0]))) ? 'bool' : this.#none(at, '@in', [a, b])
    if (op === '==' || op === '!=') {
      return fits(a, b) || a === 'null_type' && typeof b === 'object' || b === 'null_type' && typeof a === 'object' ? 'bool' : this.#none(at, `_${op}_`, [a, b])
    }
    if (op in arithmetic) {
      if (op === '+' && isList(a) && isList(b) && fits(a, b)) return a
      const found = arithmetic[op].filter(([x, y]) => fits(a, x) && fits(b, y))
      if (op === '+' && (a === 'dyn' && (isList(b) || b === 'dyn') || b === 'dyn' && isList(a))) return 'dyn'
      return found.length === 0 ? this.#none(at, `_${op}_`, [a, b]) : found.length === 1 ? found[0][2] : 'dyn'
    }
    if (a === 'dyn' || b === 'dyn'
      ? (a === 'dyn' || order.has(a)) && (b === 'dyn' || order.has(b))
      : (a === b && order.has(a)) || (numbers.has(a) && numbers.has(b))) {
      return 'bool'
    }
    return this.#none(at, `_${op}_`, [a, b])
  }

  #call(node: Node, scope: Declarations): CelType {
    const [name, args] = node.args as [string, Node[]], at = this.#find(node.start + name.length, '(')
    if (name === 'has' && args.length === 1 && (args[0].op === '.' || args[0].op === '.?')) { this.#select(args[0], scope, at); return 'bool' }
    if (name === 'has' && args.length === 1) return this.#say(args[0].start, 'invalid argument to has() macro')
    return this.#overload(name, undefined, args.map(a => this.typeOf(a, scope)), at)
  }
  #method(node: Node, scope: Declarations): CelType {
    const [name, receiver, args] = node.args as [string, Node, Node[]], at = this.#find(receiver.end + name.length, '(')
    if (receiver.op === 'id' && (receiver.args === 'cel' || receiver.args === 'optional')) return this.#namespace(receiver.args, name, args, scope)
    const of = this.typeOf(receiver, scope)
    if (name.startsWith('opt') && boundNames[name] < args.length && args[0].op !== 'id') {
      return this.#say(args[0].start, `${name}() variable name must be a simple identifier`)
    }
    if (boundNames[name] < args.length && args[0].op === 'id') return this.#binding(name, of, args, scope)
    if (name in macros && args[0]?.op === 'id' && args.length >= 2) return this.#macro(name, receiver, of, args, scope, at)
    if (name === 'matches' && args[0]?.op === 'value' && of === 'string' && !isRegex(args[0].args)) {
      return this.#say(args[0].start - 1 < 0 ? 0 : args[0].start, 'invalid matches argument')
    }
    const types = args.map(a => this.typeOf(a, scope))
    // what an optional holds is known only where it was made here
    if (name === 'orValue' && receiver.op === 'rcall' && receiver.args[0] === 'optMap' && types.length === 1) return types[0]
    return this.#overload(name, of, types, at)
  }
  #namespace(namespace: string, name: string, args: readonly Node[], scope: Declarations): CelType {
    if (namespace === 'optional') { args.forEach(a => this.typeOf(a, scope)); return name === 'unwrap' ? { list: 'dyn' } : 'optional' }
    return name === 'bind' && args.length === 3 ? this.typeOf(args[2], { ...scope, [args[0].args]: this.typeOf(args[1], scope) }) : 'dyn'
  }
  /** What transforms and sorts, of which the types of its variables are all that is known. */
  #binding(name: string, of: CelType, args: readonly Node[], scope: Declarations): CelType {
    const names = boundNames[name], types: readonly CelType[] = isList(of) ? names === 1 ? [of.list] : ['int', of.list] : isMap(of) ? of.map : []
    const inner = Object.fromEntries(args.slice(0, names).map((n, i) => [n.args, types[i] ?? 'dyn']))
    const results = args.slice(names).map(a => this.typeOf(a, { ...scope, ...inner }))
    if (name === 'sortBy') return of
    return name.startsWith('opt') ? 'optional' : name === 'transformList' ? { list: results.at(-1)! } : { map: [types[0] ?? 'dyn', 'dyn'] }
  }
  /** The variable of a macro is an item of a list, or a key of a map; with two variables, the index or key and the value. */
  #macro(name: string, range: Node, of: CelType, args: readonly Node[], scope: Declarations, at: number): CelType {
    if (of !== 'dyn' && of !== 'optional' && !isList(of) && !isMap(of)) {
      return this.#say(this.#where(range), `expression of type '${typeText(of)}' cannot be range of a comprehension (must be list, map, or dynamic)`)
    }
    const item: CelType = isList(of) ? of.list : isMap(of) ? of.map[0] : 'dyn', two = args.length === 3 && args[1].op === 'id' && name !== 'map'
    const inner = two
      ? { ...scope, [args[0].args]: isList(of) ? 'int' as const : item, [args[1].args]: isList(of) ? of.list : isMap(of) ? of.map[1] : 'dyn' as const }
      : { ...scope, [args[0].args]: item }
    const results = args.slice(two ? 2 : 1).map(a => this.typeOf(a, inner))
    const filters = name === 'filter' || name === 'map' && args.length === 3
    if (name === 'map' && !filters) return { list: results.at(-1)! }
    if (!filters && (name === 'all' || name === 'exists')) this.#mustBeBool(args[two ? 2 : 1], results[0])
    else if (!fits(results[0], 'bool')) {
      const gives: CelType = filters ? { list: name === 'map' ? results.at(-1)! : item } : 'int'
      this.#none(at, '_?_:_', [results[0], gives, gives])
    }
    if (name === 'map') return { list: results.at(-1)! }
    return name === 'filter' ? { list: item } : 'bool'
  }

  #overload(name: string, of: CelType | undefined, args: readonly CelType[], at: number): CelType {
    const known = overloads().filter(o => o.name === name)
    if (known.length === 0) return this.#say(at, `undeclared reference to '${name}' (in container '')`)
    const found = known.filter(o =>
      (o.of === undefined) === (of === undefined) && o.args.length === args.length
        && (of === undefined || (takes(o.of!, of) && !(summed.has(name) && isList(of) && !(name === 'sum' ? added : ordered).has(of.list))))
        && o.args.every((a, i) => takes(a, args[i])))
    if (of === undefined && conversions.has(name) && args.some(a => isList(a) || isMap(a))) found.length = 0
    if (found.length > 0) return found.length === 1 ? resultOf(found[0], of) : found.every(o => o.result === found[0].result) ? resultOf(found[0], of) : 'dyn'
    const namespace = typeof of === 'string' && of.endsWith('.Namespace') ? of.slice(0, -'Namespace'.length) : undefined
    const receiver = of === undefined || namespace !== undefined ? '' : `${typeText(of)}.`
    return this.#say(at, `found no matching overload for '${namespace ?? ''}${name}' applied to '${receiver}(${args.map(typeText).join(', ')})'`)
  }
}

function literal(value: unknown): CelType {
  if (value === null) return 'null_type'
  switch (typeof value) {
    case 'bigint': return 'int'
    case 'number': return 'double'
    case 'boolean': return 'bool'
    case 'string': return 'string'
    default: return value instanceof Uint8Array ? 'bytes' : 'uint'
  }
}
function isRegex(pattern: unknown): boolean { try { return Boolean(new RegExp(String(pattern))) } catch { return false } }
