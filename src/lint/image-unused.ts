import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import { suggest } from '../base/suggest.ts'
import type { BoundStep } from '../dsl/bind.ts'
import { once, type Linted, type Rule } from './rule.ts'
import { sourcesOf } from './sources.ts'

/** A behaviour of an image that no step and no file of the feature names: its name is misspelt, and nothing behaves so. */
export const imageUnused: Rule = {
  check(linted) {
    const steps = linted.scenarios.flatMap(s => s.steps), declared = steps.filter(s => s.definition === 'image' && s.ast && s.ast.type !== 'assertion')
    if (declared.length === 0) return []
    const said = textsOf(steps, linted)
    if (said === undefined) return []
    return once(declared.flatMap(step => problemOf(step, said, linted)))
  },
}

/** All that steps and the files they name say, without the declarations themselves; undefined if a file cannot be read or a step is a user's own. */
function textsOf(steps: readonly BoundStep[], linted: Linted): string | undefined {
  const said: string[] = []
  for (const step of steps) {
    if (!step.ast || !linted.builtin(step.definition ?? '')) return undefined
    if (step.definition === 'image') continue
    said.push(step.text, step.argument.docString?.content ?? '', ...(step.argument.table ?? []).flat())
    for (const source of sourcesOf(step)) {
      const content = source.type === 'file' ? linted.read(source.path) : ''
      if (content === undefined || content === 'folder') return undefined
      said.push(content)
    }
  }
  return said.join('\n')
}

function problemOf(step: BoundStep, said: string, { file }: Linted): Diagnostic[] {
  const name = String((step.ast as { readonly phrase: { readonly args: Readonly<Record<string, unknown>> } }).phrase.args.name)
  // `nginx` and `docker.io/library/nginx:latest` are one
  const bare = name.replace(/^(?:docker\.io\/)?(?:library\/)?/, '').replace(/:latest$/, '')
  if (said.includes(bare)) return []
  const images = [...said.matchAll(/(?:image[:=]? *"?|of image ")([\w./:@-]+)/g)].map(m => m[1]), column = step.column + Math.max(0, step.text.indexOf(`"${name}"`))
  return [diagnostic({
    code: 'image-unused', severity: 'warning', file, span: { line: step.line, column, endColumn: column + name.length + 2 },
    message: `no step and no file of this feature names the image \`${name}\``, suggestions: suggest(name, images, 2),
  })]
}
