/**
 * The part of the shell's language that start commands of containers are written in: simple commands with quotes, variables and redirections, joined by `;`,
 * `&&` and `||`; `while`, `until` and `for`. Source: POSIX.1-2017, Shell Command Language, 2.2, 2.3, 2.9.
 */
export type Node =
  | { readonly do: 'run'; readonly words: readonly Word[]; readonly redirects: readonly Redirect[] }
  | { readonly do: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly do: 'each'; readonly of: readonly Node[] }
  | { readonly do: 'while'; readonly condition: Node; readonly body: Node }
  /** `until …`, `while ! …` */
  | { readonly do: 'until'; readonly condition: Node; readonly body: Node }
  | { readonly do: 'for'; readonly variable: string; readonly words: readonly Word[]; readonly body: Node }
/** What a word is put together from: text, the value of a variable, and what a command or a sum comes to. */
export type Part = string | { readonly variable: string } | { readonly substitution: string }
export interface Word { readonly parts: readonly Part[]; readonly quoted: boolean }
/** `from`: 1 is what is printed, 2 what is complained about; `to`: a file, or where another of them goes */
export interface Redirect { readonly from: number; readonly to: Word | number }

/** It says something else than what is read here. */
export class Unclear extends Error {}

type Token = { readonly word: Word } | { readonly sign: string; readonly from?: number }

export function parseScript(script: string): Node {
  const tokens = tokensOf(script), parser = new Parser(tokens), node = parser.list([])
  if (!parser.ended) throw new Unclear()
  return node
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const rest = text.slice(at), blank = /^(?:[ \t\r]|\\\n|#[^\n]*)+/.exec(rest)
    if (blank) { at += blank[0].length; continue }
    const sign = /^(?:(\d)?(>>|>&|>|<)|&&|\|\||;;|[;\n&|()])/.exec(rest)
    if (sign) {
      tokens.push(sign[2] ? { sign: sign[2], from: Number(sign[1] ?? (sign[2] === '<' ? 0 : 1)) } : { sign: sign[0] })
      at += sign[0].length
      continue
    }
    const { word, end } = wordAt(text, at)
    tokens.push({ word })
    at = end
  }
  return tokens
}

