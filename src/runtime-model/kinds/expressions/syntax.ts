/**
 * What does not parse, in the words of the API server's parser, which ANTLR made: what its lexer cannot read is skipped and told, then the first token that
 * does not fit. Source: cel-go parser/gen/CEL.g4, ANTLR's DefaultErrorStrategy (single token deletion and insertion); seen on a 1.35.4 API server.
 */
export interface SyntaxIssue { readonly at: number; readonly text: string }
interface Token { readonly kind: string; readonly text: string; readonly at: number }

const string = '(?:"""(?:\\\\[\\s\\S]|[^\\\\])*?"""|\'\'\'(?:\\\\[\\s\\S]|[^\\\\])*?\'\'\'|"(?:ESC|[^"\\\\\\n\\r])*"|\'(?:ESC|[^\'\\\\\\n\\r])*\')'
  .replaceAll('ESC', '\\\\(?:[abfnrtv"\'\\\\?`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})')
const raw = '[rR](?:"[^"\\n\\r]*"|\'[^\'\\n\\r]*\')'
const kinds: readonly (readonly [string, RegExp])[] = ([
  ['BYTES', `[bB](?:${raw}|${string})`], ['STRING', `${raw}|${string}`],
  ['NUM_FLOAT', '(?:\\d+\\.\\d+(?:[eE][-+]?\\d+)?|\\d+[eE][-+]?\\d+|\\.\\d+(?:[eE][-+]?\\d+)?)'], ['NUM_UINT', '(?:0x[0-9a-fA-F]+|\\d+)[uU]'],
  ['NUM_INT', '0x[0-9a-fA-F]+|\\d+'],
  ['IDENTIFIER', '[A-Za-z_][A-Za-z0-9_]*'], ['operator', '==|!=|<=|>=|&&|\\|\\||[<>\\[\\]{}().,\\-!?:+*/%]'],
] as const).map(([kind, pattern]) => [kind, new RegExp(pattern, 'y')])
const blank = /(?:[ \t\r\n\f]+|\/\/[^\n]*)/y, words = ['in', 'true', 'false', 'null']

