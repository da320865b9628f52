import { structSchema, typeName, type FieldSchema, type TypeSchema } from '../api/schema.ts'
import { canonicalQuantity, quantityError, roundedToMilli } from '../api/quantity.ts'
import { formatMicroTime, formatTime, parseTime } from '../api/time.ts'
import { timeProblem } from '../api/time-errors.ts'
import { diagnose, schemaType, schemaUnion, type SchemaUnion } from './decode-errors.ts'
import type { DecodeResult, KindDefinition } from './kind.ts'

/**
 * A client's document → the object as the API server would hold it: unknown fields dropped, quantities and times in canonical form, empty optional
 * fields left out and the fields that Go always writes (`status: {}`, `resources: {}`, `endpoints: null`) filled in. Decoders are compiled per type on
 * first use. `known`: an object that was decoded before; parts of the document that are parts of it, at the same place, are taken as they are. Anything
 * unexpected only raises a flag here; `diagnose` then finds the words.
 * Source: encoding rules of Go's encoding/json with the struct tags of k8s.io/api.
 */
export function decode(kind: Pick<KindDefinition, 'group' | 'version' | 'kind' | 'decode'>, document: any, known?: any): DecodeResult {
  if (kind.decode) return kind.decode(document)
  const type = typeName(kind.group, kind.version, kind.kind), struct = structSchema(type)
  if (!struct) return { object: document, strict: [] }
  const flags: Flags = { trouble: false, dropped: false, keeps: false }
  const object = isObject(document) ? decoder(type).decode(document, flags, known) : undefined
  const inMemory = flags.dropped ? decoder(type).decode(document, { trouble: false, dropped: false, keeps: true }, known) : undefined
  if (!flags.trouble && object !== undefined) return { object, inMemory, strict: none }
  const { error, strict } = diagnose(type, document)
  return error === undefined ? { object, inMemory, strict } : { error: `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${error}`, strict }
}
const none: readonly string[] = []

/** The same for a part of an object (`core.v1.PodTemplateSpec`), for code that builds objects from trusted parts. */
export const normalise = (type: string, value: any): any => decoder(type).decode(value, noFlags())

/** `dropped`: an empty list or map was left out, as it is when Go encodes it; `keeps`: they stay, as Go has them in memory */
interface Flags { trouble: boolean; dropped: boolean; readonly keeps: boolean }
const noFlags = (): Flags => ({ trouble: false, dropped: false, keeps: false })
type Decode = (value: any, flags: Flags, known?: any) => any
interface Decoder { readonly decode: Decode; readonly zero: () => any }

const isObject = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const decoders = new Map<string, Decoder>()

function decoder(type: string): Decoder {
  let found = decoders.get(type)
  if (!found) decoders.set(type, found = compile(type))
  return found
}

function compile(type: string): Decoder {
  const parts = structSchema(type)!.fields.map(field => compileField(field, schemaUnion(type, field.name), `${type}.${field.name}`))
  let zero: any
  const decode: Decode = (value, flags, known) => {
    if (value === known) return value
    if (typeof value !== 'object' || value === null || Array.isArray(value)) { flags.trouble = true; return undefined }
    const object: any = {}
    let seen = 0
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i], raw = value[part.name]
      if (raw === undefined) {
        if (part.always) object[part.name] = part.empty()
        if (part.name in value) seen++
        continue
      }
      seen++
      const decoded = raw === null ? undefined : part.decode(raw, flags, known?.[part.name])
      const empty = decoded !== undefined && part.dropsEmpty && isEmpty(decoded)
      if (empty && typeof decoded === 'object') flags.dropped = true
      if (decoded !== undefined && (!empty || flags.keeps && typeof decoded === 'object')) object[part.name] = decoded
      else if (part.always) object[part.name] = part.empty()
    }
    if (seen !== countKeys(value)) flags.trouble = true
    return object
  }
  return { decode: type === 'core.v1.PodSpec' ? remembered(decode) : decode, zero: () => zero ??= Object.freeze(decode({}, noFlags())) }
}
/** Pod specs are large, never changed in place, and sent again and again: by every pod of a template. What was decoded well is not decoded twice. */
function remembered(decode: Decode): Decode {
  const done = new WeakMap<object, any>()
  return (value, flags, known) => {
    const before = typeof value === 'object' && value !== null && !flags.keeps ? done.get(value) : undefined
    if (before !== undefined) return before
    const own: Flags = { trouble: false, dropped: false, keeps: flags.keeps }, decoded = decode(value, own, known)
    if (own.trouble) flags.trouble = true
    if (own.dropped) flags.dropped = true
    if (!own.trouble && !own.dropped) done.set(value, decoded).set(decoded, decoded)
    return decoded
  }
}
function countKeys(value: any): number {
  let n = 0
  for (const _ in value) n++
  return n
}
const isEmpty = (value: any): boolean =>
  value === '' || value === 0 || value === false || (typeof value === 'object' && (Array.isArray(value) ? value.length === 0 : isEmptyMap(value)))
function isEmptyMap(value: any): boolean {
  for (const _ in value) return false
  return true
}

