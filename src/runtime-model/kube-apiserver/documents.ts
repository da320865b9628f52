import { typeName, structSchema } from '../api/schema.ts'
import type { ApiRequest } from '../api/request.ts'
import { badRequest, invalid, rawError, type FieldProblem, type Status } from '../api/status.ts'
import { decode, registry, type KindDefinition } from '../kinds/index.ts'
import { isOldVersion } from './old-versions.ts'

/**
 * Bodies that are not the document which a request needs: no object at all, of another kind, without the name of the URL. In the words of a 1.35.4 API server.
 * Source: k8s.io/apimachinery pkg/runtime/serializer/json (meta.go), pkg/runtime/error.go, k8s.io/apiserver pkg/endpoints/handlers (rest.go, create.go,
 * namer.go).
 */
const isObject = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const wordOf = (value: any): string => Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
const typeMeta = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
/** where the server's registry of types stands; it is named by that */
const scheme = 'pkg/runtime/scheme.go:111'

/** What stands in the way of knowing the document's kind. */
function untold(body: any): string | undefined {
  const because = (what: string): string => `couldn't get version/kind; json parse error: json: cannot unmarshal ${what}`
  if (!isObject(body)) return because(`${wordOf(body)} into Go value of type ${typeMeta}`)
  for (const key of ['apiVersion', 'kind']) {
    const value = body[key]
    if (value !== undefined && value !== null && typeof value !== 'string') return because(`${wordOf(value)} into Go struct field .${key} of type string`)
  }
  return undefined
}

/** The first bytes of a document, in hex if it is no object. */
function summary(body: any): string {
  const bytes = new TextEncoder().encode(JSON.stringify(body)), head = bytes.slice(0, 30), more = bytes.length > 30 ? ' ...' : ''
  return (isObject(body) ? new TextDecoder().decode(head) : [...head].map(b => b.toString(16).padStart(2, '0')).join('')) + more
}

const apiVersionOf = ({ group, version }: KindDefinition): string => group ? `${group}/${version}` : version
const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1)
/** `core` of '', `rbac` of rbac.authorization.k8s.io */
export const packageOf = (group: string): string => group === '' ? 'core' : group.split('.', 1)[0]

