import { structSchema, type TypeSchema } from '../api/schema.ts'
import { changeAll } from './meta/fill.ts'

/** A value, changed: the value itself if there is nothing to change. */
export type Walk = (value: any) => any

/**
 * What changes structs of some types wherever they stand in an object of a type. `own`: what becomes of a struct of that type. Compiled per type on first use,
 * so that nothing is looked at which cannot hold any of them.
 */
export function inStructs(own: (type: string) => Walk | undefined): (type: string, object: any) => any {
  const walks = new Map<string, Walk | undefined>()
  const walkOf = (type: TypeSchema): Walk | undefined => {
    if (type.is === 'scalar') return undefined
    if (type.is === 'struct') return structWalk(type.name)
    const inner = walkOf(type.is === 'list' ? type.items : type.values)
    return inner && (type.is === 'list' ? inList(inner) : inMap(inner))
  }
  const structWalk = (name: string): Walk | undefined => {
    if (walks.has(name)) return walks.get(name)
    // of a type within itself the outermost alone is looked at
    walks.set(name, undefined)
    const change = own(name), inner = (structSchema(name)?.fields ?? []).flatMap(field => {
      const walk = walkOf(field.type)
      return walk ? [{ name: field.name, walk }] : []
    })
    const walk = change || inner.length > 0 ? inStruct(change, inner) : undefined
    walks.set(name, walk)
    return walk
  }
  return (type, object) => structWalk(type)?.(object) ?? object
}

const inStruct = (change: Walk | undefined, inner: readonly { readonly name: string; readonly walk: Walk }[]): Walk => struct => {
  if (typeof struct !== 'object' || struct === null) return struct
  let next = change ? change(struct) : struct
  for (const { name, walk } of inner) {
    const before = next[name], after = before === undefined ? undefined : walk(before)
    if (after !== before) next = { ...next, [name]: after }
  }
  return next
}
const inList = (walk: Walk): Walk => list => Array.isArray(list) ? changeAll(list, walk) : list
const inMap = (walk: Walk): Walk => map => {
  let next = map
  for (const key in map) { const after = walk(map[key]); if (after !== map[key]) next = { ...next, [key]: after } }
  return next
}