function wordAt(text: string, start: number): { readonly word: Word; readonly end: number } {
  const parts: Part[] = []
  let at = start, quoted = false
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found?.[0]
  }
  while (at < text.length) {
    const plain = take(/[^\s;&|<>()'"\\$`]+/y), single = plain ?? take(/'[^']*'/y)?.slice(1, -1)
    if (plain !== undefined) parts.push(plain)
    else if (single !== undefined) { parts.push(single); quoted = true }
    else if (text[at] === '"') { at++; quoted = true; at = doubleQuoted(text, at, parts) }
    else if (text[at] === '\\' && at + 1 < text.length) { if (text[at + 1] !== '\n') parts.push(text[at + 1]); at += 2 }
    else if (text[at] === '$') at = expansion(text, at, parts)
    else if (text[at] === '`' || text[at] === "'") throw new Unclear()
    else break
  }
  if (at === start) throw new Unclear()
  return { word: { parts, quoted }, end: at }
}
function doubleQuoted(text: string, start: number, parts: Part[]): number {
  let at = start
  parts.push('')
  while (text[at] !== '"') {
    if (at >= text.length || text[at] === '`') throw new Unclear()
    if (text[at] === '$') { at = expansion(text, at, parts); continue }
    if (text[at] === '\\' && /["\\$`\n]/.test(text[at + 1] ?? '')) at++
    parts.push(text[at++])
  }
  return at + 1
}
/** `$NAME`, `${NAME}`, `$(…)`, `$((…))` */
function expansion(text: string, at: number, parts: Part[]): number {
  const [whole, name, braced] = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(text.slice(at)) ?? []
  if (whole !== undefined) { parts.push({ variable: name ?? braced }); return at + whole.length }
  if (text[at + 1] !== '(') {
    if (/[\w{?#@*!$-]/.test(text[at + 1] ?? '')) throw new Unclear()
    parts.push('$')
    return at + 1
  }
  let depth = 0, end = at + 1
  do {
    if (text[end] === '(') depth++
    else if (text[end] === ')') depth--
    end++
  } while (depth > 0 && end < text.length)
  if (depth > 0) throw new Unclear()
  parts.push({ substitution: text.slice(at + 2, end - 1).trim() })
  return end
}

const reserved = new Set(['if', 'then', 'else', 'elif', 'fi', 'case', 'esac', 'until', 'while', 'for', 'do', 'done', 'function', '{', '}', '!', '[['])

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  constructor(tokens: readonly Token[]) { this.#tokens = tokens }

  get ended(): boolean { return this.#at >= this.#tokens.length }
  /** up to one of these reserved words */
  list(until: readonly string[]): Node {
    const of: Node[] = []
    while (this.#sign(';', '\n')) { /* empty lines */ }
    while (!this.ended && !until.includes(this.#reserved ?? ' ')) {
      of.push(this.#joined())
      if (!this.#sign(';', '\n')) break
      while (this.#sign(';', '\n')) { /* empty lines */ }
    }
    return of.length === 1 ? of[0] : { do: 'each', of }
  }
  #joined(): Node {
    let left = this.#command()
    for (;;) {
      const sign = this.#sign('&&', '||')
      if (sign === undefined) return left
      while (this.#sign('\n')) { /* the line goes on */ }
      left = { do: sign === '&&' ? 'and' : 'or', left, right: this.#command() }
    }
  }
  #command(): Node {
    if (this.#reserved === 'while' || this.#reserved === 'until') return this.#while(this.#reserved)
    if (this.#reserved === 'for') return this.#for()
    if (this.#reserved !== undefined) throw new Unclear()
    const words: Word[] = [], redirects: Redirect[] = []
    for (;;) {
      const token = this.#tokens[this.#at]
      if (token && 'word' in token) words.push(token.word)
      else if (token?.from !== undefined) redirects.push(this.#redirect(token.sign, token.from))
      else break
      this.#at++
    }
    if (words.length === 0) throw new Unclear()
    return { do: 'run', words, redirects }
  }
  #redirect(sign: string, from: number): Redirect {
    const next = this.#tokens[++this.#at]
    if (sign === '<' || !next || !('word' in next)) throw new Unclear()
    return { from, to: sign === '>&' ? Number(literal(next.word)) : next.word }
  }
  #while(word: 'while' | 'until'): Node {
    this.#at++
    const isNot = word === 'while' && this.#reserved === '!'
    if (isNot) this.#at++
    const condition = this.list(['do'])
    return { do: isNot ? 'until' : word, condition, body: this.#loop() }
  }
  #for(): Node {
    const variable = literal(this.#wordAt(++this.#at)), words: Word[] = []
    if (literal(this.#wordAt(++this.#at)) !== 'in') throw new Unclear()
    for (let token = this.#tokens[++this.#at]; token && 'word' in token; token = this.#tokens[++this.#at]) words.push(token.word)
    if (!this.#sign(';', '\n')) throw new Unclear()
    while (this.#sign('\n')) { /* `do` on a line of its own */ }
    return { do: 'for', variable, words, body: this.#loop() }
  }
  #loop(): Node {
    this.#keyword('do')
    const body = this.list(['done'])
    this.#keyword('done')
    return body
  }
  #keyword(word: string): void { if (this.#reserved !== word) throw new Unclear(); this.#at++ }
  #wordAt(at: number): Word { const token = this.#tokens[at]; if (!token || !('word' in token)) throw new Unclear(); return token.word }
  /** passes over one of these signs */
  #sign(...signs: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at]
    if (!token || 'word' in token || !signs.includes(token.sign)) return undefined
    this.#at++
    return token.sign
  }
  get #reserved(): string | undefined {
    const token = this.#tokens[this.#at]
    return token && 'word' in token && !token.word.quoted && reserved.has(literal(token.word) ?? '') ? literal(token.word) : undefined
  }
}

/** a word without variables; '' of one that has some */
export const literal = ({ parts }: Word): string => parts.every(part => typeof part === 'string') ? parts.join('') : ''
