import { PersistentMap } from '../../base/persistent-map.ts'
import type { PodRuntime } from '../api/cri.ts'
import type { KubeObject } from '../api/request.ts'
import type { Identity } from '../network/client.ts'
import { eventRecorder, type EventRecorder } from '../network/events.ts'
import { emptyInformers, type Informers, type Watched } from '../network/informer.ts'
import type { NodeOptions } from '../../drivers/driver.ts'
import type { Backoff } from './backoff.ts'
import type { ClientCertificate, Renewal } from './certificate.ts'
import type { Left, Thresholds } from './eviction-signals.ts'
import { DEFAULT_POLICY, type ImagePolicy, type KnownImage } from './image-garbage.ts'
import type { ToldImage } from './image-list.ts'
import type { Probe } from './probes.ts'
import type { Resize } from './allocation.ts'
import type { Shutdown } from './shutdown.ts'

export interface KubeletOptions {
  readonly node: NodeOptions
  readonly version: string
  readonly podCidr: string
  readonly address: string
  readonly bare: boolean
  readonly cloudProvider: boolean
  /** of a machine that joins a cluster: who it is by the token that it was given, with which it asks for its first certificate */
  readonly bootstrap?: Identity
}

/** Memory of one kubelet. Only its version outlives the process (it is what is installed). */
export interface KubeletState {
  readonly version: string
  /** virtual ms of the start: all its loops tick from there */
  readonly startedAt: number
  readonly informers: Informers
  readonly events: EventRecorder
  /** pod uid → worker */
  readonly workers: PersistentMap<Worker>
  /** full name → image that is on the node */
  readonly images: PersistentMap<KnownImage>
  /** of its configuration: outlives the process */
  readonly imagePolicy: ImagePolicy
  /** image garbage collections that have failed in a row */
  readonly imageFailures: number
  /** id of a call → what its answer is for */
  readonly calls: PersistentMap<Call>
  readonly pulls: { readonly running?: Pull; readonly waiting: readonly Pull[] }
  readonly node: NodeState
  /** on its disk; undefined: it has none yet, or needs none */
  readonly certificate?: ClientCertificate
  readonly renewal?: Renewal
  /** of its configuration: outlives the process */
  readonly thresholds: Readonly<Record<string, Thresholds>>
  /** file → pod of the manifest folder, as the kubelet names it; uid of a mirror pod → uid of the pod whose picture it is */
  readonly manifests: Readonly<Record<string, KubeObject>>
  readonly mirrors: Readonly<Record<string, string>>
  /** component of the control plane → status of its mirror pod, where that has changed since this kubelet runs */
  readonly processes: Readonly<Record<string, any>>
  /** component → image that its manifest names now, where that is another than at the start */
  readonly processImages: Readonly<Record<string, string>>
  /** component → its mirror as it was last known, which says what lies on the disk: outlives the process */
  readonly processPods: Readonly<Record<string, KubeObject>>
  /** nobody has answered what was last told of them */
  readonly processesUntold: boolean
  /** ConfigMaps and Secrets that are mounted here, and watched for it */
  readonly settings: readonly Watched[]
  /** what the runtime said it runs when the kubelet started; before it has, no pod is looked at */
  readonly known?: readonly PodRuntime[]
  /** uid of a pod → what it had been granted when the process before this one ended: on the disk. A bare world's machines keep nothing there. */
  readonly allocations: Readonly<Record<string, Resize>>
  /** virtual ms of the last try to grant resources that running pods wait for */
  readonly resizesTriedAt: number
  /** virtual ms of the pending look at the runtime; -1: none */
  readonly relistAt: number
  /** pods of which the runtime has told something since the last look, in that order */
  readonly dirty: readonly string[]
  /** at the start of the process: pods are known only after the first list */
  readonly sourcesReady: boolean
}

export interface NodeState {
  readonly registered: boolean
  /** the Node as the API server last told it */
  readonly object?: KubeObject
  readonly lease?: KubeObject
  /** memory, disk, pid: of which too little is left, as was said; a kubelet that starts anew finds it so again */
  readonly pressed: readonly string[]
  /** memory, disk, pid → virtual ms since when */
  readonly pressure: Readonly<Record<string, number>>
  /** memory, disk → how much is left, where that was said */
  readonly left: Readonly<Record<string, Left>>
  /** conditions as last reported, by type */
  readonly conditions: readonly any[]
  /** what the machine's clock loops count from; moved by a hang */
  readonly tickFrom: number
  readonly bootId: string
  /** a node status patch is on its way */
  readonly reporting: boolean
  /** virtual ms of the last report that was accepted, and of the last renewal before nobody was heard, -1: somebody is */
  readonly reportedAt: number
  readonly silentSince: number
  readonly unschedulable: boolean
  /** virtual ms of the report that is set, -1 none; wait before the next try to register */
  readonly reportAt: number
  /** images that it has, as of the last look at them */
  readonly images: readonly ToldImage[]
  /** volumes that are attached here for pods of this node */
  readonly inUse: readonly string[]
  readonly registerMs: number
  /** is the network plugin there: as the kubelet saw at its last look, and as the runtime says now */
  readonly networkReady: boolean
  readonly networkAnswer: boolean
  /** the machine is being switched off */
  readonly shutdown?: Shutdown
}

