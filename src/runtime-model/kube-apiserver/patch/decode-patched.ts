import { sortedKeys } from '../../../base/sorted-keys.ts'
import { goJsonInOrder } from '../../api/go-json.ts'
import { withShownFields } from '../../api/shown-fields.ts'
import { structSchema } from '../../api/schema.ts'
import type { TypeSchema } from '../../api/schema.ts'
import { typeOf } from '../../api/merge-metadata.ts'
import { invalid, rawError } from '../../api/status.ts'
import type { Status } from '../../api/status.ts'
import type { KindDefinition } from '../../kinds/kind.ts'
import { decode } from '../../kinds/decode.ts'
import { wrongPatched } from '../documents.ts'
import { goText } from '../../api/go-text.ts'
import type { PatchOptions, PatchResult } from './index.ts'

/** A document that was patched: how to patch one that is written otherwise, and which of its objects the patch went into. */
export interface Rewriting { readonly patch: (current: any) => any; readonly goesInto: (path: readonly string[]) => boolean }
export type Shown = Rewriting | { readonly strategic: any; readonly current: any } | { readonly apply: any }
const isApply = (shown: Shown): shown is { readonly apply: any } => 'apply' in shown, isDocument = (shown: Shown): shown is Rewriting => 'patch' in shown
const isStrategic = (shown: Shown): boolean => 'strategic' in shown

/**
 * A patched document → the object. Parts at the top that the patch left as they were are not decoded again. `shown`: what errors show, the patched document,
 * the strategic merge patch or the applied configuration.
 * Source: k8s.io/apiserver pkg/endpoints/handlers/patch.go (applyJSPatch, applyPatchToObject).
 */
export function decodePatched(kind: KindDefinition, current: any, patched: any, options: PatchOptions, shown: Shown): PatchResult {
  const changed: any = {}, kept: string[] = []
  for (const key in patched) if (current !== undefined && patched[key] === current[key]) kept.push(key); else changed[key] = patched[key]
  const managed = changed.metadata?.managedFields
  if (managed !== undefined) changed.metadata = without(changed.metadata)
  const other = isDocument(shown) && (changed.apiVersion !== undefined || changed.kind !== undefined) ? wrongPatched(kind, patched) : undefined
  if (other !== undefined && isDocument(shown)) return { status: refusal(kind, written(typeOfKind(kind), current, shown), other, [], shown) }
  const plain = decode(kind, changed, current)
  const cut = plain.error !== undefined && isStrategic(shown)
  const { object, inMemory, error: said, strict } = cut ? decode(kind, wrapped(typeOfKind(kind), changed), current) : plain
  // what a strategic patch makes is no text when it is decoded, but for the bytes in it
  const error = cut ? said?.replace(/(?=illegal base64 data at)/, 'error decoding from json: ') : said
  if (error !== undefined || strict.length > 0 && (options.fieldValidation === 'Strict' || isApply(shown))) {
    return { status: refusal(kind, isDocument(shown) ? written(typeOfKind(kind), current, shown) : changed, error, strict, shown) }
  }
  const whole = (decoded: any): any => {
    const result: any = { apiVersion: undefined, kind: undefined, ...decoded }
    result.apiVersion = current?.apiVersion ?? patched.apiVersion
    result.kind = current?.kind ?? patched.kind
    for (const key of kept) result[key] = current[key]
    return managed === undefined ? result : { ...result, metadata: { ...result.metadata, managedFields: managed } }
  }
  const result = { object: whole(object), ...inMemory === undefined || isApply(shown) ? undefined : { inMemory: whole(inMemory) } }
  return strict.length > 0 && options.fieldValidation !== 'Ignore' ? { ...result, warnings: strict } : result
}
/** A patched document as it is written again: names in order in what the patch went into, the rest as the server wrote it, in the order of its types. */
function written(type: TypeSchema | undefined, current: any, { patch, goesInto }: Rewriting): any {
  const managedFields = withShownFields(current).metadata?.managedFields?.map((e: any) => ({ ...e, fieldsV1: sortedKeys(e.fieldsV1) }))
  const spelledOut = managedFields ? { ...current, metadata: { ...current.metadata, managedFields } } : current
  const ordered = (value: any, path: readonly string[]): any => {
    if (typeof value !== 'object' || value === null || path.length > 0 && !goesInto(path)) return value
    if (Array.isArray(value)) return value.map((item, i) => ordered(item, [...path, String(i)]))
    return Object.fromEntries(Object.keys(value).sort().map(key => [key, ordered(value[key], [...path, key])]))
  }
  // a test of the patch may hold of the object alone as it is kept
  return ordered(patch(asWrittenByGo(type, spelledOut)) ?? patch(current), [])
}
function asWrittenByGo(type: TypeSchema | undefined, value: any): any {
  if (type === undefined || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => asWrittenByGo(itemsOf(type), item))
  const known = type.is === 'struct' ? type.schema ?? structSchema(type.name) : undefined
  const keys = known ? known.fields.map(f => f.name).filter(name => value[name] !== undefined)
    : type.is === 'map' ? Object.keys(value).sort()
    : Object.keys(value)
  return Object.fromEntries(keys.map(key => [key, asWrittenByGo(fieldOf(type, key), value[key])]))
}
const itemsOf = (type: TypeSchema | undefined): TypeSchema | undefined => type?.is === 'list' ? type.items : undefined
const fieldOf = (type: TypeSchema | undefined, name: string): TypeSchema | undefined => type?.is === 'map' ? type.values
  : type?.is === 'struct' ? (type.schema ?? structSchema(type.name))?.byName.get(name)?.type
  : undefined
