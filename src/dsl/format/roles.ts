import type { DataTable, DocString, Examples, GherkinDocument, Rule, Scenario, Step, TableRow, Tag } from '../gherkin-document.ts'

/** What a line of a document is, and how far it is indented. Lines without a role are blank, comments, or parts of descriptions. */
export type Role =
  | {
    readonly type: 'title'
    readonly indent: number
    readonly keyword: string
    readonly name: string
    /** a blank line stands above it */
    readonly apart: boolean
  }
  | { readonly type: 'tags'; readonly indent: number; readonly apart: boolean }
  | { readonly type: 'step'; readonly indent: number; readonly step: Step }
  | { readonly type: 'row'; readonly indent: number; /** number of its table */ readonly table: number }
  | { readonly type: 'open'; readonly indent: number; readonly docString: DocString }
  | { readonly type: 'content'; readonly indent: number; /** columns of the opening line */ readonly cut: number }
  | { readonly type: 'close'; readonly indent: number; readonly delimiter: string }

const step = 2

/** Role of each line that has one, by its number. */
export function rolesOf({ feature }: GherkinDocument, lines: readonly string[]): ReadonlyMap<number, Role> {
  const roles = new Map<number, Role>()
  let tables = 0
  const titled = (node: { location: { line: number }; keyword: string; name: string; tags?: readonly Tag[] }, indent: number, apart: boolean): void => {
    for (const tag of node.tags ?? []) roles.set(tag.location.line, { type: 'tags', indent, apart })
    roles.set(node.location.line, { type: 'title', indent, keyword: node.keyword, name: node.name, apart: apart && !(node.tags?.length) })
  }
  const rows = (found: readonly TableRow[], indent: number): void => {
    tables++
    for (const row of found) roles.set(row.location.line, { type: 'row', indent, table: tables })
  }
  const docString = (found: DocString, indent: number): void => {
    const opened = found.location.line, cut = (found.location.column ?? 1) - 1
    roles.set(opened, { type: 'open', indent, docString: found })
    let at = opened + 1
    for (; at <= lines.length && !lines[at - 1].trimStart().startsWith(found.delimiter); at++) roles.set(at, { type: 'content', indent, cut })
    roles.set(at, { type: 'close', indent, delimiter: found.delimiter })
  }
  const steps = (found: readonly Step[], indent: number): void => {
    for (const one of found) {
      roles.set(one.location.line, { type: 'step', indent, step: one })
      if (one.dataTable) rows((one.dataTable as DataTable).rows, indent + step)
      if (one.docString) docString(one.docString, indent + step)
    }
  }
  const examples = (found: Examples, indent: number): void => {
    titled(found, indent, true)
    rows([...(found.tableHeader ? [found.tableHeader] : []), ...found.tableBody], indent + step)
  }
  const children = (found: Rule['children'] | NonNullable<GherkinDocument['feature']>['children'], indent: number): void => {
    for (const child of found) {
      if (child.background) { titled(child.background, indent, true); steps(child.background.steps, indent + step) }
      if (child.scenario) ofScenario(child.scenario, indent)
      if ('rule' in child && child.rule) { titled(child.rule, indent, true); children(child.rule.children, indent + step) }
    }
  }
  const ofScenario = (scenario: Scenario, indent: number): void => {
    titled(scenario, indent, true)
    steps(scenario.steps, indent + step)
    for (const one of scenario.examples) examples(one, indent + step)
  }
  if (feature) { titled(feature, 0, false); children(feature.children, step) }
  return roles
}
