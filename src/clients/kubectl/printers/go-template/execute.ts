import { goText } from '../custom-columns.ts'
import { typeOf } from './format.ts'
import { Failed, functions, truthy } from './functions.ts'
import type { Argument, Command, Node, Parsed, Pipe } from './tree.ts'

/** The template does not fit the data: `at` is where in the template that was seen, `node` what stands there, `template` in which one. */
export class Unfit extends Error {
  readonly at: number
  readonly node: string
  readonly template: string
  constructor({ at, text }: { readonly at: number; readonly text: string }, why: string, template: string) {
    super(why)
    this.at = at
    this.node = text
    this.template = template
  }
}
interface Place { readonly at: number; readonly text: string }
/** no value came through the pipe */
const none = Symbol()
type Stop = 'break' | 'continue' | undefined
interface Variable { readonly name: string; value: unknown }

/** What a template writes of an object; `write` has all of it until something does not fit. Source: Go's text/template/exec.go. */
export function execute(parsed: Parsed, data: unknown, strict: boolean, write: (text: string) => void): void {
  new Execution(parsed, 'output', strict, write, data).walk(parsed.nodes, data)
}

class Execution {
  readonly #parsed: Parsed
  readonly #name: string
  readonly #strict: boolean
  readonly #write: (text: string) => void
  readonly #depth: number
  #variables: Variable[]
  /** what was looked at last: an error is said to be there, as Go has it */
  #node: Place = { at: 0, text: '' }
  /** whether Go knows of `.` no more than that it is something, as of fields */
  #vague = false
  constructor(parsed: Parsed, name: string, strict: boolean, write: (text: string) => void, data: unknown, depth = 0) {
    this.#parsed = parsed
    this.#name = name
    this.#strict = strict
    this.#write = write
    this.#depth = depth
    this.#variables = [{ name: '$', value: data }]
  }
  #unfit(why: string): Unfit { return new Unfit(this.#node, why, this.#name) }

