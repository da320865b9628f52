import { PersistentMap } from '../../base/persistent-map.ts'
import type { ActorId, Effect, StepContext } from '../kernel/actor.ts'
import { firstKey, type EtcdOperation } from '../api/etcd.ts'
import type { RequestMessage } from '../api/messages.ts'
import type { ApiRequest, ApiResponse, KubeObject } from '../api/request.ts'
import type { AdmissionPlugin, FirstWrite, Reinvocation, ReviewAnswer } from './admission/index.ts'
import { WELL_CONNECTED, type Connection } from './connection.ts'
import type { PolicyRule } from './rbac.ts'
import { emptyCache, type WatchCache } from './watch-cache.ts'
import { emptyWatches, type Watches } from './watches.ts'

export interface ServerOptions {
  readonly host: string
  readonly version: string
  /** actor id or component name of the etcd that this server talks to */
  readonly etcd: string
  readonly serviceCidr: string
  /** storage names of resources that are encrypted at rest from the beginning */
  readonly encryptedResources: readonly string[]
  readonly managed: boolean
  readonly bare: boolean
  /** calendar ms until which the certificates of the control plane are valid; undefined: somebody else sees to them */
  readonly certificatesUntilMs?: number
  /** what kubelets may do by the Node authorizer, beyond what it looks into */
  readonly nodeRules: readonly PolicyRule[]
  /** objects that it makes when it starts and they are not there */
  readonly ownObjects?: () => readonly KubeObject[]
  /** admission plugins of a config, which come after the others */
  readonly own?: readonly AdmissionPlugin[]
}

export interface User {
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/**
 * A request in flight, as plain data: whatever a handler needs to go on when etcd answers or a wait is over. It ends with exactly one answer, or
 * with the process.
 */
export interface Flight {
  /** id of the client's call */
  readonly number: number
  readonly from: ActorId
  readonly request: ApiRequest
  /** `create pod catalog`, as in journeys */
  readonly what: string
  readonly user: User
  /** kernel time at which the server gives up: 34 s for writes, 60 s for reads */
  readonly deadlineAt: number
  /** who goes on, and where: a key of the handlers in server.ts */
  readonly handler: string
  /** where the handler is */
  readonly phase: string
  readonly warnings: readonly string[]
  /** stages that are already recorded, as bits: a retry passes them silently */
  passed: number
  readonly write?: Write
  /** the client's document, decoded and admitted, where a retry needs it again */
  readonly body?: any
  /** the same with its empty lists and maps, if it has any */
  readonly inMemory?: any
  readonly collection?: Collection
  /** a list that waits until the cache has come so far */
  readonly revision?: number
}

/** How far a write has come. */
export interface Write {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly resource: string
  readonly namespace: string
  readonly name: string
  /** what is there, and whether it was read from etcd (or only from the cache) */
  readonly old?: KubeObject
  readonly live: boolean
  /** what shall be there */
  readonly object?: any
  /** of a create by somebody who is no component: the object as it was before admission, whose fields are the client's own */
  readonly given?: any
  /** the write ends the object instead of changing it */
  readonly removes: boolean
  /** a delete that marks the object first and removes it then */
  readonly removesNext: boolean
  /** that first write of a delete is done */
  readonly marked: boolean
  /** conflicts with other writers so far */
  readonly attempts: number
  /** names generated so far */
  readonly names: number
  /** the admission plugin whose turn it is, and how often it has waited */
  readonly plugin: number
  readonly waited: number
  /** where the plugin was when it asked webhooks, and what they said */
  readonly memo: unknown
  readonly answers: readonly ReviewAnswer[]
  readonly reinvocation?: Reinvocation
  /** other objects to store first, and their newest versions as etcd has told them */
  readonly first: readonly FirstWrite[]
  readonly newest: readonly KubeObject[]
  readonly firstConflicts: number
  /** storage operations around the main one: addresses to take before it, to give back after it, and to give back if it fails */
  readonly before: readonly EtcdOperation[]
  readonly after: readonly EtcdOperation[]
  readonly undo: readonly EtcdOperation[]
  /** the answer to give when `after` (or `undo`) is done */
  readonly outcome?: ApiResponse
}

/** A deletecollection: names still to be deleted, one by one. */
export interface Collection { readonly listed: readonly KubeObject[]; readonly at: number }

/** A request to a server that starts, and the kernel time until which its client waits. */
export interface Arrival { readonly from: ActorId; readonly message: RequestMessage; readonly until: number }

export interface ServerState {
  phase: 'starting' | 'listing' | 'serving'
  /** kernel time at which the process was started; 0: with the cluster */
  startedAt: number
  /** it has served before: later it goes on answering although its cache begins anew */
  listens: boolean
  /** kernel time at which it began to, of one that was started later than the cluster; Infinity: not yet */
  servesSince: number
  /** requests that came before it did */
  arrivals: readonly Arrival[]
  cache: WatchCache
  watches: Watches
  /** id of the etcd call → the request that waits for it, and the operation */
  readonly calls: PersistentMap<{ readonly flight: Flight; readonly operation: EtcdOperation }>
  /** number of a request that waits for webhooks → what has come, and how many have not; id of the call → whose it is, and which */
  readonly reviews: PersistentMap<{ readonly flight: Flight; readonly left: number; readonly answers: readonly ReviewAnswer[] }>
  readonly reviewCalls: PersistentMap<{ readonly flight: number; readonly index: number }>
  /** requests that wait for something else than an etcd call, by number */
  readonly parked: PersistentMap<{
    readonly flight: Flight; readonly operation?: EtcdOperation; readonly for: 'connection' | 'cache' | 'admission' | 'retry' | 'seat'
  }>
  /** requests that another server answers, by the id under which it was asked */
  readonly forwarded: PersistentMap<Flight>
  /** labels of a request → how many have been answered (metrics.ts) */
  readonly answered: PersistentMap<number>
  /** the server's own work: id of the etcd call → what it is */
  readonly own: PersistentMap<string>
  /** names of the keys for Secrets at rest, as its configuration says: the first one encrypts */
  encryptionKeys: readonly string[]
  connection: Connection
  /** the stream of changes from etcd; 0: none */
  stream: number
  /** since when etcd's watch has been refused; -1: it is well */
  watchLostAt: number
  /** since when there is no watch, whatever else has happened to the cache; -1: there is one */
  etcdLostAt: number
  /** lists that must arrive before the server serves, and the oldest revision among them */
  listsLeft: number
  listedAt: number
  /** revision that the next compaction gives up; undefined: none is due */
  compaction: number | undefined
}

export const initialState = ({ encryptedResources, nodeRules }: ServerOptions): ServerState => ({
  phase: 'starting', startedAt: 0, listens: false, servesSince: -Infinity, arrivals: [], cache: emptyCache(nodeRules),
  watches: emptyWatches(), calls: new PersistentMap(), reviews: new PersistentMap(),
  reviewCalls: new PersistentMap(), parked: new PersistentMap(), forwarded: new PersistentMap(), answered: new PersistentMap(), own: new PersistentMap(),
  connection: WELL_CONNECTED, stream: 0, watchLostAt: -1, etcdLostAt: -1, listsLeft: 0, listedAt: 0, compaction: undefined,
  encryptionKeys: [encryptedResources.includes('secrets') ? firstKey : 'identity'],
})

/** One step of the server: what functions of this room are given, and where they put what should happen. Never stored. */
export interface Turn { readonly options: ServerOptions; readonly state: ServerState; readonly context: StepContext; readonly effects: Effect[] }
