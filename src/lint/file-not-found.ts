import { diagnostic } from '../base/diagnostic.ts'
import { suggest } from '../base/suggest.ts'
import { once, outcomeIsSpokenOf, type Rule } from './rule.ts'
import { sourcesOf } from './sources.ts'

export const fileNotFound: Rule = {
  check: linted => once(linted.scenarios.flatMap(({ steps, file }) => steps.flatMap((step, at) => sourcesOf(step).flatMap(source => {
    if (source.type !== 'file' || linted.read(source.path) !== undefined || outcomeIsSpokenOf(steps, at)) return []
    const { path, column } = source
    const near = nearest(path, linted.nearby(path))
    return [diagnostic({
      code: 'file-not-found', severity: 'error', message: `there is no file \`${path}\``, file,
      span: { line: step.line, column, endColumn: column + Math.max(1, path.length + 2) },
      ...(near.length > 0 ? { suggestions: near } : {}),
      help: 'files are looked up beside the feature file, then in each folder given with --manifests',
    })]
  })))),
}

/** Files of nearly this path, or of nearly this name in another folder. */
function nearest(path: string, nearby: readonly string[]): string[] {
  const nameOf = (p: string): string => p.slice(p.lastIndexOf('/') + 1)
  const whole = suggest(path, nearby, 2)
  return whole.length > 0 ? whole : nearby.filter(p => nameOf(p) === nameOf(path) || suggest(nameOf(path), [nameOf(p)], 1).length > 0).slice(0, 2)
}
