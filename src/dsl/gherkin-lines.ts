import { dialectOf, LineKind, type Dialect } from './dialect.ts'
import type { Comment, Location, StepKeywordType, TableCell } from './gherkin-document.ts'

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

/** One error in the official wording. */
export interface GherkinError {
  readonly message: string
  readonly location: Location
  /** of the document where it stands */
  readonly language: string
  /** the official names of what could have stood there */
  readonly expected?: readonly string[]
  /** what the official wording does not say */
  readonly detail?: string
}
const tolerated = 10
/** Ends the parse after the eleventh error, as the official parser does. */
export const tooManyErrors = Symbol('too many errors')

const languagePattern = /^\s*#\s*language\s*:\s*([a-zA-Z\-_]+)\s*$/
/** code points in a text */
function symbolsIn(text: string): number {
  let pairs = 0
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) { pairs++; i++ }
  }
  return text.length - pairs
}

/**
 * The lines of a document: what each can be in the document's language, and what is in it.
 * Source: cucumber/gherkin, GherkinClassicTokenMatcher and GherkinLine (what a token is, columns in code points).
 */
export function createLines(text: string, errors: GherkinError[]) {
  const starts: number[] = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const raw = (index: number): string => {
    const end = index + 1 < starts.length ? starts[index + 1] - 1 : text.length
    return text.slice(starts[index], index + 1 < starts.length && text.charCodeAt(end - 1) === 13 && end > starts[index] ? end - 1 : end)
  }
  const count = raw(starts.length - 1).trim() === '' ? starts.length - 1 : starts.length
  let kinds = new Uint16Array(count)
  let dialect = dialectOf('en') as Dialect
  let index = 0
  let line = '' // of `index`
  let trimmed = ''
  let loaded = -1
  let active: { delimiter: string; indent: number; line: number } | undefined

  const load = (): void => {
    if (loaded === index) return
    loaded = index
    line = index < count ? raw(index) : ''
    trimmed = line.trimStart()
  }
  /** blanks are single code units */
  const indent = (): number => line.length - trimmed.length
  const location = (): Location => ({ line: index + 1, column: indent() + 1 })
  const rest = (length: number): string => trimmed.slice(length).trim()
  const report = (message: string, place: Location, messageColumn = place.column ?? 0, more: Pick<GherkinError, 'expected' | 'detail'> = {}): void => {
    const full = `(${place.line}:${messageColumn}): ${message}`
    if (errors.some(e => e.message === full)) return
    errors.push({ message: full, location: place, language: dialect.name, ...more })
    if (errors.length > tolerated) throw tooManyErrors
  }

  const stepKeyword = () => dialect.steps.get(trimmed[0])?.find(s => trimmed.startsWith(s.keyword))
  function classify(): number {
    load()
    if (trimmed === '') return LineKind.empty
    const first = trimmed[0]
    let kind = 0x8000 // looked at
    if (first === '#') kind |= LineKind.comment
    else if (first === '@') kind |= LineKind.tags
    else if (first === '|') kind |= LineKind.row
    else if (trimmed.startsWith('"""') || trimmed.startsWith('```')) kind |= LineKind.delimiter
    const colon = trimmed.indexOf(':')
    if (colon >= 0) kind |= dialect.titles.get(trimmed.slice(0, colon)) ?? 0
    if (stepKeyword()) kind |= LineKind.step
    return kind
  }

  let tagsOf = -1
  let tagsRead: TagItem[] | undefined
  /** The tags of the current line, read once. */
  function readTags(): TagItem[] | undefined {
    if (tagsOf === index) return tagsRead
    tagsRead = cutTags()
    tagsOf = index
    return tagsRead
  }
  /** A tag line is cut at ` #`; blanks inside a tag are an error. */
  function cutTags(): TagItem[] | undefined {
    load()
    const found: TagItem[] = []
    let column = indent() + 1
    for (const item of (trimmed.includes('#') ? trimmed.split(/\s#/, 2)[0] : trimmed).split('@')) {
      const name = item.trimEnd()
      if (name === '') continue
      if (!/^\S+$/.test(name)) return void report('A tag may not contain whitespace', { line: index + 1, column })
      found.push({ location: { line: index + 1, column }, name: `@${name}` })
      column += symbolsIn(item) + 1
    }
    return found
  }

  const lines = {
    seek(offset: number) {
      if (index < count && starts[index] === offset) return lines
      if (index + 1 < count && starts[index + 1] === offset) index++
      else index = find(offset)
      return lines
    },
    nextOffset: (): number => (index + 1 < starts.length ? starts[index + 1] : text.length),
    atEnd: (): boolean => index >= count,
    is(kind: number): boolean {
      if (index >= count) return false
      const known = kinds[index] || (kinds[index] = classify())
      if (kind === LineKind.language) return (known & LineKind.comment) !== 0 && lines.namesLanguage()
      if ((known & kind) === 0) return false
      return (kind & known) === LineKind.tags ? readTags() !== undefined : true
    },
    namesLanguage(): boolean {
      load()
      const name = languagePattern.exec(trimmed)?.[1]
      if (name === undefined) return false
      if (dialectOf(name)) return true
      // the official message names the indented column, its location the first (the line is taken for a comment afterwards, unless the parse ends here)
      report(`Language not supported: ${name}`, { line: index + 1, column: errors.length < tolerated ? 1 : indent() + 1 }, indent() + 1)
      return false
    },
    changeDialect(): void {
      load()
      dialect = dialectOf(languagePattern.exec(trimmed)?.[1] ?? 'en') as Dialect
      kinds = new Uint16Array(count)
    },
    tags: (): TagItem[] => readTags() ?? [],
    title(_kind: number): TitleLine {
      load()
      const keyword = trimmed.slice(0, trimmed.indexOf(':'))
      return { location: location(), keyword, text: rest(keyword.length + 1), language: dialect.name }
    },
    step(): StepLine {
      load()
      const { keyword, type } = stepKeyword() as { keyword: string; type: StepKeywordType }
      return { location: location(), keyword, keywordType: type, text: rest(keyword.length) }
    },
    row(): RowLine {
      load()
      return { location: location(), cells: cellsOf(trimmed, index + 1, indent()) }
    },
    open(): OpenLine {
      load()
      const delimiter = trimmed.slice(0, 3)
      active = { delimiter, indent: indent(), line: index + 1 }
      return { location: location(), delimiter, mediaType: rest(3) }
    },
    closes(): boolean {
      load()
      return active !== undefined && trimmed.startsWith(active.delimiter)
    },
    content(): string {
      load()
      const cut = active?.indent ?? 0
      const content = cut > indent() ? trimmed : line.slice(cut)
      return active?.delimiter === '"""' ? content.replace('\\"\\"\\"', '"""') : content.replace('\\`\\`\\`', '```')
    },
    close(): void {
      active = undefined
    },
    text(): string {
      load()
      return line
    },
    comment(): { comment: Comment } {
      load()
      const comment = { location: { line: index + 1, column: 1 }, text: line }
      lines.comments.push(comment)
      return { comment }
    },
    comments: [] as Comment[],
    unexpected(expected: readonly string[]): null {
      load()
      if (index >= count)
        report(`unexpected end of file, expected: ${expected.join(', ')}`, { line: count + 1 }, 0, {
          expected, ...(active ? { detail: `in line ${active.line}` } : {}),
        })
      else report(`expected: ${expected.join(', ')}, got '${line.trim()}'`, location(), undefined, { expected })
      return null
    },
    report,
  }

  /** Backwards or far jumps are rare: after a look ahead over tags. */
  function find(offset: number): number {
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle] < offset) low = middle + 1
      else high = middle
    }
    return low
  }
  return lines
}
export type GherkinLines = ReturnType<typeof createLines>