interface Part {
  readonly name: string; readonly decode: Decode; readonly always: boolean; readonly empty: () => any; readonly dropsEmpty: boolean
}
/** Lists whose defaults ask whether they are there at all, so that an empty one is none (and refused). Source: pkg/apis/autoscaling/v2/defaults.go */
const saysNone: ReadonlySet<string> = new Set(['autoscaling.v2.HPAScalingRules.policies'])
/** `union`: of a field that is a JSON schema or something else */
function compileField(field: FieldSchema, union: SchemaUnion | undefined, path: string): Part {
  const { type, pointer, omitEmpty, omitZero } = field
  const structLike = type.is === 'struct' || (type.is === 'scalar' && ['quantity', 'intstr', 'time', 'microtime'].includes(type.name))
  const opaque = type.is === 'scalar' && type.name === 'any'
  const always = !opaque && (pointer ? !omitEmpty : structLike ? !omitZero : !omitEmpty)
  const empty = pointer || type.is === 'list' || type.is === 'map' ? () => null : zeroOf(type)
  return {
    name: field.name,
    decode: union
      ? (value, flags, known) => isObject(value) ? decoder(schemaType).decode(value, flags, known) : union.fits(value) ? value : trouble(flags)
      : field.go === 'v1.ResourceList' ? inMilli(decodeOf(type))
      : decodeOf(type),
    always, empty, dropsEmpty: !pointer && !structLike && !opaque && omitEmpty && !saysNone.has(path),
  }
}
/** Amounts of resources are kept in thousandths. Source: pkg/apis/core/v1/defaults.go (SetDefaults_ResourceList) */
const inMilli = (decode: Decode): Decode => (value, flags, known) => {
  const amounts = decode(value, flags, known)
  let rounded = amounts
  for (const name in amounts) {
    const next = typeof amounts[name] === 'string' ? roundedToMilli(amounts[name]) : amounts[name]
    if (next !== amounts[name]) rounded = { ...rounded, [name]: next }
  }
  return rounded
}
function zeroOf(type: TypeSchema): () => any {
  if (type.is === 'struct') return () => decoder(type.name).zero()
  if (type.is !== 'scalar') return () => null
  const zero = zeros[type.name]
  return () => zero
}

const zeros: Readonly<Record<string, unknown>> = {
  string: '', bool: false, quantity: '0', time: null, microtime: null, any: null, bytes: null, int32: 0, int64: 0, float64: 0, intstr: 0,
}

function decodeOf(type: TypeSchema): Decode {
  if (type.is === 'struct') { let d: Decoder | undefined; return (value, flags, known) => (d ??= decoder(type.name)).decode(value, flags, known) }
  if (type.is === 'list') {
    const item = decodeOf(type.items), zero = zeroOf(type.items)
    return (value, flags, known) =>
      value === known ? value : Array.isArray(value) ? value.map((v, i) => v === null ? zero() : item(v, flags, known?.[i])) : trouble(flags)
  }
  if (type.is === 'map') {
    const item = decodeOf(type.values), zero = zeroOf(type.values)
    return (value, flags, known) => {
      if (value === known) return value
      if (!isObject(value)) return trouble(flags)
      const map: any = {}
      for (const key in value) map[key] = value[key] === null ? zero() : item(value[key], flags)
      return map
    }
  }
  return scalars[type.name]
}
const trouble = (flags: Flags): undefined => { flags.trouble = true; return undefined }
const whole = (min: number, max: number): Decode => (value, flags) => Number.isInteger(value) && value >= min && value <= max ? value : trouble(flags)
const int32 = whole(-2_147_483_648, 2_147_483_647)
/** times as Kubernetes writes them, of a day that every month has */
const plainSeconds = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/
const plainMicros = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/
const time = (layout: 'time' | 'microtime', plain: RegExp, format: (ms: number) => string): Decode => (value, flags) => {
  if (typeof value !== 'string') return trouble(flags)
  if (plain.test(value)) return value
  return timeProblem(value, layout) === undefined ? format(parseTime(value)) : trouble(flags)
}
const scalars: Readonly<Record<string, Decode>> = {
  any: value => value,
  string: (value, flags) => typeof value === 'string' ? value : trouble(flags),
  bytes: (value, flags) => typeof value === 'string' && isBase64(value) ? value : isBytes(value) ? Buffer.from(value).toString('base64') : trouble(flags),
  bool: (value, flags) => typeof value === 'boolean' ? value : trouble(flags),
  int32, int64: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  float64: (value, flags) => typeof value === 'number' ? value : trouble(flags),
  intstr: (value, flags) => typeof value === 'string' ? value : int32(value, flags),
  quantity: (value, flags) =>
    (typeof value === 'string' || typeof value === 'number') && quantityError(value) === undefined ? canonicalQuantity(value) : trouble(flags),
  time: time('time', plainSeconds, formatTime), microtime: time('microtime', plainMicros, formatMicroTime),
}
/** a list of numbers is bytes too */
const isBytes = (value: any): value is number[] => Array.isArray(value) && value.every(v => Number.isInteger(v) && v >= 0 && v < 256)
const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
