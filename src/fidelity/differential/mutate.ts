import { mix32 } from '../../base/hash.ts'
import { structSchema, type FieldSchema, type ScalarName, type TypeSchema } from '../../runtime-model/api/schema.ts'

/** Chance that can be had again: the same seed, the same draws. */
export interface Chance {
  below(limit: number): number
  /** true so often */
  so(often: number): boolean
  of<T>(list: readonly T[]): T
}
export function chanceOf(seed: number): Chance {
  let drawn = 0
  const below = (limit: number): number => mix32(mix32(seed) + 0x9e3779b9 * ++drawn) % limit
  return { below, so: often => below(1_000_000) < often * 1_000_000, of: list => list[below(list.length)] }
}

/** A place in an object that its type knows; what stands there may be missing. */
interface Place { readonly parent: any; readonly key: string | number; readonly name: string; readonly type: TypeSchema; readonly field?: FieldSchema }

/** Takes one thing out of the object, puts one in, or makes it another: mostly what the type allows, sometimes what it does not. In place. */
export function mutate(object: any, type: string, chance: Chance): void {
  const all: Place[] = []
  placesIn(object, { is: 'struct', name: type }, '', all, undefined, 0)
  // most of metadata is alike everywhere
  const fitting = all.filter(p => p.parent !== object.metadata || chance.so(0.3)), place = chance.of(fitting.length > 0 ? fitting : all)
  const { parent, key } = place, how = chance.below(100)
  if (how < 68) parent[key] = some(place.type, place.name, place.field, chance, 2)
  else if (how < 80) { if (Array.isArray(parent)) parent.splice(key as number, 1); else delete parent[key] }
  else if (how < 88) parent[key] = chance.of(misfits)
  else if (how < 94 && Array.isArray(parent)) parent.push(structuredClone(parent[key as number]))
  else if (!Array.isArray(parent)) parent[chance.of(['foo', `${key}s`, String(key).toUpperCase()])] = parent[key] ?? 1
}

function placesIn(value: any, type: TypeSchema, name: string, out: Place[], field: FieldSchema | undefined, depth: number): void {
  if (type.is === 'list' && Array.isArray(value)) {
    value.forEach((item, i) => { out.push({ parent: value, key: i, name, type: type.items, field }); placesIn(item, type.items, name, out, field, depth + 1) })
  } else if (type.is === 'map' && isObject(value)) {
    for (const key of Object.keys(value)) {
      out.push({ parent: value, key, name: key, type: type.values })
      placesIn(value[key], type.values, key, out, undefined, depth + 1)
    }
  } else if (type.is === 'struct' && isObject(value)) {
    for (const own of structSchema(type.name)?.fields ?? []) {
      if (own.name === 'managedFields' || depth === 0 && notAsked.has(own.name)) continue
      out.push({ parent: value, key: own.name, name: own.name, type: own.type, field: own })
      if (value[own.name] !== undefined) placesIn(value[own.name], own.type, own.name, out, own, depth + 1)
    }
  }
}
const notAsked: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'status'])
const isObject = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Something of a type: what is required mostly, a few of the rest. */
export function some(type: TypeSchema, name: string, field: FieldSchema | undefined, chance: Chance, depth: number): any {
  switch (type.is) {
    case 'list': return Array.from({ length: chance.of([0, 1, 1, 1, 2, 2]) }, () => some(type.items, name, field, chance, depth + 1))
    case 'map': {
      const keys = /^(?:limits|requests|capacity|hard|overhead|podFixed)$/.test(name) ? resources : names
      return Object.fromEntries(Array.from({ length: chance.of([0, 1, 1, 2]) }, () => [chance.of(keys), some(type.values, name, undefined, chance, depth + 1)]))
    }
    case 'struct': {
      const fields = structSchema(type.name)?.fields ?? [], rare = Math.min(1, 1.6 / fields.length)
      const chosen = fields.filter(f => !notAsked.has(f.name) && (f.required ? chance.so(0.93) : depth < 6 && chance.so(rare)))
      return Object.fromEntries(chosen.map(f => [f.name, some(f.type, f.name, f, chance, depth + 1)]))
    }
    case 'scalar': return field?.enum && chance.so(0.85) ? chance.of(field.enum) : scalar(type.name, name, chance)
  }
}
function scalar(type: ScalarName, name: string, chance: Chance): any {
  if (type === 'string') return chance.of(/name$/i.test(name) ? names : /namespace/i.test(name) ? ['default', 'kube-system', 'x', ''] : texts)
  if (type === 'int32' || type === 'int64') return chance.of(/port/i.test(name) ? [80, 0, 443, 65_536, 8080, 30_080, -1] : numbers)
  return chance.of(scalars[type])
}

const misfits = [null, '', 5, true, [], {}, 'x', [null], -1, 1.5, [{}], ['a']]
const names = [
  'a', 'web', 'data', 'x-1', 'A_b', '', 'a.b', `very-${'long'.repeat(16)}`, 'a b', '1a', '-a', 'kubernetes.io/x', 'example.com/y', '../z', 'e/x/y',
]
const texts = [
  'a', 'web', '', 'A', 'x y', '10.0.0.1', '0.0.0.0/0', '5', 'true', '100m', '1Gi', 'http', '/p', '../p', 'nginx:1', '50%', '-5', '2026-01-01T00:00:00Z',
  '* * * * *', '$(A)', 'a=b', 'kubernetes.io/os', 'Always', 'example.com/a', '::1', 'Foo',
]
const numbers = [0, 1, 2, 3, 5, -1, 10, 80, 443, 100, 65_535, 65_536, 1000, 2_147_483_647, 3_000_000_000, 70_000]
const resources = [
  'cpu', 'memory', 'ephemeral-storage', 'pods', 'hugepages-2Mi', 'example.com/gpu', 'foo', 'requests.cpu', 'services', 'count/pods', 'storage',
]
const scalars: Readonly<Record<Exclude<ScalarName, 'string' | 'int32' | 'int64'>, readonly unknown[]>> = {
  bool: [true, false], float64: [1, 0.5, -1], any: [{}, 'a', 1], bytes: ['YQ==', 'x', ''],
  quantity: ['1', '100m', '1Gi', '-1', '0', 'x', '500Mi', '1.5', 5, '1e3', '10', '0.1'],
  intstr: [80, 0, 1, '50%', 'http', '100%', -1, '150%', 'x', 70_000, '25%', '0'],
  time: ['2026-01-01T00:00:00Z', 'x', ''], microtime: ['2020-05-05T00:00:00.000000Z', 'x', ''],
}