// Entries are the server's own and may be short (api/managed-fields.ts).
function without({ managedFields: _, ...metadata }: any): any { return metadata }

const typeOfKind = (kind: KindDefinition): TypeSchema | undefined => kind.type ?? typeOf(kind.group, kind.version, kind.kind)
const gvk = ({ group, version, kind }: KindDefinition): string => `${group}/${version}, Kind=${kind}`
/** `default/web; apps/v1, Kind=Deployment` */
export const gist = (kind: KindDefinition, { metadata }: any): string => `${text(metadata?.namespace)}/${text(metadata?.name)}; ${gvk(kind)}`
const text = (value: unknown): string => typeof value === 'string' ? value : ''

function refusal(kind: KindDefinition, patched: any, error: string | undefined, strict: readonly string[], shown: Shown): Status {
  const unknown = `strict decoding error: ${strict.join(', ')}`
  if (isApply(shown)) {
    const value = bare(error ?? unknown).replace(/Go struct field \S+ of type/, 'Go value of type')
    return rawError(
      `failed to convert new object (${gist(kind, shown.apply)}) to proper version: unable to convert unstructured object to ${gvk(kind)}: ${value}`
    )
  }
  const [text, why] = !isDocument(shown)
    ? [
      goText(untouched(shown.current, shown.strategic)),
      error === undefined ? unknown : conversionError(typeOf(kind.group, kind.version, kind.kind), patched) ?? bare(error),
    ]
    : [goJsonInOrder(patched), error === undefined ? unknown : bare(error)]
  return invalid({ group: '', kind: '' }, '', [{ type: 'FieldValueInvalid', field: 'patch', body: `Invalid value: ${JSON.stringify(text)}: ${why}` }])
}

/** without saying what it was to be */
const bare = (error: string): string => error.replace(/^.*? cannot be handled as an? [^:]*: /, '')

/**
 * A strategic merge patch as its merge leaves it: lists that came with their order are taken out of it on the way. Source: apimachinery
 * pkg/util/strategicpatch/patch.go (mergePatchIntoOriginal, mergeMap).
 */
function untouched(current: any, patch: any): any {
  const ordered = Object.keys(patch).filter(key => key.startsWith(orderMark)).flatMap(key => [key, key.slice(orderMark.length)])
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !ordered.includes(key)).map(([key, value]) =>
    [key, isMap(value) && isMap(current?.[key]) ? untouched(current[key], value) : value]))
}
const orderMark = '$setElementOrder/'
const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The first value that does not fit its field, in the words of the converter that strategic merge patches go through. Source: apimachinery
 * pkg/runtime/converter.go.
 */
function conversionError(type: TypeSchema | undefined, value: any): string | undefined {
  if (type === undefined || value === null || value === undefined) return undefined
  const is = Array.isArray(value) ? 'slice'
    : typeof value === 'object' ? 'map'
    : typeof value === 'string' ? 'string'
    : typeof value === 'boolean' ? 'bool'
    : Number.isInteger(value) ? 'int64'
    : 'float64'
  if (type.is === 'list') return is === 'slice' ? first(value.map((item: any) => conversionError(type.items, item))) : `cannot restore slice from ${is}`
  if (type.is === 'map') return is === 'map' ? first(Object.values(value).map(item => conversionError(type.values, item))) : `cannot restore map from ${is}`
  if (type.is === 'struct') {
    if (is !== 'map') return `cannot restore struct from: ${is}`
    return first(Object.keys(value).map(key => conversionError(structSchema(type.name)?.byName.get(key)?.type, value[key])))
  }
  const fits: Readonly<Record<string, readonly string[]>> = {
    string: ['string'], bool: ['bool'], int32: ['int64'], int64: ['int64'], float64: ['int64', 'float64'],
  }
  if (!fits[type.name] || fits[type.name].includes(is)) return undefined
  if (is === 'float64' && type.name.startsWith('int')) return `cannot convert float64 to ${type.name}`
  return is === 'int64' && type.name === 'string' ? 'cannot convert int64 to string' : `unrecognized type: ${type.name}`
}
/** The converter cuts what is too large for 32 bits, as Go's conversions do, and the kind's rules judge what is left. */
function wrapped(type: TypeSchema | undefined, value: any): any {
  if (type === undefined || value === null || value === undefined) return value
  if (typeof value === 'number') return type.is === 'scalar' && type.name === 'int32' && Number.isInteger(value) ? value | 0 : value
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(item => wrapped(itemsOf(type), item))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wrapped(fieldOf(type, key), inner)]))
}
const first = (texts: readonly (string | undefined)[]): string | undefined => texts.find(text => text !== undefined)
