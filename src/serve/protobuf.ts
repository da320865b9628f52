import { BinaryReader } from '@bufbuild/protobuf/wire'
import { formatMicroTime, formatTime } from '../runtime-model/api/time.ts'
import table from './data/protobuf.json' with { type: 'json' }

/**
 * Objects as kubectl and other typed clients write them: protobuf in an envelope. `data/protobuf.json` has the fields of every message, `number name type`
 * each, as they stand in the Go types of Kubernetes 1.35.4 (their tags, which generated.proto is made of): `*`: it may be absent and zero too, `.`: its
 * fields are those of the message around it.
 * Source of the envelope: apimachinery pkg/runtime/serializer/protobuf/protobuf.go, pkg/runtime/generated.proto (Unknown).
 */
const magic = [0x6b, 0x38, 0x73, 0x00]
const messages: Readonly<Record<string, string>> = table

interface Field { readonly name: string; readonly type: string }
const known = new Map<string, ReadonlyMap<number, Field>>()
function fieldsOf(message: string): ReadonlyMap<number, Field> {
  let fields = known.get(message)
  if (!fields) {
    const parts = (messages[message] ?? '').split(';').filter(Boolean).map(part => part.split(' '))
    known.set(message, fields = new Map(parts.map(([number, name, type]) => [Number(number), { name, type }])))
  }
  return fields
}

/** The object, as JSON would have it; undefined: no envelope, or of a kind that has no such form here. Throws what the reader says of bytes that are broken. */
export function fromProtobuf(bytes: Uint8Array): any {
  if (magic.some((byte, i) => bytes[i] !== byte)) return undefined
  const envelope = messageOf(bytes.subarray(magic.length), number => envelopeFields[number])
  const { apiVersion = '', kind = '' } = envelope.typeMeta ?? {}, [version, group = 'core'] = String(apiVersion).split('/').reverse()
  const own = `${group.split('.', 1)[0]}/${version}.${kind}`, message = Object.hasOwn(messages, own) ? own : `meta/v1.${kind}`
  if (!Object.hasOwn(messages, message)) return undefined
  return { kind, apiVersion, ...read(envelope.raw ?? new Uint8Array(), message) }
}
const envelopeFields: Readonly<Record<number, Field>> = { 1: { name: 'typeMeta', type: 'type meta' }, 2: { name: 'raw', type: 'bytes in place' } }

const read = (bytes: Uint8Array, message: string): any => {
  const fields = fieldsOf(message)
  return messageOf(bytes, number => fields.get(number))
}
function messageOf(bytes: Uint8Array, fieldOf: (number: number) => Field | undefined): any {
  const reader = new BinaryReader(bytes), object: any = {}
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag(), field = fieldOf(number)
    if (field) take(object, field, reader)
    else reader.skip(wire, number)
  }
  return object
}

function take(object: any, { name, type }: Field, reader: BinaryReader): void {
  if (type.startsWith('[]')) { (object[name] ??= []).push(valueOf(type.slice(2), reader)); return }
  if (type.startsWith('{}')) {
    const entry = messageOf(reader.bytes(), n => n === 1 ? { name: 'key', type: 'string' } : { name: 'value', type: type.slice(2) })
    object[name] = { ...object[name], [entry.key ?? '']: entry.value ?? zeroOf(type.slice(2)) }
    return
  }
  const value = valueOf(type.replace('*', ''), reader)
  if (name === '.') Object.assign(object, value)
  // Go writes what is empty as well: there it is the same as nothing, but for what may be absent
  else if (type.startsWith('*') || !isZero(value)) object[name] = value
}
const isZero = (value: unknown): boolean =>
  value === undefined || value === '' || value === 0 || value === false || value instanceof Uint8Array && value.length === 0
const zeroOf = (type: string): unknown => type === 'string' || type === 'bytes' ? '' : type === 'quantity' ? '0' : {}

function valueOf(type: string, reader: BinaryReader): any {
  switch (type) {
    case 'string': return reader.string()
    case 'bool': return reader.bool()
    case 'int': return Number(reader.int64())
    case 'double': return reader.double()
    case 'bytes': return Buffer.from(reader.bytes()).toString('base64')
    case 'bytes in place': return reader.bytes()
    case 'type meta': return messageOf(reader.bytes(), n => n === 1 ? { name: 'apiVersion', type: 'string' } : { name: 'kind', type: 'string' })
  }
  return Object.hasOwn(wellKnown, type) ? wellKnown[type](reader.bytes()) : read(reader.bytes(), type)
}

const parts = (bytes: Uint8Array, ...types: readonly string[]): any =>
  messageOf(bytes, n => types[n - 1] ? { name: String(n), type: `*${types[n - 1]}` } : undefined)
/** Types with a form of their own in JSON. Sources: apimachinery pkg/api/resource, pkg/util/intstr, pkg/apis/meta/v1 (time_proto.go, micro_time_proto.go) */
const wellKnown: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  quantity: bytes => parts(bytes, 'string')[1] ?? '0',
  intstr(bytes) { const { 1: isText = 0, 2: number = 0, 3: text = '' } = parts(bytes, 'int', 'int', 'string'); return isText ? text : number },
  time(bytes) { const ms = momentOf(bytes); return ms && formatTime(ms) },
  microtime(bytes) { const ms = momentOf(bytes); return ms && formatMicroTime(ms) },
  raw(bytes) { const { 1: json } = parts(bytes, 'bytes in place'); return json?.length ? JSON.parse(new TextDecoder().decode(json)) : undefined },
  items: bytes => messageOf(bytes, n => n === 1 ? { name: 'items', type: '[]string' } : undefined).items ?? [],
}
/** Calendar ms; undefined: the time of nothing. */
function momentOf(bytes: Uint8Array): number | undefined {
  const { 1: seconds = 0, 2: nanos = 0 } = parts(bytes, 'int', 'int')
  return seconds * 1000 + Math.floor(nanos / 1e6) || undefined
}
