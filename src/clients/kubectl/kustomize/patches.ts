import { itemOf, memberOf, typeOf } from '../../../runtime-model/api/merge-metadata.ts'
import type { TypeSchema } from '../../../runtime-model/api/schema.ts'
import { failure } from '../errors.ts'
import { groupVersion } from '../kinds.ts'
import { same } from '../patch/strategic.ts'
import { isBuiltIn } from './resource.ts'

const isMap = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A strategic merge as kustomize does it: items of a keyed list that the patch names come first. Source: kustomize kyaml/yaml/merge2 (MergeOptionsListPrepend).
 */
export function mergeStrategically(object: any, patch: any): any {
  const { group, version } = groupVersion(String(object.apiVersion))
  return mergeMaps(isBuiltIn(object) ? typeOf(group, version, object.kind) : undefined, object, patch)
}
/** Source: RFC 7386. */
export const mergePlainly = (object: any, patch: any): any => mergeMaps(undefined, object, patch)
function mergeMaps(type: TypeSchema | undefined, old: any, { $patch: directive, ...patch }: any): any {
  if (directive === 'delete') return undefined
  const fresh = directive === 'replace' || !isMap(old) ? {} : { ...old }
  for (const [key, value] of Object.entries<any>(patch)) {
    const merged = value === null ? undefined : mergeValues(type, key, fresh[key], value)
    if (merged === undefined) delete fresh[key]
    else fresh[key] = merged
  }
  return fresh
}
function mergeValues(type: TypeSchema | undefined, key: string, old: any, value: any): any {
  const member = memberOf(type, key)
  if (isMap(value)) return mergeMaps(member?.type, old, value)
  if (!Array.isArray(value) || member?.patch !== 'merge') return Array.isArray(value) ? value.filter(v => !isMap(v) || v.$patch === undefined) : value
  if (value.some(v => v?.$patch === 'replace')) return value.filter(v => v?.$patch === undefined)
  const list: readonly any[] = Array.isArray(old) ? old : [], by = member.patchKey
  if (by === undefined) return [...value, ...list.filter(o => !value.some((v: any) => same(v, o)))]
  const merged = value.map((v: any) => mergeMaps(itemOf(member), list.find(o => o[by] === v[by]), v)).filter(v => v !== undefined)
  return [...merged, ...list.filter(o => !value.some((v: any) => v[by] === o[by]))]
}

/** Source: RFC 6902; the words are those of github.com/evanphx/json-patch. */
export function patchJson(object: any, operations: readonly any[]): any {
  return operations.reduce((now, operation) => {
    const path = stepsOf(operation.path)
    if (operation.op === 'test') {
      if (!same(valueAt(now, path), operation.value)) throw failure(`testing value ${operation.path} failed: test failed`)
      return now
    }
    if (operation.op === 'move' || operation.op === 'copy') {
      const from = stepsOf(operation.from), value = valueAt(now, from)
      return changeAt(operation.op === 'move' ? changeAt(now, from, 'remove', undefined, operation) : now, path, 'add', value, operation)
    }
    if (!['add', 'remove', 'replace'].includes(operation.op)) throw failure(`Unexpected kind: ${operation.op}`)
    return changeAt(now, path, operation.op, operation.value, operation)
  }, object)
}
const stepsOf = (pointer: string): readonly string[] => String(pointer).split('/').slice(1).map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
const valueAt = (value: any, path: readonly string[]): any => path.reduce((at, step) => at?.[step], value)
function changeAt(value: any, [step, ...rest]: readonly string[], op: string, fresh: any, operation: any): any {
  const missing = failure(`${op} operation does not apply: doc is missing path: ${operation.path}: missing value`)
  if (step === undefined) return fresh
  if (Array.isArray(value)) {
    const index = step === '-' ? value.length : Number(step)
    if (rest.length > 0) {
      if (value[index] === undefined) throw missing
      return value.map((item, i) => i === index ? changeAt(item, rest, op, fresh, operation) : item)
    }
    if (op === 'add') return [...value.slice(0, index), fresh, ...value.slice(index)]
    if (value[index] === undefined) throw missing
    return op === 'remove' ? value.filter((_, i) => i !== index) : value.map((item, i) => i === index ? fresh : item)
  }
  if (!isMap(value) || (value[step] === undefined && (rest.length > 0 || op === 'remove'))) throw missing
  const { [step]: old, ...others } = value
  return op === 'remove' && rest.length === 0 ? others : { ...value, [step]: rest.length > 0 ? changeAt(old, rest, op, fresh, operation) : fresh }
}
