import type { PodRuntime } from '../api/cri.ts'
import type { KubeObject } from '../api/request.ts'
import type { Resize } from './allocation.ts'
import type { Backoff } from './backoff.ts'
import type { Probe } from './probes.ts'

/**
 * One pod and the serial worker that looks after it: SyncPod again and again, SyncTerminatingPod once, SyncTerminatedPod once.
 * A worker is copied once a step (`edit`) and then changed in place until the step ends.
 * Source: pkg/kubelet/pod_workers.go, pkg/kubelet/status/status_manager.go
 */
export interface Worker {
  readonly uid: string
  /** the pod as the API server last told it */
  pod: KubeObject
  stage: 'sync' | 'terminating' | 'terminated' | 'finished' | 'rejected'
  /** what the runtime told last, and the same as of the last relist: what decisions are made from */
  latest: PodRuntime | undefined
  runtime: PodRuntime | undefined
  /** its address, also after its sandbox is gone. Source: pkg/kubelet/pleg/generic.go (getPodIPs) */
  ip: string
  /** the sync in progress */
  busy: Busy | undefined
  /** virtual ms at which the last sync ended; -1: none yet */
  syncedAt: number
  /** something wants a sync */
  wanted: boolean
  /** virtual ms of the next sync that is set; -1: none */
  syncAt: number
  /** the pod is no longer in the API */
  gone: boolean
  /** what is said of it since the node did not take it */
  refused: any
  /** grace with which it ends, ms; undefined: the pod's own */
  graceMs: number | undefined
  /** why the kubelet itself ends it: eviction, deadline */
  eviction: {
    readonly reason: string; readonly message: string; readonly condition?: any; /** it says why the pod has failed, if it has */ readonly ifFailed?: boolean
  } | undefined
  /** a container of it had begun, or its init containers were done, when it was told to end */
  begun: boolean
  /** container → why it could not be started at last */
  reasons: Readonly<Record<string, { readonly reason: string; readonly message: string }>>
  backoffs: Readonly<Record<string, Backoff>>
  /** image → text of the last failure */
  pullErrors: Readonly<Record<string, string>>
  /** `container/liveness` → probe */
  probes: Readonly<Record<string, Probe>>
  kills: Readonly<Record<string, Kill>>
  /** outcome of the pull that the worker waited for */
  pulled: { readonly image: string; readonly failure?: Refused } | undefined
  mountedAt: number
  /** failures so far, and virtual ms before which volumes are not tried again */
  mountTries: number
  mountNextAt: number
  mountFrom: number
  mounted: boolean
  /** the kubelet has a token for its volumes */
  tokenHeld: boolean
  /** ConfigMaps and Secrets in its volumes as of its last sync, `configmaps/name`; undefined: it has none mounted */
  content: Readonly<Record<string, KubeObject>> | undefined
  /** container with subPath mounts, or whose program reads its configuration by itself → the `content` that it goes by */
  atStart: Readonly<Record<string, Readonly<Record<string, KubeObject>>>>
  /** volumes of drivers that it uses, as the Node's status names them */
  attached: readonly string[]
  /** objects that are being read for a container's variables, and whether they were */
  reading: readonly string[]
  configRead: boolean
  /** objects that its volumes and variables need, `configmaps/ns/name` → object, false: not found */
  objects: Readonly<Record<string, KubeObject | false>>
  /** the status manager's copy: what the API should say */
  status: any
  /** grows with every change of `status` */
  version: number
  /** version that the API server has, and whether a patch is on its way */
  sentVersion: number
  flight: boolean
  /** the status as the API server last answered or told it */
  base: any
  /** resources changed in place */
  resize: Resize | undefined
  /** it is of a manifest file; uid of its mirror pod in the API, '' none known; that is being made or removed */
  readonly fromFile: boolean
  mirrorUid: string
  /** its file is gone, and so is what the kubelet knew of its status */
  forgotten: boolean
  mirroring: boolean
  /** pods that have to end before it may start */
  awaits: readonly string[]
  /** virtual ms since when it has no network to start with; -1: it has, or needs none */
  networkFrom: number
}
export interface Kill {
  readonly id: string
  readonly container: string
  readonly stage: 'preStop' | 'waits' | 'stopping' | 'done'
  /** virtual ms of the end of its grace period, and of the begin of this stage */
  readonly deadline: number
  readonly since: number
}

