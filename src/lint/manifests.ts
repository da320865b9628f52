import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import type { BoundStep } from '../dsl/bind.ts'
import { manifestProblems, type ManifestProblem } from './manifest-problems.ts'
import { once, outcomeIsSpokenOf, type Linted, type Rule } from './rule.ts'
import { sourcesOf, type Source } from './sources.ts'

/** steps that apply definitions of kinds themselves */
const bringKinds: ReadonlySet<string> = new Set(['snapshot-controller', 'gateway-api'])

/** YAML below a step or in a file it applies: what is no YAML, no kind, or no object that an API server would take. */
export const manifests: Rule = {
  check(linted) {
    const memo = new Map<string, ManifestProblem[]>()
    return once(linted.scenarios.flatMap(({ steps, file }) => {
      const definesKinds = steps.some(step => sourcesOf(step).some(s => contentOf(s, linted)?.includes('CustomResourceDefinition')))
        || steps.some(s => s.definition !== undefined && (bringKinds.has(s.definition) || !linted.builtin(s.definition)))
      return steps.flatMap((step, at) => outcomeIsSpokenOf(steps, at) ? [] : sourcesOf(step).flatMap(source => {
        const content = contentOf(source, linted)
        if (content === undefined || /\$\{?\w|<\w+>/.test(content)) return []
        const key = `${definesKinds} ${content}`
        let problems = memo.get(key)
        if (!problems) memo.set(key, problems = manifestProblems(content, definesKinds))
        return problems.map(problem => placed(problem, source, step, file, linted.text))
      }))
    }))
  },
}

const contentOf = (source: Source, linted: Linted): string | undefined => {
  if (source.type === 'inline') return source.content
  const content = source.manifest ? linted.read(source.path) : undefined
  return content === 'folder' ? undefined : content
}

/** In the feature file: below the step, or at the step with a note that names the place in the other file. */
function placed({ line, column, endColumn, ...problem }: ManifestProblem, source: Source, step: BoundStep, file: string, text: string): Diagnostic {
  const about = {
    code: problem.code, message: problem.message, file, severity: 'error' as const, ...(problem.suggestions ? { suggestions: problem.suggestions } : {}),
    ...(problem.help ? { help: problem.help } : {}),
  }
  if (source.type === 'file') {
    return diagnostic({
      ...about, span: { line: step.line, column: source.column, endColumn: source.column + source.path.length + 2 },
      notes: [`in ${source.path}:${line}:${column}`],
    })
  }
  const at = source.line + line - 1, written = text.split(/\r?\n/)[at - 1] ?? ''
  const indent = written.length - source.content.split('\n')[line - 1].length
  const from = Math.max(0, indent) + column
  return diagnostic({ ...about, span: { line: at, column: from, endColumn: Math.max(from + 1, Math.max(0, indent) + (endColumn ?? column + 1)) } })
}
