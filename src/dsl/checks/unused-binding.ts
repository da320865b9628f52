import { diagnostic } from '../../base/diagnostic.ts'
import type { BoundStep } from '../bind.ts'
import type { Check } from './index.ts'

/** `as "victim"` names something for later steps; a name that none of them says is misspelt, or idle. */
export const unusedBinding: Check = {
  code: 'binding-unused',
  scenario: ({ steps, file }) =>
    steps.flatMap((step, at) => {
      const name = bindingOf(step)
      if (name === undefined || steps.slice(at + 1).some(later => says(later, name))) return []
      const from = step.column + step.text.lastIndexOf(`"${name}"`)
      return [
        diagnostic({
          code: 'binding-unused',
          severity: 'warning',
          message: `no later step speaks of \`$${name}\``,
          file,
          span: { line: step.line, column: from, endColumn: from + name.length + 2 },
          help: `leave \`as "${name}"\` out, or say \`$${name}\` in a later step`,
        }),
      ]
    }),
}

/** moments and chosen objects, whose name is an argument of the sentence */
const naming = ['remember', 'choose']
function bindingOf({ ast, definition }: BoundStep): string | undefined {
  if (!ast || ast.type === 'assertion') return undefined
  return ast.bind ?? (naming.includes(definition ?? '') && typeof ast.phrase.args.name === 'string' ? ast.phrase.args.name : undefined)
}

function says({ text, argument }: BoundStep, name: string): boolean {
  const all = [text, argument.docString?.content ?? '', ...(argument.table ?? []).flat()].join('\n')
  for (let at = all.indexOf('$'); at >= 0; at = all.indexOf('$', at + 1)) {
    const from = all[at + 1] === '{' ? at + 2 : at + 1
    if (all.startsWith(name, from) && !/[A-Za-z0-9_-]/.test(all[from + name.length] ?? '')) return true
  }
  return false
}
