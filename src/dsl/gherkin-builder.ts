import type {
  Background,
  Comment,
  DataTable,
  DocString,
  Examples,
  Feature,
  GherkinDocument,
  Rule,
  Scenario,
  Step,
  TableRow,
  Tag,
} from './gherkin-document.ts'
import type { GherkinLines, OpenLine, RowLine, StepLine, TagItem, TitleLine } from './gherkin-lines.ts'

interface Header {
  readonly tags: readonly unknown[]
  readonly title: TitleLine | null
  readonly description: string
}
type CommentLine = { readonly comment: Comment }
const isComment = (line: unknown): line is CommentLine => typeof line === 'object' && line !== null && 'comment' in line

/**
 * Makes the nodes of the document, called by the grammar from the inside out. Ids are given in the official order:
 * children first, then tags, then the node.
 */
export function createBuilder(lines: GherkinLines, newId: () => string) {
  const title = (line: TitleLine, description: string) => ({ location: line.location, keyword: line.keyword, name: line.text, description })
  const tagsOf = (found: readonly unknown[]): Tag[] =>
    (found.filter(Array.isArray) as TagItem[][]).flat().map(t => ({ location: t.location, name: t.name, id: newId() }))

  const build = {
    document: (feature: Feature | null | undefined): GherkinDocument => ({ feature: feature ?? undefined, comments: lines.comments }),
    feature(header: Header, background: Background | null, scenarios: readonly Scenario[], rules: readonly Rule[]): Feature | null {
      const tags = tagsOf(header.tags)
      if (!header.title) return null
      const children = [
        ...(background ? [{ background }] : []),
        ...scenarios.map(scenario => ({ scenario })),
        ...rules.filter(r => r).map(rule => ({ rule })),
      ]
      return { tags, language: header.title.language, ...title(header.title, header.description), children }
    },
    rule(header: Header, background: Background | null, scenarios: readonly Scenario[]): Rule | null {
      if (!header.title) return null
      const tags = tagsOf(header.tags)
      const children = [...(background ? [{ background }] : []), ...scenarios.map(scenario => ({ scenario }))]
      return { id: newId(), ...title(header.title, header.description), children, tags }
    },
    background: (line: TitleLine, description: string, steps: readonly Step[]): Background => ({
      id: newId(),
      ...title(line, description),
      steps,
    }),
    scenario(
      found: readonly unknown[],
      line: TitleLine,
      description: string,
      steps: readonly Step[],
      examples: readonly Examples[],
    ): Scenario {
      const tags = tagsOf(found)
      return { id: newId(), tags, ...title(line, description), steps, examples }
    },
    examples(found: readonly unknown[], line: TitleLine, description: string, rows: readonly TableRow[]): Examples {
      const tags = tagsOf(found)
      return { id: newId(), tags, ...title(line, description), tableHeader: rows[0], tableBody: rows.slice(1) }
    },
    rows(found: readonly unknown[]): TableRow[] {
      const rows = (found.filter(l => l !== null && !isComment(l)) as RowLine[]).map(row => ({ id: newId(), ...row }))
      const odd = rows.find(row => row.cells.length !== rows[0].cells.length)
      if (odd) {
        const detail = `${odd.cells.length} where the first row has ${rows[0].cells.length}`
        lines.report('inconsistent cell count within the table', odd.location, undefined, { detail })
      }
      return rows
    },
    table(found: readonly unknown[]): DataTable {
      const rows = build.rows(found)
      return { location: rows[0].location, rows }
    },
    docString: (open: OpenLine, content: readonly string[]): DocString => ({
      location: open.location,
      content: content.join('\n'),
      delimiter: open.delimiter,
      ...(open.mediaType ? { mediaType: open.mediaType } : {}),
    }),
    step: (line: StepLine, argument: { table?: DataTable | null; docString?: DocString | null }): Step => ({
      id: newId(),
      location: line.location,
      keyword: line.keyword,
      keywordType: line.keywordType,
      text: line.text,
      dataTable: argument.table ?? undefined,
      docString: argument.docString ?? undefined,
    }),
    description(found: readonly (string | CommentLine)[]): string {
      const text = found.filter(l => typeof l === 'string') as string[]
      let end = text.length
      while (end > 0 && text[end - 1].trim() === '') end--
      return text.slice(0, end).join('\n')
    },
  }
  return build
}
