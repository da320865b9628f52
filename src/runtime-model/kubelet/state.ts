import { PersistentMap } from '../../base/persistent-map.ts'
import type { PodRuntime } from '../api/cri.ts'
import type { UsageRule } from '../api/pod-usage.ts'
import type { KubeObject } from '../api/request.ts'
import type { Identity } from '../network/client.ts'
import { eventRecorder, type EventRecorder } from '../network/events.ts'
import { emptyInformers, type Informers, type Watched } from '../network/informer.ts'
import type { NodeOptions } from '../../drivers/driver.ts'
import type { ClientCertificate, Renewal } from './certificate.ts'
import type { Left } from './left.ts'
import type { Thresholds } from './eviction-signals.ts'
import type { OnDisk } from './host-paths.ts'
import { DEFAULT_POLICY, type ImagePolicy, type KnownImage } from './image-policy.ts'
import type { ToldImage } from './node-object.ts'
import type { Resize } from './allocation.ts'
import type { Shutdown } from './shutdown.ts'
import type { Worker } from './worker.ts'

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
  /** what pods consume, as a scenario has said it: outlives the process */
  readonly usage: readonly UsageRule[]
  /** path → what pods have made on the machine, or a scenario has said of it (host-paths.ts): outlives the process */
  readonly hostPaths: Readonly<Record<string, OnDisk | 'nothing'>>
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
  | {
    readonly for: 'node'
    readonly step: 'register' | 'read' | 'label' | 'status' | 'lease-get' | 'lease-create' | 'lease-renew' | 'csi-node' | 'csi-node-create'
  }
  | { readonly for: 'object'; readonly uid: string; readonly key: string }
  | { readonly for: 'process'; readonly component: string }
  | { readonly for: 'mirror'; readonly uid: string; readonly step: 'create' | 'delete' }

/** `container`: for which it is; absent: for a volume */
export interface Pull { readonly uid: string; readonly container?: string; readonly image: string; readonly askedAt: number; readonly startedAt: number }

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

const NO_USAGE: readonly UsageRule[] = []
export function initialState(options: KubeletOptions, version: string): KubeletState {
  const node = options.node.name
  return {
    version, startedAt: 0, informers: emptyInformers(watchedBy(node)), events: eventRecorder('kubelet', { host: node }), workers: new PersistentMap(),
    images: new PersistentMap(), imagePolicy: DEFAULT_POLICY, imageFailures: 0,
    calls: new PersistentMap(), manifests: NONE, mirrors: NONE, processes: NONE, processImages: NONE, processPods: NONE, processesUntold: false,
    thresholds: NONE, hostPaths: NONE, usage: NO_USAGE,
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

const NONE: Readonly<Record<string, never>> = Object.freeze({}), NO_NAMES: readonly string[] = Object.freeze([])
const NO_SETTINGS: readonly Watched[] = Object.freeze([]), NO_IMAGES: readonly ToldImage[] = Object.freeze([])
