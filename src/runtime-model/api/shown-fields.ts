import { sameValue } from '../../base/equal.ts'
import { isEmpty } from './field-set.ts'
import { expandManagedFields, inShownOrder, isSameWriter, type ManagedFieldsEntry } from './managed-fields.ts'
import { statusWriter } from './status-writers.ts'
import { formatTime, parseTime } from './time.ts'

/** An object with its managedFields as the API shows them, if it has any. */
export function withShownFields(object: any): any {
  if (object?.metadata?.managedFields === undefined) return object
  // what nobody was noted for from the beginning, nobody is
  const noted = expandManagedFields(object), writer = noted.length > 0 ? statusWriter(object, noted) : undefined
  const entries = writer ? [...noted, writer].sort(inShownOrder) : noted
  if (entries.length > 0) return { ...object, metadata: { ...object.metadata, managedFields: entries } }
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/**
 * The entries in which a client says itself who owns what: whole ones, other than those that it was shown; undefined: it says nothing of the kind. Of several
 * entries of one writer the last is believed. Source: k8s.io/apimachinery pkg/util/managedfields fieldmanager.go (Update: managed fields that can be decoded
 * are believed), internal/managedfields.go (decodeManagedFields)
 */
export function restatedFields(given: any, old: any): readonly ManagedFieldsEntry[] | undefined {
  if (given === old?.metadata.managedFields || !Array.isArray(given) || given.length === 0 || !given.every(isWhole)) return undefined
  const entries = given.map(asDecoded).filter(e => !isEmpty(e.fieldsV1!))
  const once = entries.filter((e, i) => !entries.some((later, j) => j > i && isSameWriter(e, later))).sort(inShownOrder)
  return once.length === 0 || sameValue(once, old && withShownFields(old).metadata.managedFields) ? undefined : once
}
const isWhole = (e: any): boolean =>
  typeof e?.manager === 'string' && ['Apply', 'Update'].includes(e.operation) && typeof e.apiVersion === 'string' && (!e.time || !Number.isNaN(parseTime(e.time)))
    && e.fieldsType === 'FieldsV1' && isFieldSet(e.fieldsV1) && e.of === undefined
/** what cannot be read as fields takes nothing from those who are noted */
const isFieldSet = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isFieldSet)
const asDecoded = ({ manager, operation, apiVersion, time, fieldsV1, subresource }: any): ManagedFieldsEntry => ({
  manager, operation, apiVersion, ...time ? { time: formatTime(parseTime(time)) } : undefined, fieldsType: 'FieldsV1', fieldsV1,
  ...subresource ? { subresource } : undefined,
})
