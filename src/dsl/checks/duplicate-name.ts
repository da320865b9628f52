import { diagnostic, type Diagnostic } from '../../base/diagnostic.ts'
import type { Scenario } from '../gherkin-document.ts'
import type { Check } from './index.ts'

/** Reports and `--name` call a scenario by its name, within its feature or rule. */
export const duplicateName: Check = {
  code: 'scenario-duplicate',
  file(document, file) {
    const children = document.feature?.children ?? []
    const groups = [children, ...children.flatMap(c => (c.rule ? [c.rule.children] : []))]
    return groups.flatMap(group => repeated(group.flatMap(c => c.scenario ?? []), file))
  },
}

function repeated(scenarios: readonly Scenario[], file: string): Diagnostic[] {
  const first = new Map<string, number>()
  return scenarios.flatMap(({ name, location, keyword }) => {
    const before = first.get(name)
    if (before === undefined) first.set(name, location.line)
    if (before === undefined || name === '') return []
    const column = (location.column ?? 1) + keyword.length + 2
    return [
      diagnostic({
        code: 'scenario-duplicate',
        severity: 'warning',
        message: `two scenarios are called \`${name}\``,
        file,
        span: { line: location.line, column, endColumn: column + name.length },
        notes: [`the first one is in line ${before}`],
        help: 'reports, --name and editors tell scenarios apart by their names: say what is different about this one',
      }),
    ]
  })
}