export type Call =
  | { readonly for: 'cri'; readonly uid: string; readonly step: string; readonly container?: string; readonly pull?: Pull }
  | { readonly for: 'list' }
  /** containers or images are removed: nobody waits for it */
  | { readonly for: 'removed'; readonly uid: string }
  | { readonly for: 'certificate' }
  | { readonly for: 'status'; readonly uid: string; readonly version: number }
  | { readonly for: 'delete'; readonly uid: string }
  | { readonly for: 'node'; readonly step: 'register' | 'read' | 'label' | 'status' | 'lease-get' | 'lease-create' | 'lease-renew' }
  | { readonly for: 'object'; readonly uid: string; readonly key: string }
  | { readonly for: 'process'; readonly component: string }
  | { readonly for: 'mirror'; readonly uid: string; readonly step: 'create' | 'delete' }

export interface Pull { readonly uid: string; readonly container: string; readonly image: string; readonly askedAt: number; readonly startedAt: number }

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
  pulled: { readonly image: string; readonly failure?: Failure } | undefined
  mountedAt: number
  /** failures so far, and virtual ms before which volumes are not tried again */
  mountTries: number
  mountNextAt: number
  mountFrom: number
  mounted: boolean
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
  /** virtual ms of the end of its grace period */
  readonly deadline: number
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
}
export interface Failure {
  readonly container: string
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
  | {
    readonly do: 'start'; readonly container: string; readonly type: ContainerType;
    readonly stage: 'backoff' | 'pull' | 'config' | 'create' | 'start' | 'postStart'
  }
export type ContainerType = 'init' | 'main' | 'ephemeral'

const groups: readonly string[] = Object.freeze(['system:nodes'])
export const identityOf = remembered((node): Identity => ({ credentials: { user: `system:node:${node}`, groups }, userAgent: 'kubelet' }))
export const watchedBy = remembered((node): readonly Watched[] => [
  { key: 'nodes', resource: 'nodes', fieldSelector: `metadata.name=${node}` },
  { key: 'pods', resource: 'pods', fieldSelector: `spec.nodeName=${node}` },
])
/** What follows from the name of a node alone is made once for each. */
function remembered<T>(of: (node: string) => T): (node: string) => T {
  const made = new Map<string, T>()
  return node => {
    let found = made.get(node)
    if (found === undefined) made.set(node, found = of(node))
    return found
  }
}

export function initialState(options: KubeletOptions, version: string): KubeletState {
  const node = options.node.name
  return {
    version, startedAt: 0, informers: emptyInformers(watchedBy(node)), events: eventRecorder('kubelet', { host: node }), workers: new PersistentMap(),
    images: new PersistentMap(), imagePolicy: DEFAULT_POLICY, imageFailures: 0,
    calls: new PersistentMap(), manifests: NONE, mirrors: NONE, processes: NONE, processImages: NONE, processPods: NONE, processesUntold: false,
    thresholds: NONE,
    settings: NO_SETTINGS,
    pulls: { waiting: [] },
    allocations: NONE, resizesTriedAt: 0, relistAt: -1, dirty: [],
    sourcesReady: false,
    node: {
      registered: false, pressed: NO_NAMES, pressure: {}, left: NONE, conditions: [], tickFrom: 0, bootId: '', reporting: false, reportedAt: 0, silentSince: -1,
      unschedulable: false, reportAt: -1,
      images: NO_IMAGES, inUse: NO_NAMES,
      registerMs: 100, networkReady: true, networkAnswer: true,
    },
  }
}

export function newWorker(pod: KubeObject, fromFile = false): Worker {
  return {
    uid: pod.metadata.uid, pod, stage: 'sync', latest: undefined, runtime: undefined, ip: '', busy: undefined, syncedAt: -1, wanted: false, syncAt: -1,
    gone: false, graceMs: undefined, eviction: undefined, begun: false,
    reasons: NONE, backoffs: NONE, pullErrors: NONE, probes: NONE, kills: NONE, pulled: undefined, mountedAt: -1, mountTries: 0, mountNextAt: -1, mountFrom: -1,
    mounted: false, content: undefined, atStart: NONE, attached: NO_NAMES, reading: [], configRead: false, objects: NONE, status: pod.status, version: 0,
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
  syncAt: w.syncAt, gone: w.gone, graceMs: w.graceMs, eviction: w.eviction, begun: w.begun,
  reasons: w.reasons, backoffs: w.backoffs, pullErrors: w.pullErrors, probes: w.probes, kills: w.kills, pulled: w.pulled, mountedAt: w.mountedAt,
  mountTries: w.mountTries, mountNextAt: w.mountNextAt, mountFrom: w.mountFrom, mounted: w.mounted, content: w.content, atStart: w.atStart,
  attached: w.attached,
  reading: w.reading, configRead: w.configRead, objects: w.objects, status: w.status, version: w.version, sentVersion: w.sentVersion, flight: w.flight,
  base: w.base, resize: w.resize, fromFile: w.fromFile, mirrorUid: w.mirrorUid, forgotten: w.forgotten, mirroring: w.mirroring, awaits: w.awaits,
  networkFrom: w.networkFrom,
})
const NONE: Readonly<Record<string, never>> = Object.freeze({}), NO_NAMES: readonly string[] = Object.freeze([])
const NO_SETTINGS: readonly Watched[] = Object.freeze([]), NO_IMAGES: readonly ToldImage[] = Object.freeze([])
