import { YamlMistake } from './mistake.ts'
import { Scanner, type TokenType } from './scanner.ts'

/**
 * What Go's YAML parser has against a document, in its words; undefined: nothing. Source: goyaml.v2 (parserc.go), which is libyaml's parser: what a
 * document says is read elsewhere.
 */
export function yamlMistake(document: string): string | undefined {
  try {
    new Parser(document).document()
    return undefined
  } catch (error) {
    if (error instanceof YamlMistake) return error.message
    throw error
  }
}

class Parser {
  private readonly scanner: Scanner
  constructor(text: string) { this.scanner = new Scanner(text) }

  private get next(): TokenType { return this.scanner.peek().type }
  private is(...types: readonly TokenType[]): boolean { return types.includes(this.next) }
  private take(type: TokenType): boolean { const is = this.next === type; if (is) this.scanner.skip(); return is }
  private fail(problem: string, from: number): never { throw new YamlMistake(problem, this.scanner.peek().line, from, 'parser') }

  /** the first one, and what comes next behind it */
  document(): void {
    if (this.is('stream end')) return
    if (this.is('directive', 'document start')) {
      while (this.take('directive')) { /* what they say does not matter here */ }
      if (!this.take('document start')) this.fail('did not find expected <document start>', 0)
      if (this.is('directive', 'document start', 'document end', 'stream end')) return
    }
    this.node(true, false)
    this.scanner.peek()
  }

  private node(block: boolean, indentless: boolean): void {
    const { line } = this.scanner.peek()
    if (this.take('alias')) return
    const named = this.properties(line)
    if (indentless && this.is('-')) return this.indentless()
    if (this.take('scalar')) return
    if (this.take('[')) return this.flowSequence(line)
    if (this.take('{')) return this.flowMapping(line)
    if (block && this.take('sequence start')) return this.sequence(line)
    if (block && this.take('mapping start')) return this.mapping(line)
    if (!named) this.fail('did not find expected node content', line)
  }
  private properties(line: number): boolean {
    let named = false
    for (const type of this.is('tag') ? ['tag', 'anchor'] as const : ['anchor', 'tag'] as const) {
      if (!this.is(type)) continue
      const { handle } = this.scanner.peek()
      if (type === 'tag' && handle !== '!' && handle !== '!!') this.fail('found undefined tag handle', line)
      this.scanner.skip()
      named = true
    }
    return named
  }

  private sequence(line: number): void {
    while (this.take('-')) if (!this.is('-', 'block end')) this.node(true, false)
    if (!this.take('block end')) this.fail("did not find expected '-' indicator", line)
  }
  private indentless(): void {
    while (this.take('-')) if (!this.is('-', '?', ':', 'block end')) this.node(true, false)
  }
  private mapping(line: number): void {
    for (;;) {
      if (this.take('?')) { if (!this.is('?', ':', 'block end')) this.node(true, true) }
      else break
      if (this.take(':') && !this.is('?', ':', 'block end')) this.node(true, true)
    }
    if (!this.take('block end')) this.fail('did not find expected key', line)
  }
  private flowSequence(line: number): void {
    for (let first = true; !this.take(']'); first = false) {
      if (!first && !this.take(',')) this.fail("did not find expected ',' or ']'", line)
      if (this.take('?')) {
        if (!this.is(':', ',', ']')) this.node(false, false)
        if (this.take(':') && !this.is(',', ']')) this.node(false, false)
      } else if (!this.is(']')) this.node(false, false)
    }
  }
  private flowMapping(line: number): void {
    for (let first = true; !this.take('}'); first = false) {
      if (!first && !this.take(',')) this.fail("did not find expected ',' or '}'", line)
      if (this.take('?')) {
        if (!this.is(':', ',', '}')) this.node(false, false)
        if (this.take(':') && !this.is(',', '}')) this.node(false, false)
      } else if (!this.is('}')) this.node(false, false)
    }
  }
}
