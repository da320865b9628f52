import type { Message } from '../kernel/actor.ts'
import type { Behaviour } from './behaviour.ts'
import type { KubeObject } from './request.ts'

/**
 * What kubelet and runtime say to each other: the container runtime interface, one message a call. Every answer and every event carries
 * the whole pod as the runtime knows it. Source: cri-api pkg/apis/runtime/v1/api.proto.
 */
export type CriCall =
  | { readonly call: 'list' }
  | {
    readonly call: 'run-sandbox'
    readonly uid: string
    readonly namespace: string
    readonly name: string
    readonly attempt: number
    readonly hostNetwork: boolean
    readonly annotations: Readonly<Record<string, string>> | undefined
    /** of the pod's RuntimeClass; absent: the runtime's default */
    readonly handler?: string
    /** bytes that its containers may use together; absent: no limit */
    readonly memoryLimit?: number
  }
  /** `container`: for which it is; absent: for a volume */
  | { readonly call: 'pull'; readonly uid: string; readonly container?: string; readonly image: string }
  | {
    readonly call: 'create'
    readonly uid: string
    readonly container: string
    readonly image: string
    readonly command?: readonly string[]
    readonly args?: readonly string[]
    /** the variables that are known */
    readonly env?: Readonly<Record<string, string>>
    /** where it tells why it ends, and whether its log does that for it */
    readonly messagePath?: string
    readonly logsTell?: boolean
    readonly attempt: number
    readonly ports: readonly ListenPort[]
    /** it is meant to end: an init container or one of a Job */
    readonly ends: boolean
    readonly spec: string
    readonly mounts: readonly Mount[]
    /** how its program ends by what it reads when it starts; absent: as its behaviour says */
    readonly end?: Pick<Behaviour, 'exit' | 'prints'>
    /** bytes; absent: no limit */
    readonly memoryLimit?: number
  }
  /** the memory limit of a container that runs is another one */
  | { readonly call: 'update'; readonly uid: string; readonly container: string; readonly memoryLimit?: number }
  | { readonly call: 'start'; readonly uid: string; readonly container: string }
  | { readonly call: 'stop'; readonly uid: string; readonly container: string; readonly id: string; readonly graceMs: number }
  /** containers that have ended, and what they have printed */
  | { readonly call: 'remove'; readonly uid: string; readonly ids: readonly string[] }
  | { readonly call: 'remove-images'; readonly refs: readonly string[] }
  /** ends and forgets the sandbox; `forget`: its containers too */
  | { readonly call: 'stop-sandbox'; readonly uid: string; readonly forget: boolean }
/** A volume in a container: what lies under `path` lives under `key`, for as long as that does. */
export interface Mount {
  readonly path: string
  readonly key: string
  readonly from?: readonly Earlier[]
  /** the one that it is made of */
  readonly image?: string
}
/** What a volume began with: what lay under `key` up to `time` (RFC 3339), when a snapshot or a clone was taken; the nearest comes first. */
export interface Earlier { readonly key: string; readonly time: string }
/** What has been written to one place, the latest last; virtual ms. Each node has what was written there. */
export type Writes = readonly { readonly atMs: number; readonly content: string }[]
export interface ListenPort { readonly port: number; readonly protocol: string }

export interface CriRequest extends Message { readonly type: 'cri'; readonly id: number; readonly body: CriCall }
export interface CriAnswer extends Message {
  readonly type: 'cri-answer'
  readonly replyTo: number
  /** a runtime's error text */
  readonly error?: string
  /** its gRPC code where it is not Unknown: `NotFound` */
  readonly code?: string
  readonly uid?: string
  readonly pod?: PodRuntime
  readonly image?: RuntimeImage
  /** of `list` */
  readonly all?: {
    readonly pods: readonly PodRuntime[]; readonly images: readonly RuntimeImage[]; readonly boots: number; readonly networkReady?: boolean;
    readonly manifests?: readonly Manifest[]
  }
}
/** A file in the folder that a kubelet reads pods from, decoded; the disk is the machine's, and so outlives the kubelet. */
export interface Manifest { readonly file: string; readonly pod?: KubeObject; /** why it is none that a kubelet takes */ readonly error?: string }
/** A manifest file came or changed; with neither: it went. Stands for inotify. */
export interface ManifestEvent extends Message, Manifest { readonly type: 'manifest' }
export const isManifestEvent = (message: Message): message is ManifestEvent => message.type === 'manifest'

