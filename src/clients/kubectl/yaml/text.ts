import { YamlMistake } from './mistake.ts'

/** A text that is read from its beginning to its end, and what the scanner knows where it stands. */
export class Text {
  at = 0
  line = 0
  column = 0
  /** of the block that it is in */
  indent = -1
  /** how many brackets are open */
  flow = 0
  /** a key may begin here */
  keysAllowed = true
  private readonly text: string
  constructor(text: string) { this.text = text.startsWith('\uFEFF') ? text.slice(1) : text }

  get char(): string { return this.text[this.at] ?? '' }
  get atEnd(): boolean { return this.at >= this.text.length }
  ahead(offset: number): string { return this.text[this.at + offset] ?? '' }
  isBlank(offset = 0): boolean { const c = this.ahead(offset); return c === ' ' || c === '\t' }
  isBreak(offset = 0): boolean { const c = this.ahead(offset); return c === '\n' || c === '\r' || c === '\u0085' || c === '\u2028' || c === '\u2029' }
  isBreakOrEnd(offset = 0): boolean { return this.at + offset >= this.text.length || this.isBreak(offset) }
  isBlankOrEnd(offset = 0): boolean { return this.isBlank(offset) || this.isBreakOrEnd(offset) }
  /** `---` or `...` by itself at the beginning of a line */
  get atDocumentMark(): boolean {
    return this.column === 0 && (this.text.startsWith('---', this.at) || this.text.startsWith('...', this.at)) && this.isBlankOrEnd(3)
  }

  move(count = 1): void { this.at += count; this.column += count }
  nextLine(): void {
    this.at += this.text.startsWith('\r\n', this.at) ? 2 : 1
    this.line++
    this.column = 0
  }
  forceNewLine(): void { if (this.column !== 0) { this.line++; this.column = 0 } }
  toNextToken(): void {
    for (;;) {
      while (this.char === ' ' || (this.flow > 0 || !this.keysAllowed) && this.char === '\t') this.move()
      if (this.char === '#') while (!this.isBreakOrEnd()) this.move()
      if (!this.isBreak()) return
      this.nextLine()
      if (this.flow === 0) this.keysAllowed = true
    }
  }
  mistake(problem: string, from = this.line): YamlMistake { return new YamlMistake(problem, this.line, from, 'scanner') }
}
