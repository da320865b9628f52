import { structSchema, typeName, type TypeSchema } from '../../api/schema.ts'
import type { CelType } from './types.ts'

/** Built-in kinds as the type checker of admission policies sees them. Source: k8s.io/apiserver pkg/cel/openapi/resolver. */
const made = new Map<string, CelType>()
export function builtInType(group: string, version: string, kind: string): CelType | undefined {
  const name = typeName(group, version, kind)
  return structSchema(name) && structType(name)
}
function structType(name: string): CelType {
  let type = made.get(name)
  if (type) return type
  const fields: Record<string, CelType> = {}
  made.set(name, type = { object: `io.k8s.${name}`, fields })
  // types may contain themselves: each is worked out when somebody looks
  for (const field of structSchema(name)?.fields ?? []) {
    if (isKnown(field.type)) Object.defineProperty(fields, field.name, { enumerable: true, configurable: true, get: () => celType(field.type) })
  }
  return type
}
/** Quantities have no one type in the OpenAPI schema, so the checker knows no field of them. Source: k8s.io/apiserver pkg/cel/common/schemas.go */
const isKnown = (type: TypeSchema): boolean => type.is === 'list' ? isKnown(type.items) : type.is === 'map' ? isKnown(type.values)
  : type.is !== 'scalar' || type.name !== 'quantity'
const scalars: Readonly<Record<string, CelType>> = {
  string: 'string', bool: 'bool', int32: 'int', int64: 'int', float64: 'double', intstr: 'dyn', time: 'google.protobuf.Timestamp',
  microtime: 'google.protobuf.Timestamp', bytes: 'bytes', any: { object: 'object', fields: {} },
}
function celType(type: TypeSchema): CelType {
  switch (type.is) {
    case 'struct': return structType(type.name)
    case 'list': return { list: celType(type.items) }
    case 'map': return { map: ['string', celType(type.values)] }
    case 'scalar': return scalars[type.name] ?? 'dyn'
  }
}