const shown = (text: string): string => text.replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')
function lex(source: string, issues: SyntaxIssue[]): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < source.length;) {
    blank.lastIndex = at
    const space = blank.exec(source)
    if (space) { at += space[0].length; continue }
    const found = kinds.map(([kind, pattern]) => {
      pattern.lastIndex = at
      const m = pattern.exec(source)
      return m ? { kind, text: m[0] } : undefined
    }).find(m => m !== undefined)
    const text = found?.text ?? unreadable(source, at)
    if (found) tokens.push({ kind: found.kind === 'operator' || words.includes(text) ? text : found.kind, text, at })
    else issues.push({ at, text: `Syntax error: token recognition error at: '${shown(text)}'` })
    at += text.length
  }
  return [...tokens, { kind: '<EOF>', text: '<EOF>', at: source.length }]
}
/** As far as the lexer came, and the character that it could not go on with. */
function unreadable(source: string, at: number): string {
  const rest = source.slice(at)
  const quoted =
    /^[bBrR]*("|')(?:\\(?:[abfnrtv"'\\?`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-3][0-7]{2})|(?!\1)[^\\\n\r])*(?:\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3})?)?[\s\S]?/.exec(rest)
  return quoted ? quoted[0] : rest.slice(0, /[=&|]/.test(rest[0]) ? 2 : 1)
}

const starts = ['[', '{', '(', '.', '-', '!', 'true', 'false', 'null', 'NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES', 'IDENTIFIER']
const order = [
  '[', ']', '{', '}', '(', ')', '.', ',', '-', '!', '?', 'true', 'false', 'null', 'NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES', 'IDENTIFIER',
]
const setText = (also: readonly string[]): string =>
  `{${order.filter(k => starts.includes(k) || also.includes(k)).map(k => /^[A-Z_]+$/.test(k) ? k : `'${k}'`).join(', ')}}`
const reserved = new Set([
  'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while',
])
class Unfit extends Error { readonly issue: SyntaxIssue | undefined; constructor(issue?: SyntaxIssue) { super(); this.issue = issue } }

/** Undefined: nothing is wrong that is known here. */
export function syntaxIssues(source: string): readonly SyntaxIssue[] | undefined {
  const issues: SyntaxIssue[] = []
  if (source.includes('`')) return undefined
  const parser = new Parser(lex(source, issues), issues)
  try { parser.whole() } catch (error) {
    if (!(error instanceof Unfit)) throw error
    if (!error.issue) return undefined
    issues.push(error.issue)
  }
  return issues.length > 0 ? issues.sort((a, b) => a.at - b.at) : undefined
}

class Parser {
  readonly #tokens: readonly Token[]
  #i = 0
  readonly #issues: SyntaxIssue[]
  constructor(tokens: readonly Token[], issues: SyntaxIssue[]) { this.#tokens = tokens; this.#issues = issues }
  get #now(): Token { return this.#tokens[this.#i] }
  get #next(): Token { return this.#tokens[Math.min(this.#i + 1, this.#tokens.length - 1)] }
  #take(kind: string): boolean { if (this.#now.kind !== kind) return false; this.#i++; return true }
  #fail(text: string): never { throw new Unfit({ at: this.#now.at, text: `Syntax error: ${text}` }) }
  #is(what: string): string { return `${what} '${shown(this.#now.text)}'` }

  whole(): void {
    this.#expression()
    if (this.#now.kind !== '<EOF>') this.#fail(`${this.#is(this.#next.kind === '<EOF>' ? 'extraneous input' : 'mismatched input')} expecting <EOF>`)
  }
  #expression(also: readonly string[] = []): void {
    this.#either(also)
    if (!this.#take('?')) return
    this.#either()
    this.#closes(':')
    this.#expression()
  }
  #either(also: readonly string[] = []): void {
    this.#chain(['||'], () =>
      this.#chain(['&&'], () => this.#chain(['<', '<=', '>=', '>', '==', '!=', 'in'], () => this.#chain(['+', '-', '*', '/', '%'], () => this.#unary(also)))))
  }
  #chain(operators: readonly string[], operand: () => void): void { operand(); while (operators.includes(this.#now.kind)) { this.#i++; operand() } }
  #unary(also: readonly string[]): void {
    const sign = this.#now.kind
    if (sign === '!' || sign === '-') {
      while (this.#take(sign)) { /* any number of them */ }
      if (this.#now.kind === '<EOF>') this.#fail(`${this.#is('extraneous input')} expecting ${setText([])}`)
    }
    this.#primary(also)
    for (;;) {
      if (this.#take('.')) {
        this.#take('?')
        if (!this.#take('IDENTIFIER')) this.#fail(`no viable alternative at input '.${this.#now.kind === '<EOF>' ? '' : shown(this.#now.text)}'`)
        if (this.#take('(')) this.#arguments()
      } else if (this.#take('[')) { if (!this.#take('?')) this.#expression(['?']); else this.#expression(); this.#closes(']') } else return
    }
  }
  #primary(also: readonly string[]): void {
    const { kind, text, at } = this.#now
    if (!starts.includes(kind)) {
      this.#fail(`${this.#is(starts.includes(this.#next.kind) && kind !== '<EOF>' ? 'extraneous input' : 'mismatched input')} expecting ${setText(also)}`)
    }
    this.#i++
    if (kind === '(') { this.#expression(); this.#closes(')') }
    if (kind === '[') this.#list()
    if (kind === '{') this.#map()
    if (kind === '.' || kind === 'IDENTIFIER') {
      if (reserved.has(text)) this.#issues.push({ at, text: `reserved identifier: ${text}` })
      if (kind === '.' && !this.#take('IDENTIFIER')) throw new Unfit()
      if (this.#take('(')) this.#arguments()
      else if (this.#now.kind === '{') throw new Unfit()
    }
  }
  #arguments(): void {
    if (this.#take(')')) return
    this.#expression([')'])
    while (this.#take(',')) this.#expression()
    this.#closes(')')
  }
  #list(): void {
    for (let first = true; !this.#take(']'); first = false) {
      if (first && this.#take(',')) { this.#closes(']'); return }
      if (!first && this.#now.kind === '<EOF>') this.#closes(']')
      this.#take('?')
      this.#expression(first ? [']', ',', '?'] : [])
      if (this.#take(']')) return
      if (!this.#take(',')) this.#endsEarly(']')
    }
  }
  #map(): void {
    for (let first = true; !this.#take('}'); first = false) {
      if (first && this.#take(',')) { this.#closes('}'); return }
      if (!first && this.#now.kind === '<EOF>') this.#closes('}')
      this.#take('?')
      this.#expression(first ? ['}', ',', '?'] : [])
      this.#closes(':')
      this.#expression()
      if (this.#take('}')) return
      if (!this.#take(',')) this.#endsEarly('}')
    }
  }
  #endsEarly(kind: string): never {
    if (this.#now.kind === '<EOF>') this.#fail(`${this.#is('mismatched input')} expecting {'${kind}', ','}`)
    throw new Unfit()
  }
  /** One token too many before it, or it is missing at the end; what else there may be is not known here. */
  #closes(kind: string): void {
    if (this.#take(kind)) return
    if (this.#now.kind !== '<EOF>' && this.#next.kind === kind) this.#fail(`${this.#is('extraneous input')} expecting '${kind}'`)
    if (kind === ':') this.#fail(`${this.#is('mismatched input')} expecting ':'`)
    if (this.#now.kind === '<EOF>') this.#fail(`missing '${kind}' at '<EOF>'`)
    throw new Unfit()
  }
}