/** Why a document cannot be one of this kind; null stands for an empty one. */
export function wrongDocument(kind: KindDefinition, body: any): Status | undefined {
  if (body === undefined || body === null) return undefined
  const cannot = untold(body)
  if (cannot !== undefined) return badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${cannot} (${summary(body)})`)
  if (body.apiVersion?.split('/').length > 2) {
    return badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): unexpected GroupVersion string: ${body.apiVersion} (${summary(body)})`
    )
  }
  const apiVersion: string = body.apiVersion || apiVersionOf(kind), name: string = body.kind || kind.kind
  const wrong = wrongKind(kind, apiVersion, name)
  if (wrong === undefined) return undefined
  // another version of the same is read, and then found to be for another path
  if (wrong === '') return badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(kind)})`)
  return badRequest(`${name} in version ${JSON.stringify(versionOf(apiVersion))} cannot be handled as a ${kind.kind}: ${wrong}`)
}
/** Why what says it is of that version and kind cannot be this one; '' if it is another version of the same. */
function wrongKind(kind: KindDefinition, apiVersion: string, name: string): string | undefined {
  if (apiVersion === apiVersionOf(kind) && name === kind.kind) return undefined
  const other = registry.all.some(k => k.kind === name && apiVersionOf(k) === apiVersion) || isOldVersion(apiVersion, name)
  if (name === kind.kind && (kind.schema !== undefined || other)) return ''
  return other ? `converting (${versionOf(apiVersion)}.${name}) to (${packageOf(kind.group)}.${kind.kind}): unknown conversion` : unregistered(name, apiVersion)
}
/** The same of a patched document. */
export function wrongPatched(kind: KindDefinition, patched: any): string | undefined {
  const cannot = untold(patched)
  if (cannot !== undefined) return cannot
  const apiVersion = patched.apiVersion ?? apiVersionOf(kind)
  return wrongKind(kind, apiVersion, patched.kind ?? kind.kind) || undefined
}
export const unregistered = (kind: string, apiVersion: string): string =>
  `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${JSON.stringify(scheme)}`

/**
 * The object of a write says the name and, if any, the namespace of its URL. Source: pkg/endpoints/handlers/rest.go (checkName), pkg/registry/rest/meta.go
 * (EnsureObjectNamespaceMatchesRequestNamespace).
 */
export function wrongPlace(meta: any, name: string, namespace: string | undefined): Status | undefined {
  const elsewhere = wrongNamespace(meta, namespace)
  if (elsewhere) return elsewhere
  if (!meta.name) return badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  if (meta.name !== name) return badRequest(`the name of the object (${meta.name}) does not match the name on the URL (${name})`)
  return undefined
}
export const wrongNamespace = (meta: any, namespace: string | undefined): Status | undefined =>
  meta.namespace && namespace && meta.namespace !== namespace
    ? badRequest('the namespace of the provided object does not match the namespace sent on the request')
    : undefined

/** A resourceVersion that is no number. Source: k8s.io/apiserver pkg/storage/api_object_versioner.go (ParseResourceVersion). */
export const wrongResourceVersion = (text: string): string | undefined =>
  !/^\d*$/.test(text) ? `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`
    : text.length > 19 && BigInt(text) > 0xffff_ffff_ffff_ffffn ? `strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`
    : undefined
/** The same as an answer: without a reason, as storage refuses it. */
export function unreadableResourceVersion(text: string | undefined, field = ''): Status | undefined {
  const wrong = wrongResourceVersion(text ?? '')
  return wrong === undefined ? undefined : rawError(field === '' ? wrong : `${field}: Invalid value: ${JSON.stringify(text)}: ${wrong}`)
}

/** what nearly every name is made of: to be asked before all of Unicode */
const printable = /^[ -~]*$/
const optionKinds: Readonly<Record<string, string>> = { create: 'CreateOptions', update: 'UpdateOptions', patch: 'PatchOptions' }
/** Source: apimachinery pkg/apis/meta/v1/validation (ValidateCreateOptions, ValidatePatchOptions, ValidateFieldManager) */
export function wrongWriteOptions({ verb, patchType, fieldManager, force, fieldValidation, query }: ApiRequest): Status | undefined {
  const known = fieldValidation === undefined || validations.includes(fieldValidation)
  const odd = query?.['dryRun'] !== undefined && query['dryRun'] !== 'All'
  if (fieldManager === undefined && force === undefined && known && !odd) return undefined
  const problems: FieldProblem[] = []
  if (force !== undefined && verb === 'patch' && patchType !== 'application/apply-patch+yaml') {
    problems.push({ type: 'FieldValueForbidden', field: 'force', body: 'Forbidden: may not be specified for non-apply patch' })
  }
  if (fieldManager !== undefined && fieldManager.length > 128) {
    problems.push({ type: 'FieldValueTooLong', field: 'fieldManager', body: 'Too long: may not be more than 128 bytes' })
  }
  const at = printable.test(fieldManager ?? '') ? -1 : [...fieldManager!].findIndex(c => /\p{C}/u.test(c))
  if (at >= 0) {
    problems.push({
      type: 'FieldValueInvalid', field: 'fieldManager',
      body:
        `Invalid value: ${JSON.stringify(fieldManager).replace(/\\u0007/g, '\\a')}: invalid character U+${[...fieldManager!][at].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} (at position ${at})`,
    })
  }
  if (odd) {
    problems.push({
      type: 'FieldValueNotSupported', field: 'dryRun', body: `Unsupported value: ${JSON.stringify([query!['dryRun']])}: supported values: "All"`,
    })
  }
  if (!known) {
    problems.push({
      type: 'FieldValueNotSupported', field: 'fieldValidation',
      body: `Unsupported value: ${JSON.stringify(fieldValidation)}: supported values: ${validations.map(v => JSON.stringify(v)).join(', ')}`,
    })
  }
  return problems.length > 0 ? invalid({ group: 'meta.k8s.io', kind: optionKinds[verb] }, '', problems) : undefined
}
const validations: readonly string[] = ['', 'Ignore', 'Strict', 'Warn']

const policies = ['Foreground', 'Background', 'Orphan']
/** Source: apimachinery pkg/apis/meta/v1/validation (ValidateDeleteOptions) */
export function wrongDeleteOptions(options: any): Status | undefined {
  if (options === undefined || options === null) return undefined
  const cannot = untold(options)
  if (cannot !== undefined) return badRequest(cannot)
  if (options.apiVersion?.split('/').length > 2) return badRequest(`unexpected GroupVersion string: ${options.apiVersion}`)
  if (options.kind && !structSchema(typeName('meta.k8s.io', 'v1', options.kind))) {
    return badRequest(unregistered(options.kind, options.apiVersion || 'meta.k8s.io/v1'))
  }
  const { error } = decode({ group: 'meta.k8s.io', version: 'v1', kind: 'DeleteOptions' }, options)
  if (error !== undefined) return badRequest(error.replace(/^.*? cannot be handled as an? [^:]*: /, ''))
  const { propagationPolicy: policy, orphanDependents, dryRun } = options, problems: FieldProblem[] = []
  const say = (field: string, type: 'FieldValueInvalid' | 'FieldValueNotSupported', body: string): unknown => problems.push({ type, field, body })
  if (policy !== undefined && policy !== null && orphanDependents !== undefined && orphanDependents !== null) {
    say(
      'propagationPolicy', 'FieldValueInvalid', `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`
    )
  } else if (policy !== undefined && policy !== null && !policies.includes(policy)) {
    say(
      'propagationPolicy', 'FieldValueNotSupported',
      `Unsupported value: ${JSON.stringify(policy)}: supported values: ${[...policies, 'nil'].map(p => JSON.stringify(p)).join(', ')}`
    )
  }
  if (dryRun?.length > 0 && (dryRun.length > 1 || dryRun[0] !== 'All')) {
    say('dryRun', 'FieldValueNotSupported', `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`)
  }
  return problems.length > 0 ? invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', problems) : undefined
}
