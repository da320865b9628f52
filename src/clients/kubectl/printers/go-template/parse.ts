import { lex, type Token, type TokenKind } from './lex.ts'
import type { Argument, Command, Node, Parsed, Pipe } from './tree.ts'

/** What does not fit together; the line is that of the template. */
export class Misread extends Error {
  readonly line: number
  constructor(line: number, why: string) { super(why); this.line = line }
}

/** Source: Go's text/template/parse/parse.go. */
export const parseTemplate = (template: string, functions: readonly string[]): Parsed => new Parser(template, functions).parse()

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }
const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(u[\da-fA-F]{4}|x[\da-fA-F]{2}|.)/g, (_, code: string) =>
  code.length > 1 ? String.fromCharCode(parseInt(code.slice(1), 16)) : escapes[code] ?? code)
/** whole numbers that stand in a template are Go's `int`, here bigint; those of objects are numbers */
const numberOf = (text: string): unknown => /^[+-]?(0[xX]|[^.eE]*$)/.test(text)
  ? BigInt(text.replace(/[_+-]/g, '')) * (text.startsWith('-') ? -1n : 1n) : Number(text.replaceAll('_', ''))
const operands: readonly TokenKind[] = ['bool', 'char', 'dot', 'field', 'word', 'number', 'nil', 'raw', 'string', 'variable', 'left']

class Parser {
  readonly #template: string
  readonly #functions: readonly string[]
  readonly #tokens: readonly Token[]
  readonly #defined = new Map<string, readonly Node[]>()
  #variables: string[] = ['$']
  #at = 0
  #ranges = 0
  constructor(template: string, functions: readonly string[]) { this.#template = template; this.#functions = functions; this.#tokens = lex(template) }

  parse(): Parsed {
    const { nodes, end } = this.#list(true)
    if (end !== 'EOF') throw this.#wrong(`unexpected {{${end}}}`)
    return { nodes, defined: this.#defined }
  }

  #peek(): Token { return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] }
  #next(): Token { const token = this.#peek(); this.#at++; return token }
  #peekWord(): Token { while (this.#peek().kind === 'space') this.#at++; return this.#peek() }
  #nextWord(): Token { this.#peekWord(); return this.#next() }
  #wrong(why: string, { at } = this.#peek()): Misread { return new Misread(this.#template.slice(0, at).split('\n').length, why) }
  #unexpected(token: Token, context: string): Misread {
    if (token.kind === 'error') return this.#wrong(token.text, token)
    if (token.kind === 'end') return this.#wrong('unexpected EOF', token)
    const shown = ['keyword', 'dot', 'nil'].includes(token.kind) ? `<${token.text}>`
      : token.text.length > 10 ? `${JSON.stringify(token.text.slice(0, 10))}...` : JSON.stringify(token.text)
    return this.#wrong(`unexpected ${shown} in ${context}`, token)
  }
  #close(context: string): void { const token = this.#nextWord(); if (token.kind !== 'close') throw this.#unexpected(token, context) }

  /** Nodes up to `{{end}}`, `{{else…}}` or the end. */
  #list(top = false): { readonly nodes: Node[]; readonly end: 'EOF' | 'end' | 'else' } {
    const nodes: Node[] = []
    for (;;) {
      const token = this.#next()
      if (token.kind === 'text') { nodes.push({ is: 'text', text: token.text }); continue }
      if (token.kind === 'end' && top) return { nodes, end: 'EOF' }
      if (token.kind !== 'open') throw this.#unexpected(token, 'input')
      const word = this.#peekWord()
      if (word.kind === 'keyword' && (word.text === 'end' || word.text === 'else')) {
        this.#next()
        const more = this.#peekWord(), chained = word.text === 'else' && more.kind === 'keyword' && (more.text === 'if' || more.text === 'with')
        if (!chained) this.#close(word.text)
        return { nodes, end: word.text }
      }
      if (word.kind === 'keyword' && word.text === 'define' && top) { this.#define(); continue }
      nodes.push(this.#action(word))
    }
  }
  #action(word: Token): Node {
    if (word.kind !== 'keyword' || word.text === 'define') return { is: 'print', pipe: this.#pipeline('command', 'close') }
    this.#next()
    const { text } = word
    if (text === 'break' || text === 'continue') {
      if (this.#ranges === 0) throw this.#wrong(`{{${text}}} outside {{range}}`)
      this.#close(`{{${text}}}`)
      return { is: text }
    }
    if (text === 'template' || text === 'block') return this.#template_(text)
    return this.#control(text as 'if' | 'with' | 'range')
  }
  #control(is: 'if' | 'with' | 'range'): Node {
    const known = this.#variables.length, pipe = this.#pipeline(is, 'close')
    if (is === 'range') this.#ranges++
    const { nodes: body, end } = this.#list()
    if (is === 'range') this.#ranges--
    let otherwise: readonly Node[] = []
    if (end === 'else') {
      const more = this.#peekWord()
      if (more.kind === 'keyword' && more.text === is && is !== 'range') { this.#next(); otherwise = [this.#control(is)] }
      else {
        const rest = this.#list()
        if (rest.end !== 'end') throw this.#wrong('expected end; found {{else}}')
        otherwise = rest.nodes
      }
    }
    this.#variables = this.#variables.slice(0, known)
    return { is, pipe, body, otherwise }
  }
  #name(context: string): Token {
    const token = this.#nextWord()
    if (token.kind !== 'string' && token.kind !== 'raw') throw this.#unexpected(token, context)
    return token
  }
  #define(): void {
    this.#next()
    const name = this.#name('define clause')
    this.#close('define clause')
    this.#within(unquotedName(name))
  }
  /** A body of its own: with no variables but `$`. */
  #within(name: string): void {
    const [variables, ranges] = [this.#variables, this.#ranges]
    this.#variables = ['$']
    this.#ranges = 0
    const { nodes, end } = this.#list()
    if (end !== 'end') throw this.#wrong('unexpected {{else}} in define clause')
    this.#defined.set(name, nodes)
    this.#variables = variables
    this.#ranges = ranges
  }
  #template_(word: 'template' | 'block'): Node {
    const name = this.#name(`${word} clause`), bare = word === 'template' && this.#peekWord().kind === 'close'
    if (bare) this.#next()
    const from = this.#at, pipe = bare ? undefined : this.#pipeline(`${word} clause`, 'close'), value = unquotedName(name)
    const shown = this.#tokens.slice(from, this.#at - 1).map(t => t.text).join('').trim()
    if (word === 'block') this.#within(value)
    return { is: 'template', name: value, ...pipe ? { pipe } : {}, text: `{{template ${JSON.stringify(value)}${pipe ? ` ${shown}` : ''}}}`, at: name.at }
  }

