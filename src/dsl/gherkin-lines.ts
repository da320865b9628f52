import { dialectOf, LineKind, type Dialect } from './dialect.ts'
import { cellsOf } from './gherkin-cells.ts'
import type { Comment, Location, StepKeywordType, TableCell } from './gherkin-document.ts'
import type { GherkinError, GherkinErrors } from './gherkin-errors.ts'

export interface TitleLine {
  readonly location: Location
  readonly keyword: string
  readonly text: string
  readonly language: string
}
export interface StepLine {
  readonly location: Location
  readonly keyword: string
  readonly keywordType: StepKeywordType
  readonly text: string
}
export interface RowLine {
  readonly location: Location
  readonly cells: readonly TableCell[]
}
export interface TagItem {
  readonly location: Location
  readonly name: string
}
export interface OpenLine {
  readonly location: Location
  readonly delimiter: string
  readonly mediaType: string
}


const languagePattern = /^\s*#\s*language\s*:\s*([a-zA-Z\-_]+)\s*$/
/** bit of a kind that says: looked at */
const LOOKED_AT = 0x8000
/** code points in a text */
function symbolsIn(text: string): number {
  let pairs = 0
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) { pairs++; i++ }
  }
  return text.length - pairs
}

/**
 * The lines of a document: what each can be in the document's language, and what is in it. The grammar moves it (`seek`) and asks about the line there.
 * Source: cucumber/gherkin, GherkinClassicTokenMatcher and GherkinLine (what a token is, columns in code points).
 */
export class GherkinLines {
  readonly comments: Comment[] = []
  readonly #text: string
  readonly #errors: GherkinErrors
  /** offset of each line */
  readonly #starts: number[] = [0]
  /** how many lines there are: an empty last one is none */
  readonly #count: number
  /** what each line can be, as bits of LineKind; 0: not looked at */
  #kinds: Uint16Array
  #dialect = dialectOf('en') as Dialect
  #index = 0
  /** the line of `#index`, once it is loaded, and without the blanks before it */
  #line = ''
  #trimmed = ''
  #loaded = -1
  /** the doc string that is open */
  #open: { readonly delimiter: string; readonly indent: number; readonly line: number } | undefined
  #tagsOf = -1
  #tagsRead: TagItem[] | undefined

  constructor(text: string, errors: GherkinErrors) {
    this.#text = text
    this.#errors = errors
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
    const last = this.#starts.length - 1
    this.#count = this.#raw(last).trim() === '' ? last : last + 1
    this.#kinds = new Uint16Array(this.#count)
  }

