import { mix32 } from '../../src/base/hash.ts'
import { structOf, structSchema, typeName, type FieldSchema, type StructSchema, type TypeSchema } from '../../src/runtime-model/api/schema.ts'
import { registry, type KindDefinition } from '../../src/runtime-model/kinds/index.ts'
import recorded from '../kinds-mistakes.json' with { type: 'json' }

/** Numbers below n, from a seed: the same in every run. */
export type Draw = (n: number) => number
export function drawOf(seed: number, stream = 0): Draw {
  let counter = 0
  return n => mix32(Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0xc2b2ae35) ^ Math.imul(++counter, 0x85ebca77)) % n
}
export const pick = <T>(draw: Draw, list: readonly T[]): T => list[draw(list.length)]

/** The definition of a kind of the course's own, and an object of it. */
export const WIDGETS = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.shop.example.com' },
  spec: {
    group: 'shop.example.com', scope: 'Namespaced', names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [{
      name: 'v1', served: true, storage: true,
      subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
      schema: { openAPIV3Schema: { type: 'object', properties: {
        spec: { type: 'object', required: ['size'], properties: {
          size: { type: 'string', enum: ['small', 'large'] }, replicas: { type: 'integer', minimum: 0, default: 1 },
          tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' }, port: { 'x-kubernetes-int-or-string': true },
          parts: {
            type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
            items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, count: { type: 'integer', default: 2 } } },
          },
        }, 'x-kubernetes-validations': [{ rule: "self.size != 'large' || self.replicas < 5", message: 'large ones are few' }] },
        status: { type: 'object', properties: { replicas: { type: 'integer' } } },
      } } },
    }],
  },
}
const widget = { apiVersion: 'shop.example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 'small', tags: ['a'], parts: [{ name: 'wheel' }] } }

/** What a request names: a built-in kind or that of WIDGETS. */
export interface Served {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly subresources: readonly string[]
  readonly definition?: KindDefinition
  readonly examples: readonly any[]
}
const apiVersionOf = ({ group, version }: { readonly group: string; readonly version: string }): string => group ? `${group}/${version}` : version
const examplesOf = (kind: KindDefinition): any[] =>
  (recorded as any[]).map(e => e.object).filter(o => o.kind === kind.kind && o.apiVersion === apiVersionOf(kind))
export const served: readonly Served[] = [
  ...registry.all.map((k): Served => ({
    group: k.group, version: k.version, resource: k.resource, namespaced: k.namespaced, verbs: k.verbs, subresources: Object.keys(k.subresources),
    definition: k,
    examples: k.kind === 'CustomResourceDefinition' ? [WIDGETS]
      : examplesOf(k).length ? examplesOf(k)
      : [{ apiVersion: apiVersionOf(k), kind: k.kind, metadata: {} }],
  })),
  {
    group: 'shop.example.com', version: 'v1', resource: 'widgets', namespaced: true,
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'], subresources: ['status', 'scale'], examples: [widget],
  },
]

// ---- values
const words = ['a', 'b', 'app', 'UPPER case', '', 'x'.repeat(300), 'team-a', 'example.com/thing', '10.0.0.1', '50%', '-', 'Always', 'ü', '1Gi', 'a.b']
const odd: readonly any[] = [
  null, '', 0, -1, 1.5, true, 'x', 'Not A Name', [], {}, [null], [{}], { a: null }, 2 ** 31, 2 ** 53, '9'.repeat(30), 'x'.repeat(300), '2026-01-01T00:00:00Z',
  '1.5Gi', '-5m',
]

/** A value of a type, with few of its optional fields. */
export function valueOf(draw: Draw, type: TypeSchema, field?: FieldSchema, depth = 0): any {
  if (field?.enum && draw(4)) return pick(draw, field.enum)
  switch (type.is) {
    case 'list': return Array.from({ length: draw(3) }, () => valueOf(draw, type.items, undefined, depth + 1))
    case 'map': return Object.fromEntries(Array.from({ length: draw(3) }, () => [pick(draw, words), valueOf(draw, type.values, undefined, depth + 1)]))
    case 'struct': return structValue(draw, structOf(type), depth)
    default: return scalarValue(draw, type.name)
  }
}
function structValue(draw: Draw, struct: StructSchema | undefined, depth: number): any {
  const fields = struct?.fields ?? []
  return Object.fromEntries(fields.filter(f => depth < 5 && (f.required || draw(fields.length + depth) < 2)).map(f =>
    [f.name, valueOf(draw, f.type, f, depth + 1)]))
}
function scalarValue(draw: Draw, name: string): any {
  switch (name) {
    case 'bool': return draw(2) === 1
    case 'int32': case 'int64': return pick(draw, [0, 1, 2, 3, 80, 443, -1, 65536, 1_000_000])
    case 'float64': return draw(10) / 4
    case 'quantity': return pick(draw, ['1', '100m', '1Gi', '1500m', '0', '-1', '0.5', '1e3', 2])
    case 'intstr': return pick(draw, [1, 0, '25%', 'http', '100%', -1])
    case 'time': return pick(draw, ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', 'yesterday'])
    case 'microtime': return '2026-01-01T00:00:00.000000Z'
    case 'bytes': return pick(draw, ['YQ==', 'not base64!'])
    case 'any': return pick(draw, [{}, { a: 1 }, 'text'])
    default: return pick(draw, words)
  }
}

// ---- mutations
interface Place { readonly holder: any; readonly key: string | number; readonly type?: TypeSchema; readonly field?: FieldSchema }
function places(holder: any, struct: StructSchema | undefined, out: Place[] = []): Place[] {
  for (const key of Object.keys(holder)) { const field = struct?.byName.get(key); visit({ holder, key, type: field?.type, field }, out) }
  return out
}
function visit(place: Place, out: Place[]): void {
  out.push(place)
  const value = place.holder[place.key], { type } = place
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) value.forEach((_, i) => visit({ holder: value, key: i, type: type?.is === 'list' ? type.items : undefined }, out))
  else if (type?.is === 'map') for (const key of Object.keys(value)) visit({ holder: value, key, type: type.values }, out)
  else places(value, type?.is === 'struct' ? structOf(type) : undefined, out)
}

/** A copy that differs in one place or a few: something is missing, of another value or type, twice there, or unknown. */
export function mutated(draw: Draw, object: any, { definition }: Pick<Served, 'definition'>): any {
  const copy = JSON.parse(JSON.stringify(object)), struct = definition && structSchema(typeName(definition.group, definition.version, definition.kind))
  for (let n = 1 + draw(2); n > 0; n--) {
    const all = places(copy, struct).filter(p => p.key !== 'apiVersion' && p.key !== 'kind' || draw(50) === 0)
    if (all.length > 0) mutate(draw, pick(draw, all))
  }
  return copy
}
function mutate(draw: Draw, { holder, key, type, field }: Place): void {
  const value = holder[key], inner = type?.is === 'struct' ? structOf(type) : undefined
  switch (draw(7)) {
    case 0: if (Array.isArray(holder)) holder.splice(Number(key), 1); else delete holder[key]; return
    case 1: holder[key] = structuredClone(pick(draw, odd)); return
    case 2: if (Array.isArray(holder)) holder.push(structuredClone(value)); else holder[`${key}s`] = structuredClone(value); return
    case 3: case 4: if (inner && inner.fields.length > 0 && typeof value === 'object' && value !== null) {
      const f = pick(draw, inner.fields)
      value[f.name] = valueOf(draw, f.type, f)
      return
    } break
  }
  holder[key] = type ? valueOf(draw, type, field) : pick(draw, words)
}
