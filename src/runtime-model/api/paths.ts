import type { ApiRequest, Verb } from './request.ts'

/** What a path names: of which resource, and which object of it, if any. */
export type Named = Pick<ApiRequest, 'group' | 'version' | 'resource' | 'namespace' | 'name' | 'subresource'>

/**
 * `/api/v1/namespaces/default/pods/web/status`; undefined: a path of no resource. Source: k8s.io/apiserver pkg/endpoints/request/requestinfo.go (NewRequestInfo)
 */
export function resourceOfPath(path: string): Named & { readonly watches?: true } | undefined {
  const [, root, ...parts] = path.replace(/\/$/, '').split('/')
  const [group, version] = root === 'api' ? ['', parts.shift()] : root === 'apis' ? [parts.shift()!, parts.shift()] : []
  if (group === undefined || version === undefined || parts.length === 0) return undefined
  // an old way to say that it is watched
  const watches = parts[0] === 'watch' && parts.length > 1 && parts.shift() !== undefined
  const namespaced = parts[0] === 'namespaces' && parts.length > 2 && !['status', 'finalize'].includes(parts[2])
  const namespace = namespaced ? parts.splice(0, 2)[1] : undefined
  const [resource, name, subresource] = parts
  const of = { ...namespace ? { namespace } : {}, ...name ? { name } : {}, ...subresource ? { subresource } : {} }
  return { group, version, resource, ...of, ...watches ? { watches } : {} }
}

/** What such a path asks for: one object that is watched is all that a selector leaves. */
export function asWatched({ watches, name, ...named }: ReturnType<typeof resourceOfPath> & {}): Named & Pick<ApiRequest, 'fieldSelector'> {
  return name === undefined ? named : watches ? { ...named, fieldSelector: `metadata.name=${name}` } : { ...named, name }
}
/** Paths below which a server answers to readers alone; others answer to whatever method. */
export const readOnlyPath = /^\/(version|apis?)(\/|$)/

/** Whatever stands there but `false` and `0`. Source: apimachinery pkg/runtime/conversion.go (Convert_Slice_string_To_bool) */
export const isTrue = (value: string | undefined): boolean => value !== undefined && value !== '0' && value.toLowerCase() !== 'false'

const numbers: Readonly<Partial<Record<Verb, readonly string[]>>> = {
  get: ['tailLines', 'sinceSeconds', 'limitBytes'], list: ['limit', 'timeoutSeconds'], watch: ['limit', 'timeoutSeconds'], delete: ['gracePeriodSeconds'],
  deletecollection: ['limit', 'timeoutSeconds', 'gracePeriodSeconds'],
}
/** What is no number, in Go's words. Source: apimachinery pkg/runtime/conversion.go (Convert_Slice_string_To_int64) */
export function wrongInQuery(query: Readonly<Record<string, string>>, verb: Verb): string | undefined {
  for (const name of numbers[verb] ?? []) {
    const text = query[name], said = (why: string): string => `strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`
    if (text === undefined) continue
    if (!/^[+-]?\d+$/.test(text)) return said('invalid syntax')
    if (BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) return said('value out of range')
  }
  return undefined
}
/** What the query of a path asks for. Source: apimachinery pkg/apis/meta/v1 (ListOptions, CreateOptions, UpdateOptions, PatchOptions) */
export function askedInQuery(query: Readonly<Record<string, string>>, verb: Verb): Partial<ApiRequest> {
  const {
    labelSelector, fieldSelector, resourceVersion, resourceVersionMatch, limit, fieldManager, fieldValidation, force, dryRun, sendInitialEvents,
    allowWatchBookmarks, continue: token,
  } = query
  return {
    ...labelSelector ? { labelSelector } : {}, ...fieldSelector ? { fieldSelector } : {}, ...resourceVersion ? { resourceVersion } : {},
    ...resourceVersionMatch ? { resourceVersionMatch: resourceVersionMatch as 'Exact' } : {}, ...limit ? { limit: Number(limit) } : {},
    ...token ? { continue: token } : {}, ...fieldManager ? { fieldManager } : {}, ...fieldValidation ? { fieldValidation: fieldValidation as 'Strict' } : {},
    ...force ? { force: isTrue(force) } : {}, ...dryRun && verb !== 'delete' && verb !== 'deletecollection' ? { dryRun: dryRun === 'All' } : {},
    ...sendInitialEvents ? { sendInitialEvents: isTrue(sendInitialEvents) } : {},
    ...allowWatchBookmarks ? { allowWatchBookmarks: isTrue(allowWatchBookmarks) } : {},
  }
}
/** What a DELETE says of itself, in its body and its query. Source: apimachinery pkg/apis/meta/v1 (DeleteOptions) */
export function deletionOf({ kind: _, apiVersion: __, ...options }: any, query: Readonly<Record<string, string>>): Partial<ApiRequest> {
  const { propagationPolicy, gracePeriodSeconds, orphanDependents, dryRun } = query
  const body = {
    ...options, ...propagationPolicy ? { propagationPolicy } : {}, ...gracePeriodSeconds ? { gracePeriodSeconds: Number(gracePeriodSeconds) } : {},
    ...orphanDependents ? { orphanDependents: isTrue(orphanDependents) } : {}, ...dryRun ? { dryRun: [dryRun] } : {},
  }
  return { body, ...body.dryRun?.includes('All') ? { dryRun: true } : {} }
}
