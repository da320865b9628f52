import { diagnostic } from '../../base/diagnostic.ts'
import type { Check } from './index.ts'

export const emptyScenario: Check = {
  code: 'scenario-empty',
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