  // ---- where it is
  seek(offset: number): this {
    const starts = this.#starts, index = this.#index
    if (index < this.#count && starts[index] === offset) return this
    this.#index = index + 1 < this.#count && starts[index + 1] === offset ? index + 1 : this.#find(offset)
    return this
  }
  nextOffset(): number { return this.#index + 1 < this.#starts.length ? this.#starts[this.#index + 1] : this.#text.length }
  atEnd(): boolean { return this.#index >= this.#count }

  // ---- what the line can be
  is(kind: number): boolean {
    if (this.#index >= this.#count) return false
    const known = this.#kinds[this.#index] || (this.#kinds[this.#index] = this.#classify())
    if (kind === LineKind.language) return (known & LineKind.comment) !== 0 && this.namesLanguage()
    if ((known & kind) === 0) return false
    return (kind & known) === LineKind.tags ? this.#readTags() !== undefined : true
  }
  namesLanguage(): boolean {
    this.#load()
    const name = languagePattern.exec(this.#trimmed)?.[1], line = this.#index + 1
    if (name === undefined) return false
    if (dialectOf(name)) return true
    // the official message names the indented column, its location the first (the line is taken for a comment afterwards, unless the parse ends here)
    this.report(`Language not supported: ${name}`, { line, column: this.#errors.full ? this.#indent() + 1 : 1 }, this.#indent() + 1)
    return false
  }
  changeDialect(): void {
    this.#load()
    this.#dialect = dialectOf(languagePattern.exec(this.#trimmed)?.[1] ?? 'en') as Dialect
    this.#kinds = new Uint16Array(this.#count)
  }

  // ---- what is in it
  tags(): TagItem[] { return this.#readTags() ?? [] }
  title(_kind: number): TitleLine {
    this.#load()
    const keyword = this.#trimmed.slice(0, this.#trimmed.indexOf(':'))
    return { location: this.#location(), keyword, text: this.#rest(keyword.length + 1), language: this.#dialect.name }
  }
  step(): StepLine {
    this.#load()
    const { keyword, type } = this.#stepKeyword() as { keyword: string; type: StepKeywordType }
    return { location: this.#location(), keyword, keywordType: type, text: this.#rest(keyword.length) }
  }
  row(): RowLine {
    this.#load()
    return { location: this.#location(), cells: cellsOf(this.#trimmed, this.#index + 1, this.#indent()) }
  }
  text(): string {
    this.#load()
    return this.#line
  }
  comment(): { comment: Comment } {
    this.#load()
    const comment = { location: { line: this.#index + 1, column: 1 }, text: this.#line }
    this.comments.push(comment)
    return { comment }
  }

  // ---- doc strings
  open(): OpenLine {
    this.#load()
    const delimiter = this.#trimmed.slice(0, 3)
    this.#open = { delimiter, indent: this.#indent(), line: this.#index + 1 }
    return { location: this.#location(), delimiter, mediaType: this.#rest(3) }
  }
  closes(): boolean {
    this.#load()
    return this.#open !== undefined && this.#trimmed.startsWith(this.#open.delimiter)
  }
  content(): string {
    this.#load()
    const cut = this.#open?.indent ?? 0, content = cut > this.#indent() ? this.#trimmed : this.#line.slice(cut)
    return this.#open?.delimiter === '"""' ? content.replace('\\"\\"\\"', '"""') : content.replace('\\`\\`\\`', '```')
  }
  close(): void { this.#open = undefined }

  // ---- errors
  unexpected(expected: readonly string[]): null {
    this.#load()
    const list = expected.join(', ')
    if (!this.atEnd()) this.report(`expected: ${list}, got '${this.#line.trim()}'`, this.#location(), undefined, { expected })
    else {
      const detail = this.#open ? { detail: `in line ${this.#open.line}` } : {}
      this.report(`unexpected end of file, expected: ${list}`, { line: this.#count + 1 }, 0, { expected, ...detail })
    }
    return null
  }
  report(message: string, place: Location, messageColumn?: number, more?: Pick<GherkinError, 'expected' | 'detail'>): void {
    this.#errors.report(this.#dialect.name, message, place, messageColumn, more)
  }

  // ----
  #raw(index: number): string {
    const starts = this.#starts, text = this.#text
    if (index + 1 >= starts.length) return text.slice(starts[index])
    const end = starts[index + 1] - 1
    return text.slice(starts[index], text.charCodeAt(end - 1) === 13 && end > starts[index] ? end - 1 : end)
  }
  #load(): void {
    if (this.#loaded === this.#index) return
    this.#loaded = this.#index
    this.#line = this.atEnd() ? '' : this.#raw(this.#index)
    this.#trimmed = this.#line.trimStart()
  }
  /** blanks are single code units */
  #indent(): number { return this.#line.length - this.#trimmed.length }
  #location(): Location { return { line: this.#index + 1, column: this.#indent() + 1 } }
  #rest(length: number): string { return this.#trimmed.slice(length).trim() }
  #stepKeyword() { return this.#dialect.steps.get(this.#trimmed[0])?.find(s => this.#trimmed.startsWith(s.keyword)) }

  #classify(): number {
    this.#load()
    const trimmed = this.#trimmed
    if (trimmed === '') return LineKind.empty
    const first = trimmed[0], colon = trimmed.indexOf(':')
    let kind = LOOKED_AT
    if (first === '#') kind |= LineKind.comment
    else if (first === '@') kind |= LineKind.tags
    else if (first === '|') kind |= LineKind.row
    else if (trimmed.startsWith('"""') || trimmed.startsWith('```')) kind |= LineKind.delimiter
    if (colon >= 0) kind |= this.#dialect.titles.get(trimmed.slice(0, colon)) ?? 0
    if (this.#stepKeyword()) kind |= LineKind.step
    return kind
  }

  /** The tags of the current line, read once. */
  #readTags(): TagItem[] | undefined {
    if (this.#tagsOf === this.#index) return this.#tagsRead
    this.#tagsRead = this.#cutTags()
    this.#tagsOf = this.#index
    return this.#tagsRead
  }
  /** A tag line is cut at ` #`; blanks inside a tag are an error. */
  #cutTags(): TagItem[] | undefined {
    this.#load()
    const found: TagItem[] = [], trimmed = this.#trimmed, line = this.#index + 1
    let column = this.#indent() + 1
    for (const item of (trimmed.includes('#') ? trimmed.split(/\s#/, 2)[0] : trimmed).split('@')) {
      const name = item.trimEnd()
      if (name === '') continue
      if (!/^\S+$/.test(name)) return void this.report('A tag may not contain whitespace', { line, column })
      found.push({ location: { line, column }, name: `@${name}` })
      column += symbolsIn(item) + 1
    }
    return found
  }

  /** Backwards or far jumps are rare: after a look ahead over tags. */
  #find(offset: number): number {
    let low = 0, high = this.#count
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#starts[middle] < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
