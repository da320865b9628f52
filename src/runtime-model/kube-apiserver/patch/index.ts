import { isUnnoted, unnoted, withManagedFields } from '../../api/managed-fields.ts'
import type { Writing } from '../../api/managed-fields.ts'
import { typeOf } from '../../api/merge-metadata.ts'
import type { ApiRequest, PatchType } from '../../api/request.ts'
import { badRequest, invalid, rawError, unprocessable, unsupportedMediaType } from '../../api/status.ts'
import type { Status } from '../../api/status.ts'
import type { KindDefinition } from '../../kinds/kind.ts'
import { serverSideApply } from './apply.ts'
import { decodePatched, gist } from './decode-patched.ts'
import { jsonSyntaxError } from '../../api/json-syntax.ts'
import { OPERATIONS_LIMIT, jsonPatch } from './json-patch.ts'
import { mergePatch } from './merge-patch.ts'
import { isTyped, told, typedErrors } from './typed-errors.ts'
import { StrategicFormatError, StrategicMergeError, strategicMerge } from '../../api/strategic-merge.ts'

export interface PatchOptions {
  readonly manager: string
  /** apply: take what others own */
  readonly force: boolean
  readonly nowText: string
  readonly subresource?: string
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
}
/** `warnings`: unknown fields under fieldValidation=Warn, as `unknown field "spec.foo"`; `inMemory`: with its empty lists and maps, if it has any */
export type PatchResult = { readonly object: any; readonly inMemory?: any; readonly warnings?: readonly string[] } | { readonly status: Status }

/**
 * Applies a patch to `current` (undefined only for an apply that creates) and decodes the result, with apiVersion and kind of `current`. Neither defaulted
 * nor validated, nor are the fields protected that a client may not write. A text as `patch` is JSON as it was sent, or none. managedFields are kept up by
 * an apply itself; after any other patch the caller does that with `updateManagedFields`. Source: k8s.io/apiserver pkg/endpoints/handlers/patch.go.
 */
export function applyPatch(kind: KindDefinition, patchType: PatchType, current: any, patch: any, options: PatchOptions): PatchResult {
  const unfit = wrongPatch(kind, { patchType, fieldManager: options.manager })
  if (unfit) return { status: unfit }
  if (typeof patch === 'string') {
    const wrong = jsonSyntaxError(patch)
    if (wrong !== undefined) return { status: badRequest(wrong) }
    patch = JSON.parse(patch)
  }
  switch (patchType) {
    case 'application/json-patch+json': return byJsonPatch(kind, current, patch, options)
    case 'application/merge-patch+json': return byMergePatch(kind, current, patch, options)
    case 'application/strategic-merge-patch+json': return byStrategicMerge(kind, current, patch, options)
    case 'application/apply-patch+yaml': return byApply(kind, current, patch, options)
  }
}

/** What is refused whether or not there is something to patch. Source: k8s.io/apiserver pkg/endpoints/handlers/patch.go (PatchResource) */
export function wrongPatch(kind: KindDefinition, { patchType, fieldManager }: Pick<ApiRequest, 'patchType' | 'fieldManager'>): Status | undefined {
  if (kind.decode && !customPatches.includes(patchType ?? '')) return unsupportedMediaType(customPatches)
  if (!builtInPatches.includes(patchType ?? '')) return { ...unsupportedMediaType([]), message: '415: Unsupported Media Type' }
  return patchType !== 'application/apply-patch+yaml' || fieldManager ? undefined
    : invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [{
      type: 'FieldValueRequired', field: 'fieldManager', body: 'Required value: is required for apply patch',
    }])
}
const customPatches = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml']
const builtInPatches = [...customPatches, 'application/strategic-merge-patch+json']

function byMergePatch(kind: KindDefinition, current: any, patch: any, options: PatchOptions): PatchResult {
  if (patch === null) return { status: badRequest('Invalid JSON Patch') }
  if (!isObject(patch)) return { status: badRequest(`error decoding patch: ${noMap(patch)}`) }
  const rewriting = { patch: (document: any) => mergePatch(document, patch), goesInto: (path: readonly string[]) => isObject(at(patch, path)) }
  return decodePatched(kind, current, mergePatch(current, patch), options, rewriting)
}

