/**
 * The wire contract between clients and kube-apiserver, one level above HTTP: what a request says and what comes back.
 * Everything here is plain, frozen data, so that requests in flight can be forked and replayed.
 */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

export type PatchType = 'application/json-patch+json' | 'application/merge-patch+json' | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml'

/** Whom a request is to be taken for. Source: k8s.io/api/authentication/v1 (ImpersonateUserHeader and those beside it) */
export interface Impersonation {
  readonly user: string
  readonly groups: readonly string[]
  readonly uid?: string
  /** keys in lower case */
  readonly extra?: Readonly<Record<string, readonly string[]>>
}
/** Who asks. `groups` without system:authenticated, which authentication adds. */
export interface Credentials {
  readonly user: string
  readonly groups: readonly string[]
  readonly impersonate?: Impersonation
  /** of a client certificate: calendar ms between which it is valid */
  readonly valid?: { readonly fromMs: number; readonly untilMs: number }
  /** a bearer token in place of all that: a bootstrap token, `abcdef.0123456789abcdef` */
  readonly token?: string
}
export const ANONYMOUS: Credentials = Object.freeze({ user: '', groups: Object.freeze([]) as readonly string[] })

export interface ApiRequest {
  readonly verb: Verb
  /** API group, '' for core */
  readonly group: string
  readonly version: string
  /** plural, lower case: `pods` */
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  /** object for create, update, delete options for delete; patch document for patch (parsed) */
  readonly body?: any
  /** from a component of the cluster: the object in `body` is valid, and in the very form that decoding would give it (a law of test/canonical.test.ts) */
  readonly canonical?: boolean
  readonly patchType?: PatchType
  /** of a patch of /status by a component of the cluster: it makes the status `from` the status `to` and changes nothing else */
  readonly leadsTo?: { readonly from: any; readonly to: any }
  readonly fieldManager?: string
  readonly force?: boolean
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  readonly dryRun?: boolean
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  readonly limit?: number
  /** of a watch: what there is comes first as ADDED events, at its end a BOOKMARK that says so if the client takes bookmarks; false: it does not come */
  readonly sendInitialEvents?: boolean
  readonly allowWatchBookmarks?: boolean
  readonly continue?: string
  /** in place of objects: rows (with what `query.includeObject` asks for), or their metadata alone */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
  readonly timeoutMs?: number
  /**
   * of a watch: resources of which the client has a watch that is not modelled as long as nothing comes through it. The stream tells once when something does
   * (`stirred`), and the client opens that watch then: what few clusters ever use costs the others nothing.
   */
  readonly besides?: readonly string[]
  /** non-resource request: `/readyz`; verb is then get, resource '' */
  readonly path?: string
  readonly query?: Readonly<Record<string, string>>
  /** the connection is to become another: a session with a container, or with the ports of a pod; the answer is then 101 */
  readonly upgrade?: boolean
  readonly credentials: Credentials
  /** kubectl, kube-scheduler, kubelet: names the client in trace and managedFields */
  readonly userAgent: string
}

/** `create pod catalog`, `list pods`: a request as journeys name it. `word`: the kind of what it is about */
export function requestText({ path, verb, resource, subresource, name, body }: ApiRequest, word = resource): string {
  if (path !== undefined) return `get ${path}`
  const plural = verb === 'list' || verb === 'watch' || verb === 'deletecollection'
  const of = plural ? '' : name ?? body?.metadata?.name ?? body?.metadata?.generateName ?? ''
  return `${verb} ${plural ? resource : word}${subresource ? `/${subresource}` : ''}${of ? ` ${of}` : ''}`
}

/** The client did not like the server's certificate, in the words of Go's crypto/tls. */
export type TlsFailure = `tls: ${string}`

export interface ApiResponse {
  /** HTTP status; 0 when nobody answered */
  readonly code: number
  /** object, list, Table, Status; text for non-resource paths */
  readonly body?: any
  readonly warnings?: readonly string[]
  /** code 0: how the connection failed */
  readonly failure?: 'refused' | 'timeout' | 'patience' | 'reset' | 'unreachable' | TlsFailure
}
export const isOk = (response: ApiResponse): boolean => response.code >= 200 && response.code < 300

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}
export interface ObjectMeta {
  readonly name: string
  readonly generateName?: string
  readonly namespace?: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation?: number
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
  readonly finalizers?: readonly string[]
  readonly managedFields?: readonly any[]
}
/** Any stored object: frozen, replaced on every change, never mutated. */
export interface KubeObject { readonly apiVersion: string; readonly kind: string; readonly metadata: ObjectMeta; readonly [field: string]: any }

export interface WatchEvent { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'; readonly object: any; readonly old?: any }