/** The network plugin came or went; a kubelet asks for the status every five seconds, and learns it then. */
export interface NetworkEvent extends Message { readonly type: 'network-status'; readonly ready: boolean }
export const isNetworkEvent = (message: Message): message is NetworkEvent => message.type === 'network-status'

/** Something happened to a container by itself: the runtime's event stream. */
export interface CriEvent extends Message { readonly type: 'cri-event'; readonly pod: PodRuntime }
export const isCri = (message: Message): message is CriRequest => message.type === 'cri'
export const isCriAnswer = (message: Message): message is CriAnswer => message.type === 'cri-answer'
export const isCriEvent = (message: Message): message is CriEvent => message.type === 'cri-event'

export interface RuntimeImage { readonly ref: string; /** repo digest, or the reference itself in a bare world */ readonly id: string; readonly bytes: number }

/** A pod as its node's runtime knows it. Frozen, replaced on every change. */
export interface PodRuntime {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly sandbox?: Sandbox
  /** newest first; at most two of one name */
  readonly containers: readonly RuntimeContainer[]
}
export interface Sandbox {
  readonly id: string
  readonly attempt: number
  readonly ready: boolean
  readonly ip: string
  readonly createdAt: number
  /** it has an address, and nobody has connected it: the agent of the network plugin has to come first */
  readonly unconnected?: boolean
  readonly annotations?: Readonly<Record<string, string>>
  readonly memoryLimit?: number
}

/** How a container ends by itself. `instead`: of an end by its memory limit, the one it would have without (null: none). */
export type ContainerExit = NonNullable<Behaviour['exit']> & { readonly instead?: Behaviour['exit'] | null }

export interface RuntimeContainer {
  readonly id: string
  readonly name: string
  /** id of the sandbox it lives in */
  readonly sandbox: string
  readonly attempt: number
  readonly image: string
  readonly imageId: string
  readonly state: 'created' | 'running' | 'exited'
  /** virtual ms; -1: never */
  readonly startedAt: number
  /** what the node's clock showed, ms since 1970; 0: never */
  readonly startedMs: number
  readonly finishedMs: number
  readonly exitCode: number
  readonly reason: string
  readonly message?: string
  /** if it fails without a word, the end of its log is its message */
  readonly logsTell?: boolean
  /** it runs and answers nothing */
  readonly hung: boolean
  readonly behaviour: Behaviour
  /** how this run ends by itself; absent: it does not */
  readonly exit?: ContainerExit
  readonly ports: readonly ListenPort[]
  readonly mounts: readonly Mount[]
  /** mark of the container's spec, by which a change is seen */
  readonly spec: string
}

/** Where a file of a container lives: in a volume, or in the container itself, with which it goes. */
export const placeOf = (container: Pick<RuntimeContainer, 'id' | 'mounts'>, path: string): string => placesOf(container, path)[0].place
/** That, and where it may have come from, with the time up to which it did. */
export function placesOf({ id, mounts }: Pick<RuntimeContainer, 'id' | 'mounts'>, path: string): readonly { readonly place: string; readonly time?: string }[] {
  let found: Mount | undefined
  for (const m of mounts) {
    if ((path === m.path || path.startsWith(m.path.endsWith('/') ? m.path : `${m.path}/`)) && (found === undefined || m.path.length > found.path.length)) {
      found = m
    }
  }
  if (!found) return [{ place: `${id}${path}` }]
  const rest = path.slice(found.path.replace(/\/$/, '').length)
  return [{ place: `${found.key}${rest}` }, ...(found.from ?? []).map(({ key, time }) => ({ place: `${key}${rest}`, time }))]
}
/** A place that no machine has to itself: the storage behind a driver. */
export const isShared = (place: string): boolean => place.startsWith('storage ')
