import { applyPatch, Pointer } from 'rfc6902'
import type { Operation } from 'rfc6902'

/** Source: k8s.io/apiserver pkg/endpoints/handlers/patch.go (maxJSONPatchOperations). */
export const OPERATIONS_LIMIT = 10_000

/**
 * The patched document; undefined: an operation does not fit. Sources: RFC 6902; github.com/evanphx/json-patch v4 (patch.go): what an object lacks can be
 * replaced.
 */
export function jsonPatch(current: any, operations: readonly Operation[]): any {
  const patched = structuredClone(current)
  try {
    return structuredClone(operations).every(operation =>
      isWithin(patched, operation) && applyPatch(patched, [lenient(patched, operation as Operation)])[0] === null) ? patched : undefined
  } catch (error) {
    // a path that goes on inside of a text or a number
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Lists end where they end: what is added comes behind them at the most, all else is about an item that is there. */
function isWithin(document: any, { op, path, from }: any): boolean {
  const inside = (text: string, room: number): boolean => {
    const { parent, key } = Pointer.fromJSON(rooted(text)).evaluate(document)
    return !Array.isArray(parent) || room === 1 && key === '-' || /^\d+$/.test(key) && Number(key) < parent.length + room
  }
  if (typeof path !== 'string' || from !== undefined && typeof from !== 'string') return true
  const adds = op === 'add' || op === 'copy' || op === 'move'
  return (!(op === 'copy' || op === 'move') || from === undefined || inside(from, 0)) && (op === 'move' || inside(path, adds ? 1 : 0))
}
function isAbsentMember(document: any, path: string): boolean {
  const { parent, value } = Pointer.fromJSON(path).evaluate(document)
  return value === undefined && typeof parent === 'object' && parent !== null && !Array.isArray(parent)
}
// what comes before the first slash is not looked at
const rooted = (path: string): string => path.startsWith('/') || path === '' ? path : path.replace(/^[^/]*/, '')
function lenient(document: any, given: Operation): Operation {
  const operation: any = { ...given, ...typeof given.path === 'string' ? { path: rooted(given.path) } : undefined }
  if (operation.op === 'add' && operation.value === undefined) operation.value = null
  // a copy of what an object lacks is null
  if (operation.op === 'copy' && isAbsentMember(document, rooted(operation.from))) return { op: 'add', path: operation.path, value: null }
  // what an object lacks is null to who asks
  if (operation.op === 'test' && operation.value === null && isAbsentMember(document, operation.path)) return { op: 'test', path: '', value: document }
  if (operation.op !== 'replace') return operation
  const { parent, value } = Pointer.fromJSON(operation.path).evaluate(document)
  return value === undefined && typeof parent === 'object' && parent !== null && !Array.isArray(parent) ? { ...operation, op: 'add' } : operation
}
