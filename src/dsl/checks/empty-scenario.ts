import { diagnostic } from '../../base/diagnostic.ts'
import type { Check } from './index.ts'

export const emptyScenario: Check = {
  code: 'scenario-empty',
  file(document, file, text) {
    const { feature } = document, some = feature?.children.some(c => c.scenario || c.rule?.children.some(r => r.scenario))
    const at = feature?.location ?? { line: 1, column: 1 }
    return some
      ? []
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
