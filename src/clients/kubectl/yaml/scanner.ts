import { scanAnchor, scanBlockScalar, scanDirective, scanPlain, scanQuoted, scanTag } from './scalars.ts'
import { Text } from './text.ts'

export type TokenType =
  | 'stream end' | 'directive' | 'document start' | 'document end' | 'sequence start' | 'mapping start' | 'block end'
  | '[' | ']' | '{' | '}' | ',' | '-' | '?' | ':' | 'alias' | 'anchor' | 'tag' | 'scalar'
export interface Token { readonly type: TokenType; readonly line: number; readonly handle?: string }
/** where a key may begin; `number`: of its first token, `required`: nothing else can stand there */
interface SimpleKey {
  possible: boolean; readonly required: boolean; readonly number: number; readonly line: number; readonly column: number; readonly at: number
}

/** The tokens of a document, one after the other. Source: goyaml.v2 (scannerc.go), which is libyaml's scanner. */
export class Scanner {
  private readonly text: Text
  private readonly queue: Token[] = []
  private parsed = 0
  private ended = false
  private readonly indents: number[] = []
  private keys: (SimpleKey | undefined)[] = [undefined]

  constructor(text: string) { this.text = new Text(text) }

  peek(): Token {
    while (!this.ended && (this.queue.length === 0 || this.keys.some(key => key?.number === this.parsed && this.isValid(key)))) this.fetch()
    return this.queue[0]
  }
  skip(): void { this.peek(); this.queue.shift(); this.parsed++ }

  private add(type: TokenType, line = this.text.line, handle?: string): void { this.queue.push({ type, line, ...handle === undefined ? {} : { handle } }) }

  private fetch(): void {
    const { text } = this
    text.toNextToken()
    this.unroll(text.column)
    const c = text.char, flow = text.flow > 0, next = text.isBlankOrEnd(1)
    if (text.atEnd) return this.end()
    if (text.column === 0 && c === '%') { this.reset(); const { line } = text; scanDirective(text); return this.add('directive', line) }
    if (text.atDocumentMark) {
      this.reset()
      this.add(c === '-' ? 'document start' : 'document end')
      return text.move(3)
    }
    if (c === '[' || c === '{') return this.open(c)
    if (c === ']' || c === '}') return this.close(c)
    if (c === ',') { this.removeKey(); text.keysAllowed = true; this.add(','); return text.move() }
    if (c === '-' && next) return this.entry()
    if (c === '?' && (flow || next)) return this.key()
    if (c === ':' && (flow || next)) return this.value()
    if (c === '*' || c === '&') return this.keyed(c === '*' ? 'alias' : 'anchor', () => scanAnchor(text))
    if (c === '!') return this.keyed('tag', () => scanTag(text))
    if ((c === '|' || c === '>') && !flow) {
      this.removeKey()
      text.keysAllowed = true
      const { line } = text
      scanBlockScalar(text)
      return this.add('scalar', line)
    }
    if (c === "'" || c === '"') return this.keyed('scalar', () => scanQuoted(text, c))
    const plain = !'-?:,[]{}#&*!|>\'"%@`'.includes(c) && !text.isBlankOrEnd() || c === '-' || !flow && (c === '?' || c === ':')
    if (plain) return this.keyed('scalar', () => scanPlain(text))
    throw text.mistake('found character that cannot start any token')
  }

  /** what may turn out to be a key once its colon comes */
  private keyed(type: TokenType, scan: () => string | void): void {
    this.saveKey()
    this.text.keysAllowed = false
    const { line } = this.text
    this.add(type, line, scan() ?? undefined)
  }
  private end(): void {
    this.text.forceNewLine()
    this.reset()
    this.add('stream end')
    this.ended = true
  }
  private reset(): void { this.unroll(-1); this.removeKey(); this.text.keysAllowed = false }
  private open(c: '[' | '{'): void {
    this.saveKey()
    this.keys.push(undefined)
    this.text.flow++
    this.text.keysAllowed = true
    this.add(c)
    this.text.move()
  }
  private close(c: ']' | '}'): void {
    this.removeKey()
    if (this.text.flow > 0) { this.text.flow--; this.keys.pop() }
    this.text.keysAllowed = false
    this.add(c)
    this.text.move()
  }
  private entry(): void {
    const { text } = this
    if (text.flow === 0) {
      if (!text.keysAllowed) throw text.mistake('block sequence entries are not allowed in this context')
      this.roll(text.column, 'sequence start')
    }
    this.removeKey()
    text.keysAllowed = true
    this.add('-')
    text.move()
  }
  private key(): void {
    const { text } = this
    if (text.flow === 0) {
      if (!text.keysAllowed) throw text.mistake('mapping keys are not allowed in this context')
      this.roll(text.column, 'mapping start')
    }
    this.removeKey()
    text.keysAllowed = text.flow === 0
    this.add('?')
    text.move()
  }
  private value(): void {
    const { text } = this, key = this.keys.at(-1)
    if (key && this.isValid(key)) {
      this.queue.splice(key.number - this.parsed, 0, { type: '?', line: key.line })
      this.roll(key.column, 'mapping start', key)
      key.possible = false
      text.keysAllowed = false
    } else {
      if (text.flow === 0) {
        if (!text.keysAllowed) throw text.mistake('mapping values are not allowed in this context')
        this.roll(text.column, 'mapping start')
      }
      text.keysAllowed = text.flow === 0
    }
    this.add(':')
    text.move()
  }

  private roll(column: number, type: TokenType, key?: SimpleKey): void {
    const { text } = this
    if (text.flow > 0 || text.indent >= column) return
    this.indents.push(text.indent)
    text.indent = column
    if (key) this.queue.splice(key.number - this.parsed, 0, { type, line: key.line })
    else this.add(type)
  }
  private unroll(column: number): void {
    if (this.text.flow > 0) return
    while (this.text.indent > column) { this.add('block end'); this.text.indent = this.indents.pop()! }
  }
  private saveKey(): void {
    const { text } = this
    if (!text.keysAllowed) return
    this.removeKey()
    this.keys[this.keys.length - 1] = {
      possible: true, required: text.flow === 0 && text.indent === text.column, number: this.parsed + this.queue.length, line: text.line, column: text.column,
      at: text.at,
    }
  }
  private removeKey(): void {
    const key = this.keys.at(-1)
    if (key?.possible && key.required) throw this.text.mistake("could not find expected ':'", key.line)
    if (key) key.possible = false
  }
  /** a key stands on one line, and is not too long */
  private isValid(key: SimpleKey): boolean {
    if (!key.possible) return false
    if (key.line >= this.text.line && key.at + 1024 >= this.text.at) return true
    if (key.required) throw this.text.mistake("could not find expected ':'", key.line)
    key.possible = false
    return false
  }
}
