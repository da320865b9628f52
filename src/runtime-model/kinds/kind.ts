import type { KubeObject } from '../api/request.ts'
import type { TypeSchema } from '../api/schema.ts'

/**
 * A kind keeps together all it knows: names, defaults, validation, create/update rules, STATUS word, printed columns. Shared
 * code never asks `kind === 'Pod'`; it asks the definition. Names, verbs, scope and column headers come from the data of a real
 * API server (`kinds/data/`); a definition adds what data cannot say.
 */
export interface KindDefinition {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly resource: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly subresources: Readonly<Record<string, {
    readonly verbs: readonly string[]; readonly kind: string; readonly group: string; readonly version: string
  }>>
  /** false: served by a real cluster, but this model has no behaviour for it: using it is "not modelled: KIND" */
  readonly modelled: boolean
  /** status is a subresource: writes to the main resource keep it, writes to /status keep everything else */
  readonly statusSubresource: boolean
  /** DELETE answers the object rather than a Status */
  readonly deleteReturnsObject: boolean
  /** fields of `--field-selector` besides metadata.name and metadata.namespace: name → its value in the object */
  readonly fieldSelectors: Readonly<Record<string, (object: any) => string>>

  /** what is said of another field than these, where it is not what most kinds say */
  unknownField?(field: string): string

  /** Applies defaults to a decoded object (frozen in, a new or the same value out). Applying twice equals applying once. */
  defaults(object: any): any
  /** what a client's document says by itself, where the server makes more of it before it notes who set what (managedFields) */
  asWritten?(object: any): any
  /** A copy with other metadata. A function of each kind's own: objects of one kind have few shapes, and are then copied fast. */
  withMetadata(object: any, metadata: any): any
  /** Before validation of a create: clears status, sets generation, initial status, allocated defaults that need no other object. */
  beforeCreate(object: any, user?: Requester): any
  /** Before validation of an update of the main resource: keeps status, bumps generation when the spec changed. */
  beforeUpdate(object: any, old: any): any
  /** what `generation` counts to the last empty list, where it does */
  exactlyCounted?(object: any): any
  /** Before validation of an update of /status: keeps everything but status (and metadata parts that status writes may change). */
  beforeStatusUpdate(object: any, old: any, nowMs?: number): any
  /** The API server's own complaints, in its order. Empty: valid. */
  validate(object: any): readonly FieldError[]
  validateUpdate(object: any, old: any): readonly FieldError[]
  validateStatusUpdate?(object: any, old: any): readonly FieldError[]
  /** Warnings of a create or update (deprecated fields …), as kubectl shows behind "Warning: ". */
  warnings?(object: any, old?: any): readonly string[]
  /** What a graceful deletion does: seconds to wait (0: at once); undefined: this kind has no graceful deletion. */
  gracePeriodSeconds?(object: any, asked: number | undefined): number
  /** why this object is never deleted; undefined: it may be */
  kept?(object: any): string | undefined
  /** A delete only marks the object so and leaves its end to a controller, as long as `heldBack` (namespaces: spec.finalizers). */
  markDeleted?(object: any, nowText: string): any
  heldBack?(object: any): boolean
  /** what becomes of dependents when a delete does not say: 'orphan' keeps them, 'unsupported' knows no dependents; undefined: background deletion */
  readonly garbageCollection?: 'orphan' | 'unsupported'
  /** what a delete is told that does not say so */
  readonly deletionWarning?: string
  /** kubectl's STATUS word, for kinds that have one. `nowMs` is calendar time. */
  statusWord?(object: any, nowMs: number): string
  /** the order of rows in a Table, where it is not that of names */
  readonly rowOrder?: (a: any, b: any) => number
  /** cells of the Table, one per column of `columns` */
  cells(object: any, nowMs: number): readonly (string | number | boolean | null)[]
  /** a second view of objects that are stored as another resource (events.k8s.io Events): its storage name and the way there and back */
  readonly storedAs?: { readonly resource: string; toStored(object: any): any; fromStored(object: any): any }
  /** an object as a get or a list shows it, if that differs from what is stored and watched */
  whenRead?(object: any): any
  /** who is invalid in answers, if not the kind itself: of a view, the kind that is stored */
  readonly errorKind?: { readonly group: string; readonly kind: string }
  /** how a PUT or PATCH of another subresource than status changes the object: pods/resize, pods/ephemeralcontainers, namespaces/finalize */
  readonly subresourceStrategies?: Readonly<Record<string, {
    beforeUpdate(object: any, old: any, nowMs?: number): any; validateUpdate(object: any, old: any): readonly FieldError[]
  }>>
  /** warning of every request for this kind: `v1 Endpoints is deprecated in v1.33+; …` */
  readonly deprecated?: string
  /** its definition is being deleted: what there is may be changed, and nothing is created any more */
  readonly terminating?: boolean
  /** a PUT without metadata.resourceVersion is refused: `metadata.resourceVersion: Invalid value: 0: must be specified for an update` */
  readonly needsResourceVersion?: boolean
  /** its uids are drawn by themselves: that there is one beside each Node moves no uid of other kinds */
  readonly uidStream?: string
  /** a PUT of what is not there makes it */
  readonly updateCreates?: boolean
  /** of a custom resource: how its documents are read, its shape for merging, its schema, and where replicas stand */
  readonly decode?: (document: any) => DecodeResult
  readonly type?: TypeSchema
  readonly schema?: object
  readonly scalePaths?: { readonly spec: string; readonly status: string; readonly selector?: string }
  readonly columns: readonly {
    readonly name: string; readonly type: string; readonly priority: number; readonly format?: string; readonly description?: string
  }[]
}

/** who sent a request */
export interface Requester {
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** One field of an `Invalid` Status: `spec.replicas: Invalid value: -1: must be greater than or equal to 0` */
export interface FieldError {
  readonly type: 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueDuplicate' | 'FieldValueNotFound' | 'FieldValueNotSupported' | 'FieldValueForbidden'
    | 'FieldValueTooLong' | 'FieldValueTooMany' | 'FieldValueTypeInvalid' | 'InternalError'
  readonly field: string
  /** the part behind `field: `, complete: `Invalid value: -1: must be greater than or equal to 0`, `Required value` */
  readonly body: string
}

/** What decoding a client's document finds, before defaults (`kinds/decode.ts`). */
export interface DecodeResult {
  readonly object?: any
  /** the same with the empty lists and maps that the document has and no answer shows, if there are any */
  readonly inMemory?: any
  /** fatal: message of the 400 BadRequest, e.g. `Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal …` */
  readonly error?: string
  /** `unknown field "spec.foo"`, `duplicate field "…"` in document order: error under Strict, warning under Warn */
  readonly strict: readonly string[]
}

export interface KindRegistry {
  readonly all: readonly KindDefinition[]
  /** by `deployments.apps` / `pods`: the storage name used everywhere in the model */
  byResource(resource: string): KindDefinition | undefined
  byGroupKind(group: string, kind: string): KindDefinition | undefined
  /** what kubectl accepts: kind, plural, singular, short name, each also with `.group`, any case */
  find(word: string): KindDefinition | undefined
}
export type { KubeObject }
