import type { Message } from '../kernel/actor.ts'
import type { KubeObject } from './request.ts'

/**
 * What kube-apiserver and an etcd member say to each other, and how the committed keyspace can be looked at. Keys are
 * (resource, namespace, name), `/registry/pods/default/catalog` in a real etcd; values are frozen objects, to which etcd gives
 * `metadata.resourceVersion`: the revision at which they were put.
 */
export interface EtcdKey {
  /** storage name: `pods`, `deployments.apps` */
  readonly resource: string
  /** '' for cluster-scoped resources */
  readonly namespace: string
  readonly name: string
}

/**
 * Where the prefix of a resource is not its own name. Source: pkg/kubeapiserver/default_storage_factory_builder.go (SpecialDefaultResourcePrefixes),
 * pkg/registry
 */
const prefixes: Readonly<Record<string, string>> = {
  nodes: 'minions', services: 'services/specs', endpoints: 'services/endpoints', replicationcontrollers: 'controllers',
  'ingresses.networking.k8s.io': 'ingress',
  'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
}
/** groups with a dot that are the API server's own; the others are of custom resources, whose keys have the group in them */
const ownGroups: ReadonlySet<string> = new Set([
  'admissionregistration', 'authentication', 'authorization', 'certificates', 'coordination', 'discovery', 'events', 'flowcontrol.apiserver', 'networking',
  'node', 'rbac.authorization', 'resource', 'scheduling', 'storage',
].map(name =>
  `${name}.k8s.io`))
/** `minions` of nodes, `deployments` of deployments.apps: what stands between `/registry/` and the object in a real etcd. */
export function keyPrefix(resource: string): string {
  const special = prefixes[resource], dot = resource.indexOf('.')
  if (special !== undefined || dot < 0) return special ?? resource
  const group = resource.slice(dot + 1)
  return !group.includes('.') || ownGroups.has(group) ? resource.slice(0, dot) : `${group}/${resource.slice(0, dot)}`
}

export type EtcdOperation =
  /** reads one key; `linearizable` needs a leader that a majority follows, otherwise the member answers from what it has applied */
  | { readonly op: 'get'; readonly key: EtcdKey; readonly linearizable: boolean }
  /** reads all of a resource (of a namespace) in key order */
  | { readonly op: 'list'; readonly resource: string; readonly namespace?: string; readonly linearizable: boolean }
  /** only the current revision, linearizable: what a consistent list from the watch cache waits for, and what health checks ask */
  | { readonly op: 'revision' }
  /**
   * If the key's last revision is `expected` (0: the key does not exist) puts `value`. Not so: nothing changes, `succeeded` is false and
   * `object` is what is there. `ttlSeconds`: the key goes away by itself (an etcd lease, as for Events); `encrypted`: by what it is on disk
   * (`aescbc:v1:key1`); `lease`: of an operator.
   */
  | {
    readonly op: 'put'; readonly key: EtcdKey; readonly expected: number; readonly value: KubeObject; readonly ttlSeconds?: number;
    readonly encrypted?: string; readonly lease?: string
  }
  | { readonly op: 'delete'; readonly key: EtcdKey; readonly expected: number }
  /** all changes after this revision, over a stream; refused when they are compacted */
  | { readonly op: 'watch'; readonly afterRevision: number }
  | { readonly op: 'compact'; readonly revision: number }

/** kube-apiserver → etcd: a call. `request`: number of the API request it serves (0: its own work). */
export interface EtcdMessage extends Message { readonly type: 'etcd'; readonly id: number; readonly operation: EtcdOperation; readonly request: number }
/** etcd → kube-apiserver */
export interface EtcdReplyMessage extends Message {
  readonly type: 'etcd reply'
  readonly replyTo: number
  readonly result: EtcdResult
  /** of a watch that was accepted */
  readonly stream?: number
}
/** etcd → kube-apiserver, on a stream: changes in order of revision; `revision` is how far the member has come */
export interface EtcdWatchMessage extends Message {
  readonly type: 'etcd watch'
  readonly stream: number
  readonly events: readonly EtcdEvent[]
  readonly revision: number
}

export type EtcdResult =
  | {
    readonly ok: true
    /** of the keyspace, after the operation */
    readonly revision: number
    /** of put and delete: whether the comparison held */
    readonly succeeded?: boolean
    /** get: what is there; put: what was stored; delete: what was deleted; failed comparison: what is there instead */
    readonly object?: KubeObject
    readonly objects?: readonly KubeObject[]
  }
  /**
   * `etcdserver: request timed out`, `etcdserver: no leader`, `etcdserver: mvcc: database space exceeded`, `etcdserver: mvcc: required revision has been
   * compacted` …
   */
  | { readonly ok: false; readonly error: string }

export interface EtcdEvent {
  readonly type: 'PUT' | 'DELETE'
  readonly key: EtcdKey
  readonly revision: number
  /** PUT: the new value; DELETE: the last value, with the revision of its deletion as resourceVersion (as watches tell it) */
  readonly object: KubeObject
  readonly old?: KubeObject
}

/** The resource of keys that are none of Kubernetes' (their `name` is the whole of them), which operators put: no API server is told of them. */
export const plainKeys = ''

/** How a value that is encrypted with this key begins on disk, behind `k8s:enc:`; of `identity`, which encrypts nothing, undefined. */
export const encryptedBy = (key: string): string | undefined => key === 'identity' ? undefined : `aescbc:v1:${key}`
/** the key that API servers have which encrypt from the beginning */
export const firstKey = 'key1'

export const isEtcdReply = (message: Message): message is EtcdReplyMessage => message.type === 'etcd reply'
export const isEtcdWatch = (message: Message): message is EtcdWatchMessage => message.type === 'etcd watch'

/** The committed keyspace at a moment: the truth that assertions about objects read. References, nothing is copied. */
export interface KeyspaceView {
  readonly revision: number
  get(resource: string, namespace: string, name: string): KubeObject | undefined
  /** in key order; namespace undefined: all */
  list(resource: string, namespace?: string): readonly KubeObject[]
  /** the bytes on disk: JSON, or `k8s:enc:aescbc:v1:key1:…` of an encrypted value */
  raw(resource: string, namespace: string, name: string): string | undefined
}
