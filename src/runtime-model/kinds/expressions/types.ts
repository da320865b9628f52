/** Types of CEL as the checker knows them. Source: cel-go common/types, k8s.io/apiserver pkg/cel/common/schemas.go (SchemaDeclType). */
export type CelType =
  | 'dyn' | 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'null_type' | 'google.protobuf.Timestamp' | 'google.protobuf.Duration' | 'type'
    | 'optional'
  | 'kubernetes.Quantity' | 'kubernetes.Semver' | 'kubernetes.URL' | 'net.IP' | 'net.CIDR' | 'sets.Namespace' | 'lists.Namespace' | 'authz.Authorizer'
    | 'authz.Decision' | 'format.Namespace' | 'kubernetes.NamedFormat'
  | { readonly list: CelType }
  | { readonly map: readonly [CelType, CelType] }
  | { readonly object: string; readonly fields: Readonly<Record<string, CelType>> }

export const isList = (type: CelType): type is { readonly list: CelType } => typeof type === 'object' && 'list' in type
export const isMap = (type: CelType): type is { readonly map: readonly [CelType, CelType] } => typeof type === 'object' && 'map' in type
export const isStruct = (type: CelType): type is { readonly object: string; readonly fields: Readonly<Record<string, CelType>> } =>
  typeof type === 'object' && 'object' in type

const names: Readonly<Record<string, string>> = { null_type: 'null', optional: 'optional_type(dyn)' }
export function typeText(type: CelType): string {
  if (typeof type === 'string') return names[type] ?? type
  if (isList(type)) return `list(${typeText(type.list)})`
  return isMap(type) ? `map(${typeText(type.map[0])}, ${typeText(type.map[1])})` : type.object
}

/** Can a value of the one stand where the other is wanted? Nothing is known of dyn. */
export function fits(a: CelType, b: CelType): boolean {
  if (a === 'dyn' || b === 'dyn' || a === b) return true
  if (typeof a === 'string' || typeof b === 'string') return false
  if (isList(a)) return isList(b) && fits(a.list, b.list)
  if (isMap(a)) return isMap(b) && fits(a.map[0], b.map[0]) && fits(a.map[1], b.map[1])
  return isStruct(b) && a.object === b.object
}
