import { findValues } from '../dsl/jsonpath.ts'
import { CannotRun } from './errors.ts'
import type { CommandEnvironment } from './outcome.ts'

/**
 * `$victim` stands for `pod/its-name`, `${victim.name}` and `${victim.spec.nodeName}` for fields of what was bound. Only a name that a
 * step bound is a variable: `$patch` in a JSON document stays as it is.
 */
export function substitute(word: string, environment: Pick<CommandEnvironment, 'binding'>): string {
  return word.replace(/\$\{([A-Za-z_][\w-]*)((?:[.[][^}]*)?)\}|\$([A-Za-z_]\w*)/g, (
    whole, braced: string | undefined, path: string | undefined, plain: string | undefined
  ) => {
    const bound = environment.binding((braced ?? plain)!)
    if (!bound) return whole
    if (!path) return `${bound.kind.toLowerCase()}/${bound.name}`
    return path === '.name' ? bound.name : path === '.namespace' ? bound.namespace ?? '' : fieldOf(bound.object, path, whole)
  })
}

function fieldOf(object: any, path: string, whole: string): string {
  const found = findValues(path, object)
  if ('error' in found || found.values.length === 0) throw new CannotRun(`${whole}: what was bound has no field ${path}`)
  return found.values.map(v => typeof v === 'object' ? JSON.stringify(v) : String(v)).join(' ')
}
