import type { Status } from '../../api/status.ts'
import type { AdmissionAnswer } from '../../api/webhooks.ts'
import type { CallFailure } from '../../kernel/actor.ts'
import type { AskedAction } from '../../kinds/expressions/authorizer.ts'
import type { KindDefinition } from '../../kinds/kind.ts'
import type { User } from '../state.ts'

/** What a request is, as admission plugins see it. Source: k8s.io/apiserver pkg/admission/attributes.go. */
export interface AdmissionAttributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'
  readonly kind: KindDefinition
  readonly subresource?: string
  /** '' for cluster-scoped kinds; a Namespace itself has its own name here, as in Kubernetes */
  readonly namespace: string
  /** the name in messages: in the mutating phase of a create with generateName the prefix, in the validating phase the generated name */
  readonly name: string
  /** decoded and defaulted; undefined on DELETE. Frozen: a plugin answers a new one. */
  readonly object: any
  readonly oldObject?: any
  readonly user: User
  readonly dryRun: boolean
  /** options of the request: DeleteOptions, fieldManager */
  readonly options?: any
}

/** What plugins may read: the API server's own caches (eventually consistent), never a request of its own. */
export interface AdmissionView {
  /** by storage name (`pods`, `storageclasses.storage.k8s.io`); namespace '' for cluster-scoped kinds */
  get(resource: string, namespace: string, name: string): any
  /** in order of name; namespace undefined: all */
  list(resource: string, namespace?: string): readonly any[]
  readonly wallMs: number
  /** how often this plugin answered `waitMs` to this very request before; 0 at first */
  readonly attempt: number
  /** a random whole number 0 … n-1 */
  choose(purpose: string, n: number): number
  /** five characters as of a generated name */
  suffix(): string
  /** changes whenever a policy, a binding or a webhook configuration does; undefined: there never were any */
  readonly configured: object | undefined
  /** where this plugin was when it asked, and what became of its questions, in the order in which that was known */
  readonly memo: unknown
  readonly answers: readonly ReviewAnswer[]
  readonly reinvocation: Reinvocation | undefined
  /** a process that answers for a webhook of this name */
  hasWebhook(name: string): boolean
  /** a kind that this server serves: storage name and scope */
  kindOf(group: string, kind: string): { readonly resource: string; readonly namespaced: boolean } | undefined
  /** may this user do that? */
  decide(action: AskedAction): { readonly allowed: boolean; readonly reason: string }
}

export interface AdmissionRefusal { readonly status: Status }
/** Ask this plugin again (with `attempt` one higher) when so much time has passed: what it needs may not have reached the cache yet. */
export interface AdmissionWait { readonly waitMs: number }
export interface ReviewQuestion { readonly webhook: string; readonly timeoutMs: number }
export type ReviewOutcome = { readonly answer: AdmissionAnswer } | { readonly failure: CallFailure }
/** `index`: of the question */
export interface ReviewAnswer { readonly index: number; readonly outcome: ReviewOutcome }
/** Ask webhooks, all at once, and come back to this plugin, with `memo`, when each has answered or will not. Changes and warnings so far are kept. */
export interface AdmissionAsks {
  readonly ask: readonly ReviewQuestion[]
  readonly memo: unknown
  readonly object?: any
  readonly warnings?: readonly string[]
  readonly reinvocation?: Reinvocation
}
/** A second turn of all mutating plugins. Source: k8s.io/apiserver pkg/admission/reinvocation.go. */
export interface Reinvocation {
  /** this is the second turn; there shall be one */
  readonly again: boolean
  readonly wanted: boolean
  /** webhooks that have been asked since the last change and want to hear of the next; those that shall be asked again */
  readonly asked: readonly string[]
  readonly due: readonly string[]
  /** the object as webhooks left it */
  readonly output: any
}
export interface AdmissionWarning { readonly warnings: readonly string[] }

/**
 * An update of another object that must be stored before the request's own: the status of a ResourceQuota. `object` was made from the stored
 * object of `resourceVersion`; if that is no longer the newest, the plugin is asked again with the newest in its view (at most ten times, then 409
 * of the last attempt). It is a plain storage write: neither authorized nor admitted, and it stays if the request itself fails afterwards, as in Kubernetes.
 */
export interface FirstWrite {
  readonly resource: string
  readonly namespace: string
  readonly name: string
  readonly object: any
  readonly resourceVersion: string
}

export type MutationResult = AdmissionAsks | { readonly object: any; readonly warnings?: readonly string[]; readonly reinvocation?: Reinvocation }
  | AdmissionRefusal | AdmissionWait | AdmissionWarning | undefined
export type ValidationResult = AdmissionAsks | { readonly writesFirst: readonly FirstWrite[] } | AdmissionRefusal | AdmissionWait | AdmissionWarning | undefined

/** One admission plugin. All mutating phases run in the order of `admissionPlugins`, then object validation, then all validating phases in that order. */
export interface AdmissionPlugin {
  readonly name: string
  /** operations it looks at; others never reach it */
  readonly operations: readonly AdmissionAttributes['operation'][]
  /** storage names it looks at; undefined: all */
  readonly resources?: readonly string[]
  /** 35: API servers before 1.35 do not have it, or have it off */
  readonly since?: number
  mutate?(a: AdmissionAttributes, view: AdmissionView): MutationResult
  validate?(a: AdmissionAttributes, view: AdmissionView): ValidationResult
  /** storage names that it reads from the view */
  readonly reads: readonly string[]
  readonly source: string
}
/** A plugin of one's own. */
export const defineAdmissionPlugin = (plugin: Omit<AdmissionPlugin, 'reads' | 'source'> & Partial<AdmissionPlugin>): AdmissionPlugin =>
  ({ reads: [], source: '', ...plugin })
