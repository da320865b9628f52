import { applyPatch } from 'rfc6902'
import type { Operation } from 'rfc6902'

/** Source: k8s.io/apiserver pkg/endpoints/handlers/patch.go (maxJSONPatchOperations). */
export const OPERATIONS_LIMIT = 10_000

/** The patched document; undefined: an operation does not fit. Source: RFC 6902. */
export function jsonPatch(current: any, operations: readonly Operation[]): any {
  const patched = structuredClone(current)
  try { return applyPatch(patched, structuredClone(operations) as Operation[]).every(error => error === null) ? patched : undefined } catch (error) {
    // a path that goes on inside of a text or a number
    if (error instanceof TypeError) return undefined
    throw error
  }
}