  #pipeline(context: string, end: TokenKind): Pipe {
    const { at } = this.#peekWord(), commands: Command[] = [], { variables, assigns } = this.#declared(context)
    for (;;) {
      const token = this.#peekWord()
      if (token.kind === end) { this.#next(); break }
      if (!operands.includes(token.kind)) { this.#next(); throw this.#unexpected(token, context) }
      commands.push(this.#command())
    }
    if (commands.length === 0) throw this.#wrong(`missing value for ${context}`)
    const stage = commands.findIndex(({ args: [first] }, i) => i > 0 && ['constant', 'dot', 'nil'].includes(first.is))
    if (stage > 0) throw this.#wrong(`non executable command in pipeline stage ${stage + 1}`)
    return { commands, variables, assigns, at }
  }
  /** `$x :=`, `$x =`, of a range also `$i, $x :=` */
  #declared(context: string): { readonly variables: string[]; readonly assigns: boolean } {
    const variables: string[] = []
    for (let from = this.#at; this.#peekWord().kind === 'variable'; from = this.#at) {
      const variable = this.#next(), next = this.#peekWord()
      if (next.kind !== 'assign' && next.kind !== 'declare' && next.kind !== 'comma') { this.#at = from; break }
      this.#next()
      variables.push(variable.text)
      this.#variables.push(variable.text)
      if (next.kind !== 'comma') return { variables, assigns: next.kind === 'assign' }
      if (context !== 'range' || variables.length > 1) throw this.#wrong(`too many declarations in ${context}`)
    }
    if (variables.length > 0) throw this.#wrong('range can only initialize variables')
    return { variables, assigns: false }
  }
  #command(): Command {
    const { at } = this.#peekWord(), args: Argument[] = []
    for (;;) {
      this.#peekWord()
      const operand = this.#operand()
      if (operand) args.push(operand)
      const token = this.#next()
      if (token.kind === 'space') continue
      if (token.kind === 'close' || token.kind === 'right') this.#at--
      else if (token.kind !== 'pipe') throw this.#unexpected(token, 'operand')
      break
    }
    if (args.length === 0) throw this.#wrong('empty command')
    return { args, at, text: args.map(a => a.text).join(' ') }
  }
  /** A term with the fields behind it, whose place is that of the first of these. */
  #operand(): Argument | undefined {
    const term = this.#term(), at = this.#peek().at, names: string[] = []
    if (!term) return undefined
    while (this.#peek().kind === 'field') names.push(this.#next().text.slice(1))
    if (names.length === 0) return term
    const text = `${term.text}.${names.join('.')}`
    if (term.is === 'field' || term.is === 'variable') return { ...term, names: [...term.names, ...names], text, at }
    if (term.is !== 'pipe' && term.is !== 'function') throw this.#wrong(`unexpected . after term ${JSON.stringify(term.text)}`)
    return { is: 'chain', of: term, names, text, at }
  }
  #term(): Argument | undefined {
    const token = this.#peek(), { text, at } = token, constant = (value: unknown): Argument => ({ is: 'constant', value, text, at })
    if (!operands.includes(token.kind)) return undefined
    this.#next()
    switch (token.kind) {
      case 'word':
        if (!this.#functions.includes(text)) throw this.#wrong(`function ${JSON.stringify(text)} not defined`, token)
        return { is: 'function', name: text, text, at }
      case 'variable':
        if (!this.#variables.includes(text)) throw this.#wrong(`undefined variable ${JSON.stringify(text)}`, token)
        return { is: 'variable', name: text, names: [], text, at }
      case 'field': return { is: 'field', names: [text.slice(1)], text, at }
      case 'dot': return { is: 'dot', text, at }
      case 'nil': return { is: 'nil', text, at }
      case 'bool': return constant(text === 'true')
      case 'string': return constant(unquoted(text))
      case 'raw': return constant(text.slice(1, -1))
      case 'char': return constant(BigInt(unquoted(text).codePointAt(0)!))
      case 'number': return constant(numberOf(text))
      default: {
        const pipe = this.#pipeline('parenthesized pipeline', 'right')
        return { is: 'pipe', pipe, text: `(${pipe.commands.map(c => c.text).join(' | ')})`, at }
      }
    }
  }
}
const unquotedName = ({ kind, text }: Token): string => kind === 'raw' ? text.slice(1, -1) : unquoted(text)