function byJsonPatch(kind: KindDefinition, current: any, patch: any, options: PatchOptions): PatchResult {
  if (patch === null) return { object: current }
  const odd = Array.isArray(patch) ? patch.find(operation => !isObject(operation)) : undefined
  if (!Array.isArray(patch) || odd !== undefined) {
    return {
      status: badRequest(
        `error decoding patch: json: cannot unmarshal ${wordOf(odd ?? patch)} into Go value of type ${odd === undefined ? '[]' : ''}handlers.jsonPatchOp`
      ),
    }
  }
  if (patch.length > OPERATIONS_LIMIT) {
    return {
      status: {
        ...unprocessable(), message: `The allowed maximum operations in a JSON patch is ${OPERATIONS_LIMIT}, got ${patch.length}`,
        reason: 'RequestEntityTooLarge', code: 413,
      },
    }
  }
  const patched = jsonPatch(current, patch)
  if (patched === undefined) return { status: unprocessable() }
  const passed = new Set(patch.flatMap(({ path, from }) => [...parents(path), ...parents(from)]))
  const rewriting = { patch: (document: any) => jsonPatch(document, patch), goesInto: (path: readonly string[]) => passed.has(`/${path.join('/')}`) }
  return decodePatched(kind, current, patched, options, rewriting)
}
/** `/a`, `/a/b` of `/a/b/c`: what an operation goes through */
function parents(pointer: unknown): string[] {
  const steps = typeof pointer === 'string' ? pointer.split('/').slice(1, -1) : []
  return steps.map((_, i) => `/${steps.slice(0, i + 1).map(step => step.replace(/~1/g, '/').replace(/~0/g, '~')).join('/')}`)
}
const at = (value: any, path: readonly string[]): any => path.reduce((inside, step) => isObject(inside) ? inside[step] : undefined, value)

function byStrategicMerge(kind: KindDefinition, current: any, patch: any, options: PatchOptions): PatchResult {
  if (patch === null) return { object: current }
  if (!isObject(patch)) return { status: badRequest(noMap(patch)) }
  const type = typeOf(kind.group, kind.version, kind.kind)
  try { return decodePatched(kind, current, strategicMerge(type, current, patch), options, { strategic: patch, current }) } catch (error) {
    if (error instanceof StrategicFormatError) return { status: badRequest(error.message) }
    if (error instanceof StrategicMergeError) return { status: rawError(error.message) }
    throw error
  }
}

function byApply(kind: KindDefinition, current: any, patch: any, options: PatchOptions): PatchResult {
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version
  if (patch !== null && !isObject(patch)) return { status: badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${noMap(patch)}`) }
  if (patch?.apiVersion !== apiVersion || patch.kind !== kind.kind) return { status: badRequest(`invalid object type: ${typeText(patch)}`) }
  if (patch.metadata?.managedFields) return { status: badRequest('metadata.managedFields must be nil') }
  const wrong = typedErrors(kind.type ?? typeOf(kind.group, kind.version, kind.kind), patch)
  if (wrong.length > 0) return { status: rawError(`failed to create typed patch object (${gist(kind, patch)}): ${told(wrong)}`) }
  const result = serverSideApply(current, patch, options, kind.type)
  if ('status' in result) return result
  const decoded = decodePatched(kind, current, result.object, options, { apply: patch })
  if ('status' in decoded || current === undefined) return decoded
  return { ...decoded, object: { ...decoded.object, metadata: { ...decoded.object.metadata, managedFields: result.object.metadata.managedFields } } }
}

const isObject = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const wordOf = (value: any): string => Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
const noMap = (patch: any): string => `json: cannot unmarshal ${wordOf(patch)} into Go value of type map[string]interface {}`
/** `v1` is `/v1`, nothing is `/` */
const groupVersion = (apiVersion: string): string => apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
/** `apps/v1, Kind=Deployment`; `/, Kind=` of nothing */
const typeText = (patch: any): string => {
  const text = (value: unknown): string => typeof value === 'string' ? value : ''
  return `${groupVersion(text(patch?.apiVersion))}, Kind=${text(patch?.kind)}`
}

/** `next` with the metadata.managedFields that it has now that `by` has written it over `old` (undefined: created). */
export function updateManagedFields(kind: KindDefinition, old: any, next: any, by: Writing): any {
  if (old !== undefined && !by.resets && !by.instead && isUnnoted(old)) return next
  const type = kind.type ?? typeOf(kind.group, kind.version, kind.kind)
  return by.given !== undefined && !isTyped(type, withoutOwners(by.given)) ? unnoted(next, by)
    : withManagedFields(old, next, kind.type ? { ...by, type: kind.type } : by)
}
function withoutOwners({ metadata: { managedFields: _, ...metadata }, ...object }: any): any { return { ...object, metadata } }
export { expandManagedFields } from '../../api/managed-fields.ts'
