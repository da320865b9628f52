import type { PersistentMap } from '../../base/persistent-map.ts'
import { objectKey } from '../api/object-key.ts'
import type { ApiRequest, ApiResponse, KubeObject } from '../api/request.ts'
import type { Input } from '../kernel/actor.ts'
import type { Identity } from '../network/client.ts'
import type { NewEvent } from '../network/events.ts'
import type { Delta } from '../network/informer.ts'

/**
 * What a controller of kube-controller-manager is. To add one: a file in `controllers/`, a line in `controllers/index.ts`.
 *
 * ```ts
 * export const replicaSet = defineController({
 *   name: 'replicaset',                                   // acts as system:serviceaccount:kube-system:replicaset-controller
 *   watches: [
 *     { resource: 'replicasets.apps', toKeys: ownKey },
 *     { resource: 'pods', toKeys: delta => keysOfOwner(delta, 'ReplicaSet') },
 *   ],
 *   indexes: [podsByController],
 *   reconcile(key, view, replies, carried) {
 *     const { namespace, name } = splitKey(key), set = view.get('replicasets.apps', namespace, name)
 *     if (!set) return DONE
 *     return { effects: [{ do: 'request', request: create(view.identity, { resource: 'pods', namespace }, podOf(set)) }] }
 *   },
 *   source: 'pkg/controller/replicaset/replica_set.go',
 * })
 * ```
 * `reconcile` is level-driven and pure: it looks at the view (never at what woke it), changes nothing and answers what should happen. Run again
 * after its effects have come back through the informers, it answers nothing more. The manager applies effects in order and sends one request at a
 * time, or some together; a process that ends between two of them leaves the rest undone. A refused request ends the reconcile, and the key comes
 * back with the queue's back-off, unless the request accepts the answer. Where what follows depends on answers, give `again`: `reconcile` is
 * then called once more after the last effect, with all `replies` so far, in order, and what was given as `again` (frozen data: the objects it
 * began with, as upstream keeps them in local variables while the caches move on).
 */
export interface Controller {
  /** as in the ClusterRole `system:controller:<name>-controller`: `replicaset`, `node` */
  readonly name: string
  /** service account in kube-system, where it is not `<name>-controller` */
  readonly serviceAccount?: string
  /** acts as the process itself, which has no account but a certificate */
  readonly asProcess?: boolean
  /** source of its Events, where it is not `<name>-controller` */
  readonly eventSource?: string
  readonly watches: readonly ControllerWatch[]
  /**
   * Sleeps until a change of this kind comes: a cluster without what the controller is for pays nothing for it. What only sleepers watch is watched from then
   * on; `onStart` must look at what is there.
   */
  readonly wokenBy?: (delta: Delta) => boolean
  /** …or until there is anything of this resource but what every cluster has, which nobody watches before (`besides` of ApiRequest) */
  readonly stirredBy?: string
  readonly indexes?: readonly Index[]
  /** what it does about custom resources, whichever there are: an index of each, and what wakes it */
  readonly custom?: { readonly index?: (resource: string) => Index; readonly toKeys: (resource: string, delta: Delta, view: View) => Keys }
  /** the controller's own data, gone with the process: `{ forkable: true, expectations: new PersistentMap() }` */
  readonly initialMemory?: () => Memory
  /** keys to look at once all its watches have synced: `['']` for a controller of one key */
  readonly onStart?: (view: View) => Keys
  /** leases in closed form to be told of, by prefix of their key (kernel/heartbeats.ts) */
  readonly heartbeats?: { readonly prefix: string; readonly toKeys: (notice: HeartbeatNotice, view: View) => Keys }
  readonly reconcile: (key: string, view: View, replies: readonly ApiResponse[], carried: any) => Reconciled
  /** keys that may be in work at the same time; 5 unless given */
  readonly workers?: number
  /** Back-off of a key whose reconcile failed: 5 ms · 2ⁿ up to 1000 s, for ever. `limit`: gives up after so many. */
  readonly retries?: { readonly baseMs?: number; readonly maxMs?: number; readonly limit?: number }
  /** requests a second of its client and how many at once; 20 and 30 */
  readonly qps?: { readonly perSecond: number; readonly burst: number }
  /** upstream file(s) that the behaviour was read from */
  readonly source: string
}
export const defineController = (controller: Controller): Controller => controller

/** `toKeys` may change the controller's memory in place (expectations that are met), as upstream's handlers do; nothing else may. */
export interface ControllerWatch {
  /** storage name: `pods`, `deployments.apps`; one informer serves all controllers that watch it */
  readonly resource: string
  readonly toKeys: (delta: Delta, view: View) => Keys
}
/** A key is any string that the controller understands, usually `namespace/name`. With `afterMs` it is added to the queue that much later. */
export type Keys = readonly (string | { readonly key: string; readonly afterMs: number; readonly background?: boolean })[]
export const NO_KEYS: Keys = Object.freeze([])
export type HeartbeatNotice = Extract<Input, { on: 'heartbeat' }>

