/**
 * The typed AST of one step. `parse-step.ts` makes it from text, `bind.ts` resolves its names, and the rooms `steps/` and
 * `assertions/` give it a meaning. Columns are 0-based offsets into the step's text.
 */
export interface Span { readonly start: number; readonly end: number }

/** A step's table or doc string, with the document line (1-based) of its first content line. */
export interface StepArgument {
  readonly table?: readonly (readonly string[])[]
  readonly docString?: { readonly content: string; readonly mediaType?: string; readonly line: number }
}

/** One registered phrase found in the text: which declaration, and its typed arguments. */
export interface PhraseMatch {
  /** id of the StepDefinition or PredicateDefinition */
  readonly definition: string
  readonly args: Readonly<Record<string, unknown>>
  readonly argSpans: Readonly<Record<string, Span>>
  readonly span: Span
}

export type StepAst = SentenceAst | AssertionAst

/** world, action, fault, time, and the assertions that are whole sentences of their own (traces). */
export interface SentenceAst {
  readonly type: 'world' | 'action' | 'fault' | 'time' | 'sentence'
  readonly phrase: PhraseMatch
  /** `as user "ana" in groups "dev, qa"` in front of an action; anonymous: `as an unknown client` */
  readonly as?: { readonly user: string; readonly groups: readonly string[]; readonly anonymous?: boolean }
  /** `as "victim"` behind an action */
  readonly bind?: string
  readonly span: Span
}

export interface AssertionAst {
  readonly type: 'assertion'
  readonly subject: SubjectAst
  readonly modality: ModalityAst
  readonly predicate: PredicateAst
  readonly windows: readonly WindowAst[]
  /** of the same subject, and as now: `is Running and has not restarted` */
  readonly and?: AssertionAst
  readonly span: Span
}

export type ModalityAst =
  | { readonly type: 'now'; readonly span?: Span }
  | { readonly type: 'eventually'; readonly withinMs?: number; readonly staysMs?: number; readonly span?: Span }
  /** `past`: of what lies behind, the last `forMs` or all since the latest `When` (`was always Ready`, `has never been down`) */
  | { readonly type: 'always'; readonly forMs?: number; readonly past?: true; readonly span?: Span }
  | { readonly type: 'never'; readonly forMs?: number; readonly past?: true; readonly span?: Span }

export interface WindowAst {
  readonly type: 'while' | 'until' | 'after' | 'before'
  readonly condition: ConditionAst
  readonly span: Span
}

export interface ConditionAst { readonly subject: SubjectAst; readonly predicate: PredicateAst; readonly span: Span }

/** The predicate: a registered phrase, perhaps negated; `truth` says `on the node` when the sentence asks for it. */
export interface PredicateAst extends PhraseMatch {
  readonly negated: boolean
  readonly truth?: 'node'
}

export type Comparison = 'exactly' | 'at least' | 'at most' | 'more than' | 'between'
/** `most`: of `between 2 and 4`, both included */
export interface Quantity { readonly comparison: Comparison; readonly count: number; readonly most?: number }
/** How many members of a set. `percent`: so many of a hundred; `strict`: fewer than that. */
export interface SetQuantity extends Quantity { readonly percent?: true; readonly strict?: true }

export type Quantifier =
  | { readonly type: 'every' }
  | SetQuantity & { readonly type: 'count' }

export type NamespaceScope =
  | { readonly type: 'default' } // the rule of language.md §3, "Scope"
  | { readonly type: 'named'; readonly namespace: string }
  | { readonly type: 'any' }

/** What narrows a set; refinements stack in any order. */
export interface Refinements {
  readonly owner?: ObjectSubject | BindingSubject // pods of deployment catalog
  readonly owners?: readonly (ObjectSubject | BindingSubject)[] // pods of deployments web and api; `owner` is the first
  readonly selector?: string // labelled app=catalog
  readonly node?: string | BindingSubject // on node worker-1
  readonly running?: boolean // running pods: STATUS Running when looked at
}

export interface ObjectSubject {
  readonly type: 'object'
  /** as written: `deploy`, `Deployment`, `deployments.apps`; `bind.ts` resolves it */
  readonly kind: string
  readonly name: string
  readonly namespace?: string
  /** its absence is claimed, and no other step of the scenario says its name (declared-names.ts) */
  readonly unheard?: true
  readonly span: Span
}
/** `kind`: as what it is spoken of; `node $victim` is the node of a pod */
export interface BindingSubject { readonly type: 'binding'; readonly name: string; readonly kind?: string; readonly span: Span }
export interface SetSubject {
  readonly type: 'set'
  /** plural or kind as written: `pods` */
  readonly kind: string
  readonly quantifier: Quantifier
  readonly refinements: Refinements
  /** `nodes worker-1 and worker-2`: these and no others, each of which must be there */
  readonly names?: readonly string[]
  /** `container app in a pod of deployment web`: the members are this container of each */
  readonly container?: string
  readonly scope: NamespaceScope
  /** `all pods` looks in all namespaces but kube-system */
  readonly all: boolean
  /** said in the singular, `the pod of deployment web`: of several none is meant */
  readonly single?: true
  readonly span: Span
}
export interface ContainerSubject { readonly type: 'container'; readonly container: string; readonly pod: ObjectSubject | BindingSubject; readonly span: Span }
export type ComponentName = 'control plane' | 'kube-apiserver' | 'etcd' | 'kube-scheduler' | 'kube-controller-manager' | 'cloud-controller-manager' | 'kubelet'
  | 'kube-proxy' | 'coredns'
export interface ComponentSubject {
  readonly type: 'component'
  readonly component: ComponentName
  /** `on worker-1`, `on cp-2` */
  readonly node?: string
  /** `etcd member etcd-2` */
  readonly member?: string
  /** others of which one may be meant instead: `on cp-2 or cp-3` */
  readonly or?: readonly string[]
  readonly span: Span
}
export interface OutcomeSubject {
  readonly type: 'outcome'
  readonly of: 'last request' | 'last command' | 'request'
  readonly description?: string
  readonly span: Span
}
export interface TrafficSubject {
  readonly type: 'traffic'
  readonly name?: string // traffic "shoppers"
  readonly from?: ObjectSubject | BindingSubject // requests from pod orders
  readonly to?: ObjectSubject | BindingSubject // to service catalog
  readonly span: Span
}
/** `file "/data/x" in container app of pod db-0` */
export interface FileSubject { readonly type: 'file'; readonly path: string; readonly container: ContainerSubject; readonly span: Span }

export type SubjectAst = ObjectSubject | BindingSubject | SetSubject | ContainerSubject | ComponentSubject | OutcomeSubject | TrafficSubject | FileSubject
