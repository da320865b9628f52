import { PersistentMap } from '../../base/persistent-map.ts'
import type { ApiRequest, KubeObject } from '../api/request.ts'
import { eventRecorder } from '../network/events.ts'
import type { EventRecorder, NewEvent } from '../network/events.ts'
import type { Identity } from '../network/client.ts'
import { emptyInformers, store } from '../network/informer.ts'
import type { Informers, Watched } from '../network/informer.ts'
import { newElection } from '../network/leader-election.ts'
import type { Election } from '../network/leader-election.ts'
import type { CloudRequest } from './cloud-api.ts'

/** Providers run it with rights over the whole cluster. */
export const identity: Identity = {
  credentials: { user: 'system:cloud-controller-manager', groups: ['system:masters'] }, userAgent: 'cloud-controller-manager',
}
export const watched: readonly Watched[] = [{ key: 'nodes', resource: 'nodes' }, { key: 'services', resource: 'services' }]

export interface ManagerState {
  readonly informers: Informers
  readonly election: Election
  readonly recorder: EventRecorder
  /** id of a call → the key whose work goes on with its answer, and what was done */
  readonly flights: PersistentMap<{ readonly key: string; readonly did: string }>
  /** keys in work → whether they changed meanwhile */
  readonly busy: PersistentMap<boolean>
  /** key → failures in a row */
  readonly failures: PersistentMap<number>
  /** Service → what its load balancer was last told */
  readonly applied: PersistentMap<Applied>
}
export interface Applied { readonly spec: string; readonly nodes: string }

export const initialState = (): ManagerState => ({
  informers: emptyInformers(watched), election: newElection(), recorder: eventRecorder('cloud-controller-manager'), flights: new PersistentMap(),
  busy: new PersistentMap(),
  failures: new PersistentMap(), applied: new PersistentMap(),
})

/** What a reconcile wants next: one request to the cluster or the cloud (the key is looked at again when it is answered), and Events. */
export interface Next {
  readonly events?: readonly NewEvent[]
  /** `did` tells the next call what this one was for */
  readonly api?: ApiRequest
  readonly cloud?: CloudRequest
  readonly did?: string
}
export const NOTHING: Next = {}
/** What the last step of this key came to; `body` of the answer. */
export interface Last { readonly did: string; readonly body: any }

export const nodesOf = (state: ManagerState): readonly KubeObject[] => store(state.informers, 'nodes').sorted().map(([, node]) => node)