  walk(nodes: readonly Node[], dot: unknown): Stop {
    for (const node of nodes) {
      if (node.is === 'text') { this.#write(node.text); continue }
      if (node.is === 'break' || node.is === 'continue') return node.is
      if (node.is === 'print') {
        const value = this.#pipe(node.pipe, dot)
        if (node.pipe.variables.length === 0) this.#write(value === undefined || value === null ? '<no value>' : goText(value))
        continue
      }
      if (node.is === 'template') { this.#call(node, dot); continue }
      const known = this.#variables.length, stop = node.is === 'range' ? this.#range(node, dot) : this.#branch(node, dot)
      this.#variables.length = known
      if (stop) return stop
    }
    return undefined
  }
  #branch(node: Extract<Node, { readonly otherwise: unknown }>, dot: unknown): Stop {
    const value = this.#pipe(node.pipe, dot), vague = this.#vague
    if (!truthy(value)) return this.walk(node.otherwise, dot)
    if (node.is === 'with') this.#vague = false
    const stop = this.walk(node.body, node.is === 'with' ? value : dot)
    this.#vague = vague
    return stop
  }
  #range(node: Extract<Node, { readonly otherwise: unknown }>, dot: unknown): Stop {
    const { variables, assigns } = node.pipe, vague = this.#vague, value = this.#pipe({ ...node.pipe, variables: [] }, dot), known = this.#variables.length
    const entries: readonly (readonly [unknown, unknown])[] | undefined = value === undefined || value === null ? []
      : Array.isArray(value) ? value.map((item, i) => [BigInt(i), item] as const)
      : typeof value === 'object' ? Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)
      : typeof value === 'bigint' || Number.isInteger(value) ? Array.from({ length: Number(value) }, (_, i) => [BigInt(i), BigInt(i)] as const)
      : undefined
    if (!entries) throw this.#unfit(`range can't iterate over ${goText(value)}`)
    if (entries.length === 0) return this.walk(node.otherwise, dot)
    for (const [key, item] of entries) {
      const values = variables.length === 2 ? [key, item] : [item]
      variables.forEach((name, i) => this.#keep(name, values[i], assigns))
      this.#vague = true
      const stop = this.walk(node.body, item)
      this.#variables.length = known
      if (stop === 'break') break
    }
    this.#vague = vague
    return undefined
  }
  #call(node: Extract<Node, { readonly is: 'template' }>, dot: unknown): void {
    const body = this.#parsed.defined.get(node.name)
    this.#node = node
    if (!body) throw this.#unfit(`template ${JSON.stringify(node.name)} not defined`)
    // Go's own limit is 100000 of them
    if (this.#depth > 1000) throw this.#unfit('exceeded maximum template depth (100000)')
    const given = node.pipe ? this.#pipe(node.pipe, dot) : undefined
    new Execution(this.#parsed, node.name, this.#strict, this.#write, given, this.#depth + 1).walk(body, given)
  }

  #keep(name: string, value: unknown, assigns: boolean): void {
    const known = assigns ? this.#variables.findLast(v => v.name === name) : undefined
    if (assigns && !known) throw this.#unfit(`undefined variable: ${name}`)
    if (known) known.value = value
    else this.#variables.push({ name, value })
  }
  #pipe({ commands, variables, assigns }: Pipe, dot: unknown): unknown {
    let value: unknown = none
    for (const command of commands) value = this.#command(command, dot, value)
    for (const name of variables) this.#keep(name, value, assigns)
    return value
  }
  #command({ args, text, at }: Command, dot: unknown, given: unknown): unknown {
    const [first, ...rest] = args, more = rest.length > 0 || given !== none
    if (first.is === 'function') return this.#function(first, { text, at }, rest, dot, given)
    this.#node = first
    if (first.is === 'nil') throw this.#unfit('nil is not a command')
    if (more && 'names' in first && first.names.length > 0) throw this.#unfit(`${first.names.at(-1)} is not a method but has arguments`)
    if (more) throw this.#unfit(`can't give argument to non-function ${first.text}`)
    return this.#value(first, dot)
  }
  #function(word: Extract<Argument, { readonly is: 'function' }>, command: Place, args: readonly Argument[], dot: unknown, given: unknown): unknown {
    const { name } = word, { least, exactly, texts = 0, run } = functions[name], count = args.length + (given === none ? 0 : 1)
    this.#node = word
    if (exactly && count !== least) throw this.#unfit(`wrong number of args for ${name}: want ${least} got ${count}`)
    if (count < least) throw this.#unfit(`wrong number of args for ${name}: want at least ${least} got ${args.length}`)
    const values: unknown[] = []
    const take = (value: unknown, arg?: Argument): boolean => {
      if (values.length < texts) this.#mustBeText(value, arg)
      values.push(value)
      return (name === 'and' && !truthy(value)) || (name === 'or' && truthy(value))
    }
    // the first that decides is the answer, and nothing behind it is looked at
    for (const arg of args) if (take(this.#value(arg, dot), arg)) return values.at(-1)
    if (given !== none && take(given)) return given
    try { return run(values, args[0]?.text ?? word.text) } catch (error) {
      if (!(error instanceof Failed)) throw error
      this.#node = command
      throw this.#unfit(`error calling ${name}: ${error.message}`)
    }
  }
  #mustBeText(value: unknown, arg?: Argument): void {
    if (typeof value === 'string') return
    if (arg?.is === 'nil') throw this.#unfit('cannot assign nil to string')
    if (arg?.is === 'constant') throw this.#unfit(`expected string; found ${arg.text}`)
    throw this.#unfit(value === undefined || value === null ? 'invalid value; expected string' : `wrong type for value; expected string; got ${typeOf(value)}`)
  }
  #value(arg: Argument, dot: unknown): unknown {
    this.#node = arg
    switch (arg.is) {
      case 'constant': return arg.value
      case 'dot': return dot
      case 'nil': return null
      case 'field': return this.#fields(dot, arg.names, this.#vague)
      case 'variable': return this.#fields(this.#variables.findLast(v => v.name === arg.name)?.value, arg.names, false)
      case 'pipe': return this.#pipe(arg.pipe, dot)
      case 'chain': return this.#fields(this.#value(arg.of, dot), arg.names, false)
      case 'function': return this.#function(arg, arg, [], dot, none)
    }
  }
  /** `vague`: what type the value has is not known from where it came. */
  #fields(value: unknown, names: readonly string[], vague: boolean): unknown {
    return names.reduce<any>((v, name, i) => {
      if (v === undefined || v === null) {
        if (this.#strict) throw this.#unfit(`nil data; no entry for key ${JSON.stringify(name)}`)
        return undefined
      }
      if (typeof v !== 'object' || Array.isArray(v)) throw this.#unfit(`can't evaluate field ${name} in type ${vague || i > 0 ? 'interface {}' : typeOf(v)}`)
      if (this.#strict && !Object.hasOwn(v, name)) throw this.#unfit(`map has no entry for key ${JSON.stringify(name)}`)
      return Object.hasOwn(v, name) ? v[name] : undefined
    }, value)
  }
}
