import { diagnostic } from '../../base/diagnostic.ts'
import type { GherkinDocument, Scenario } from '../gherkin-document.ts'
import type { Check } from './index.ts'

export const emptyScenario: Check = {
  code: 'scenario-empty',
  file(document, file, text) {
    const { feature } = document, outlines = scenariosOf(document), some = outlines.length > 0
    const at = feature?.location ?? { line: 1, column: 1 }
    return some
      ? outlines.flatMap(scenario => withoutRows(scenario, file))
      : [diagnostic({
        code: 'scenario-empty', severity: 'warning', message: feature ? 'this feature has no scenarios' : 'this file has no feature', file,
        span: { line: at.line, column: at.column ?? 1, endColumn: (at.column ?? 1) + 1 },
        ...(/\r(?!\n)/.test(text) ? { help: 'lines end in a carriage return alone here, so that all are one: save the file with line feeds' } : {}),
      })]
  },
  scenario: ({ steps, line, file, name }) =>
    steps.length > 0
      ? []
      : [
          diagnostic({
            code: 'scenario-empty',
            severity: 'warning',
            message: `the scenario \`${name}\` has no steps`,
            file,
            span: { line, column: 1, endColumn: 2 },
          }),
        ],
}

const scenariosOf = ({ feature }: GherkinDocument): readonly Scenario[] =>
  feature?.children.flatMap(c => c.rule ? c.rule.children.flatMap(r => r.scenario ?? []) : c.scenario ?? []) ?? []

/** A table of examples without rows makes no scenario of an outline, and nothing tells of one that is not there. */
const withoutRows = ({ name, examples }: Scenario, file: string) =>
  examples.filter(table => table.tableBody.length === 0).map(({ location: { line, column = 1 }, keyword }) => diagnostic({
    code: 'scenario-empty', severity: 'warning', file, span: { line, column, endColumn: column + keyword.length },
    message: examples.every(table => table.tableBody.length === 0)
      ? `the outline \`${name}\` has no example, so that it is never run`
      : 'this table of examples has no rows',
  }))
