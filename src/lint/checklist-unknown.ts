import { diagnostic } from '../base/diagnostic.ts'
import { suggest } from '../base/suggest.ts'
import { allTags } from '../dsl/checks/misspelt-tag.ts'
import type { Rule } from './rule.ts'

const prefix = '@checklist:'
export const checklistUnknown: Rule = {
  check({ document, file, checklist }) {
    if (!checklist) return []
    return allTags(document).filter(t => t.name.startsWith(prefix) && !checklist.ids.includes(t.name.slice(prefix.length))).map(({ name, location }) => {
      const id = name.slice(prefix.length), near = suggest(id, checklist.ids, 2)
      return diagnostic({
        code: 'checklist-unknown', severity: 'warning', message: `${checklist.file} has no item \`${id}\``, file,
        span: { line: location.line, column: location.column ?? 1, endColumn: (location.column ?? 1) + name.length },
        ...(near.length > 0 ? { suggestions: near.map(n => prefix + n) } : {}),
      })
    })
  },
}