/** A sync under way: the actions still to do, the first of them begun or not. */
export interface Busy {
  readonly for: 'sync' | 'terminating' | 'terminated'
  readonly actions: readonly Action[]
  readonly begun: boolean
  /** starts that failed in this sync, in order */
  readonly failures: readonly Failure[]
  /** the pod as of the sync's begin: as the runtime knew it, and as it was to be */
  readonly runtime: PodRuntime | undefined
  readonly pod: KubeObject
  /** what its containers had been granted then, where that is not what their spec says */
  readonly granted: Resize['allocated'] | undefined
  /** volume of an image → why that image is not here */
  readonly lacking: Readonly<Record<string, Refused>>
}
export interface Failure extends Refused { readonly container: string }
export interface Refused {
  readonly reason: string
  readonly message: string
  /** virtual ms at which a back-off ends */
  readonly retryAt?: number
}
export type Action =
  | { readonly do: 'mount' }
  /** looks at the runtime and plans the rest of the sync */
  | { readonly do: 'compute' }
  | { readonly do: 'kill-pod' }
  | { readonly do: 'kill'; readonly container: string; readonly id: string; readonly message: string; readonly graceMs: number }
  | { readonly do: 'sandbox' }
  /** the image that a volume is made of */
  | { readonly do: 'image-volume'; readonly volume: string }
  | {
    readonly do: 'start'; readonly container: string; readonly type: ContainerType;
    readonly stage: 'backoff' | 'pull' | 'config' | 'create' | 'start' | 'postStart'
  }
export type ContainerType = 'init' | 'main' | 'ephemeral'

export function newWorker(pod: KubeObject, fromFile = false): Worker {
  return {
    uid: pod.metadata.uid, pod, stage: 'sync', latest: undefined, runtime: undefined, ip: '', busy: undefined, syncedAt: -1, wanted: false, syncAt: -1,
    gone: false, refused: undefined, graceMs: undefined, eviction: undefined, begun: false,
    reasons: NONE, backoffs: NONE, pullErrors: NONE, probes: NONE, kills: NONE, pulled: undefined, mountedAt: -1, mountTries: 0, mountNextAt: -1, mountFrom: -1,
    mounted: false, tokenHeld: false, content: undefined, atStart: NONE, attached: NO_NAMES, reading: [], configRead: false, objects: NONE,
    status: pod.status, version: 0,
    sentVersion: 0, flight: false, base: pod.status,
    resize: undefined, fromFile, mirrorUid: '', forgotten: false, mirroring: false, awaits: NO_NAMES, networkFrom: -1,
  }
}
/**
 * A copy to be changed in place, once for each step that touches it: spelled out, as literals are made many times faster than copies of what has had many
 * shapes.
 */
export const copyWorker = (w: Worker): Worker => ({
  uid: w.uid, pod: w.pod, stage: w.stage, latest: w.latest, runtime: w.runtime, ip: w.ip, busy: w.busy, syncedAt: w.syncedAt, wanted: w.wanted,
  syncAt: w.syncAt, gone: w.gone, refused: w.refused, graceMs: w.graceMs, eviction: w.eviction, begun: w.begun,
  reasons: w.reasons, backoffs: w.backoffs, pullErrors: w.pullErrors, probes: w.probes, kills: w.kills, pulled: w.pulled, mountedAt: w.mountedAt,
  mountTries: w.mountTries, mountNextAt: w.mountNextAt, mountFrom: w.mountFrom, mounted: w.mounted, tokenHeld: w.tokenHeld, content: w.content,
  atStart: w.atStart, attached: w.attached,
  reading: w.reading, configRead: w.configRead, objects: w.objects, status: w.status, version: w.version, sentVersion: w.sentVersion, flight: w.flight,
  base: w.base, resize: w.resize, fromFile: w.fromFile, mirrorUid: w.mirrorUid, forgotten: w.forgotten, mirroring: w.mirroring, awaits: w.awaits,
  networkFrom: w.networkFrom,
})
/** What decisions are made from: the runtime as of now. */
export function lookAt(worker: Worker): void {
  worker.runtime = worker.latest
  if (worker.latest?.sandbox?.ready) worker.ip = worker.latest.sandbox.ip
}
export const NONE: Readonly<Record<string, never>> = Object.freeze({})
const NO_NAMES: readonly string[] = Object.freeze([])