const cellBlanks = ' \t\v\f\r\u0085\u00A0'
/** Cells between unescaped bars; text behind the last bar is no cell. Source: cucumber/gherkin, GherkinLine.getTableCells. */
function cellsOf(row: string, line: number, indent: number): TableCell[] {
  if (!row.includes('\\')) return plainCells(row, line, indent)
  const cells: TableCell[] = []
  let cell = ''
  let start = 1
  let first = true
  for (let at = 0; at < row.length; at++) {
    const char = row[at]
    if (char === '|') {
      if (first) first = false
      else {
        cells.push(cellOf(cell, line, indent + start))
      }
      cell = ''
      start = at + 2
    } else if (char === '\\') {
      const next = row[++at]
      cell += next === 'n' ? '\n' : next === '|' || next === '\\' ? next : `\\${next}`
    } else cell += char
  }
  return cells
}
function cellOf(cell: string, line: number, column: number): TableCell {
  let from = 0
  let to = cell.length
  while (from < to && cellBlanks.includes(cell[from])) from++
  while (to > from && cellBlanks.includes(cell[to - 1])) to--
  return { location: { line, column: column + from }, value: cell.slice(from, to) }
}
/** The same for a row without escapes. */
function plainCells(row: string, line: number, indent: number): TableCell[] {
  const cells: TableCell[] = []
  let from = row.indexOf('|') + 1
  for (let bar = row.indexOf('|', from); bar >= 0; from = bar + 1, bar = row.indexOf('|', from)) {
    cells.push(cellOf(row.slice(from, bar), line, indent + from + 1))
  }
  return cells
}