/** Objects of a resource by something else than their name, kept as they change. One definition may serve several controllers: `indexes.ts`. */
export interface Index {
  /** unique in the manager: `pods by node` */
  readonly name: string
  readonly resource: string
  readonly keysOf: (object: KubeObject) => readonly string[]
  /** a cheap sign that two states of an object have the same keys, where keys are dear */
  readonly sameKeys?: (before: KubeObject, after: KubeObject) => boolean
  /** sums over the objects of a key, kept as they change: what would else need a list */
  readonly counts?: Readonly<Record<string, (object: KubeObject) => number>>
}

/** Named maps; changed by the `remember` effect, and in place by `toKeys`. Their values are frozen data. */
export type Memory = { readonly forkable: true } & { readonly [name: string]: PersistentMap<any> | any }

/** What a controller can see: the informers' stores (objects are references, never to be changed), its memory, time and chance. */
export interface View {
  /** virtual ms */
  readonly now: number
  /** calendar ms as the manager's host has it */
  readonly wallMs: number
  /** for network/client.ts: `create(view.identity, …)` */
  readonly identity: Identity
  readonly memory: Memory
  /** 35 of 1.35: what the manager's version is, for behaviour that changed */
  readonly minorVersion: number
  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined
  /** All objects (of a namespace), by name. Walks the whole store: not for what happens often. */
  list(resource: string, namespace?: string): readonly KubeObject[]
  /** Objects that the index has under `key`, by name. */
  by(index: Index, key: string): readonly KubeObject[]
  /** Sum of a declared count over the objects under `key`; without `count`: how many they are. */
  count(index: Index, key: string, count?: string): number
  /** custom resources that are watched now, with the version by which */
  readonly custom: readonly { readonly resource: string; readonly version?: string }[]
  heartbeat(key: string): { readonly lastAt: number; readonly kept: boolean } | undefined
  /** ms until a loop that has run every `periodMs` since the controllers started runs next (1 … periodMs): closed form of upstream's tickers */
  untilTick(periodMs: number): number
  choose(purpose: string, n: number): number
  uid(): string
  /** five characters as in generated names */
  suffix(): string
}

export interface Reconciled {
  readonly effects: readonly ControllerEffect[]
  /** call `reconcile` again after the last effect, and hand it this */
  readonly again?: unknown
}
export const DONE: Reconciled = Object.freeze({ effects: Object.freeze([]) })

export type ControllerEffect =
  /** `accept`: codes (0: nobody answered) that do not end the reconcile though they are refusals; `'any'`: none does */
  | { readonly do: 'request'; readonly request: ApiRequest; readonly accept?: readonly number[] | 'any' }
  /** all at once; their answers come in the order of the requests once all are there, and none ends the reconcile */
  | { readonly do: 'requests'; readonly requests: readonly ApiRequest[] }
  /** fire and forget; its source is the controller's unless `component` says otherwise */
  | { readonly do: 'event'; readonly event: NewEvent }
  /**
   * Adds the key (its own unless given) later; the earlier of two wins, and each reconcile of the key must ask anew. `background`: only keeps a quiet cluster
   * going.
   */
  | { readonly do: 'requeueAfter'; readonly ms: number; readonly key?: string; readonly background?: boolean }
  /** sets an entry of a map of the memory; `value` undefined removes it */
  | { readonly do: 'remember'; readonly in: string; readonly key: string; readonly value: unknown }
  /** ends the reconcile as failed: the key comes back with the queue's back-off */
  | { readonly do: 'retry'; readonly why: string }

// ---- small things every controller needs
export const keyOf = ({ metadata }: KubeObject): string => objectKey(metadata.namespace ?? '', metadata.name)
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
/** The newest state that a delta tells of. */
export const objectOf = (delta: Delta): KubeObject => delta.new ?? delta.old!
/** The key of the very object that changed. */
export const ownKey = (delta: Delta): Keys => [delta.name]
/** The reference of the owner that controls an object. Source: apimachinery pkg/apis/meta/v1/controller_ref.go */
export const controllerOf = (object: KubeObject): NonNullable<KubeObject['metadata']['ownerReferences']>[number] | undefined =>
  object.metadata.ownerReferences?.find(owner => owner.controller)
/** Who asks where no service account does: the process, by its certificate. */
export const processIdentity: Identity = { credentials: { user: 'system:kube-controller-manager', groups: [] }, userAgent: 'kube-controller-manager' }
/** The service account a controller acts as. Source: cmd/kube-controller-manager (--use-service-account-credentials, as kubeadm sets it) */
export const identityOf = (controller: Controller): Identity => controller.asProcess ? processIdentity : {
  credentials: {
    user: `system:serviceaccount:kube-system:${controller.serviceAccount ?? `${controller.name}-controller`}`,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
  },
  userAgent: 'kube-controller-manager',
}
