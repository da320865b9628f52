import { applyJsonPatch } from '../../../runtime-model/api/json-patch.ts'
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

export function patchJson(object: any, operations: readonly any[]): any {
  const patched = applyJsonPatch(object, operations)
  if ('error' in patched) throw failure(patched.error)
  return patched.document
}
