import { relaxJsonPath } from '../../dsl/jsonpath.ts'
import { failure } from './errors.ts'

/** `.status.phase` or `{.status.phase}` as a template. */
export function relaxed(path: string): string {
  const outcome = relaxJsonPath(path)
  if ('error' in outcome) throw failure(outcome.error)
  return outcome.template
}
