import { PersistentMap } from '../../base/persistent-map.ts'
import type { ApiResponse } from '../api/request.ts'
import { newElection } from '../network/leader-election.ts'
import type { Election } from '../network/leader-election.ts'
import { eventRecorder } from '../network/events.ts'
import type { EventRecorder } from '../network/events.ts'
import { emptyInformers } from '../network/informer.ts'
import type { Informers, Watched } from '../network/informer.ts'
import type { ControllerEffect, Memory } from './controller.ts'
import type { Tokens } from './rate-limit.ts'
import type { Setup } from './setup.ts'
import { emptyTables } from './tables.ts'
import type { Tables } from './tables.ts'
import { WorkQueue } from './work-queue.ts'

/** A reconcile whose request is under way: what is left to do, and what has been answered. Frozen. */
export interface Flight {
  readonly controller: string
  readonly key: string
  readonly effects: readonly ControllerEffect[]
  /** index of the effect that comes next */
  readonly at: number
  readonly replies: readonly ApiResponse[]
  readonly again: unknown
  /** codes of the answer that do not end the reconcile */
  readonly accept: readonly number[] | 'any'
  /** one of several requests that were sent together: all of them are known by the first one's id */
  readonly together?: { readonly id: string; readonly at: number }
}

export interface ManagerState {
  readonly election: Election
  /** id of the request with which it starts, while that is under way; 0: none is */
  readonly lookup: number
  readonly leading: boolean
  /** controllers that slept at first and have been woken */
  readonly awake: readonly string[]
  readonly minorVersion: number
  /** calendar ms until which its kubeconfig's certificate is valid */
  readonly certificateUntilMs?: number
  /** virtual ms at which this replica began to lead */
  readonly startedAt: number
  /** controllers whose caches have synced */
  readonly ready: readonly string[]
  readonly informers: Informers
  /** custom resources that are watched, beside what every manager watches */
  readonly custom: readonly Watched[]
  readonly tables: Tables
  readonly memories: { readonly forkable: true } & { readonly [controller: string]: any }
  readonly queues: { readonly forkable: true } & { readonly [controller: string]: any }
  /** id of the call → the reconcile that waits for it */
  readonly flights: PersistentMap<Flight>
  /** answers so far to requests that were sent together; null: still under way */
  readonly answers: PersistentMap<readonly (ApiResponse | null)[]>
  readonly tokens: PersistentMap<Tokens>
  readonly recorder: EventRecorder
}

const nobody: readonly string[] = Object.freeze([])

export function newState(setup: Setup, minorVersion: number, certificateUntilMs: number | undefined): ManagerState {
  const memories: Record<string, any> = { forkable: true }, queues: Record<string, any> = { forkable: true }
  for (const controller of setup.controllers) {
    memories[controller.name] = controller.initialMemory?.() ?? { forkable: true }
    queues[controller.name] = new WorkQueue()
  }
  return {
    election: newElection(), lookup: 0, leading: false, awake: nobody, minorVersion, certificateUntilMs, startedAt: 0, ready: [],
    informers: emptyInformers(setup.watched),
    custom: [], tables: emptyTables(setup.indexes),
    memories: memories as ManagerState['memories'], queues: queues as ManagerState['queues'], flights: new PersistentMap(), answers: new PersistentMap(),
    tokens: new PersistentMap(),
    recorder: eventRecorder('kube-controller-manager'),
  }
}
export const memoryOf = (state: ManagerState, controller: string): Memory => state.memories[controller]
export const queueOf = (state: ManagerState, controller: string): WorkQueue => state.queues[controller]
