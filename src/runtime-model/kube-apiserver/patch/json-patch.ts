import { applyJsonPatch, type Operation } from '../../api/json-patch.ts'

/** Source: k8s.io/apiserver pkg/endpoints/handlers/patch.go (maxJSONPatchOperations). */
export const OPERATIONS_LIMIT = 10_000

/** The patched document; undefined: an operation does not fit, and which one is not told. */
export function jsonPatch(current: any, operations: readonly Operation[]): any {
  const patched = applyJsonPatch(current, operations)
  return 'document' in patched ? patched.document : undefined
}
