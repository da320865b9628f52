import { expandManagedFields, inShownOrder } from './managed-fields.ts'
import { statusWriter } from './status-writers.ts'

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
