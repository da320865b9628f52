import { parseDuration } from './base/duration.ts'
import type { NodeOptions } from './drivers/driver.ts'
import { isOk, type ApiRequest, type ApiResponse, type Credentials, type PatchType } from './runtime-model/api/request.ts'
import type { KubeKinds } from './runtime-model/api/generated/types.ts'
import { createCluster as createModel, type Cluster, type ModelOptions } from './runtime-model/cluster.ts'
import { storageName } from './runtime-model/kinds/index.ts'
import { registry } from './runtime-model/kinds/index.ts'
import type { Observation } from './runtime-model/kernel/observation.ts'

/** A duration in virtual time: whole milliseconds, or text such as `45m`, `1m30s`. */
export type Duration = number | string
export interface LibraryOptions extends Omit<ModelOptions, 'nodes'> {
  /** workers, by number (`worker-1` …) or one by one; default 1 */
  readonly nodes?: number | readonly NodeOptions[]
}
export type KindName = keyof KubeKinds
/** An object as one writes it: `kind` and what the kind needs; `apiVersion` may be left out. */
export type Manifest<K extends KindName> = {
  readonly kind: K;
  readonly metadata: { readonly name?: string; readonly generateName?: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly apiVersion?: string
} & { readonly [field in Exclude<keyof KubeKinds[K], 'kind' | 'metadata' | 'apiVersion'>]?: unknown }

/** The cluster said no, or nobody answered. `response` is what came back. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly response: ApiResponse
  constructor(what: string, response: ApiResponse) {
    super(`${what}: ${response.body?.message ?? response.failure ?? response.code}`)
    this.response = response
  }
}

/** Requests to the API servers of a model, typed by kind. Each lets virtual time run until it is answered, and throws an ApiError if it is refused. */
export class Client {
  readonly #cluster: Cluster
  readonly #credentials: Credentials
  constructor(cluster: Cluster, credentials: Credentials) { this.#cluster = cluster; this.#credentials = credentials }

  /** The same cluster as somebody else. */
  as(user: string, groups: readonly string[] = []): Client { return new Client(this.#cluster, { user, groups }) }
  create<K extends KindName>(object: Manifest<K>): KubeKinds[K] {
    return this.#send(object.kind, 'create', { namespace: object.metadata.namespace, body: withVersion(object) }, object.metadata.name)
  }
  get<K extends KindName>(kind: K, name: string, namespace?: string): KubeKinds[K] { return this.#send(kind, 'get', { name, namespace }) }
  list<K extends KindName>(
    kind: K, options: { readonly namespace?: string; readonly labelSelector?: string; readonly fieldSelector?: string } = {}
  ): readonly KubeKinds[K][] {
    return this.#send<any>(kind, 'list', { allNamespaces: options.namespace === undefined, ...options }).items
  }
  update<K extends KindName>(kind: K, object: KubeKinds[K], subresource?: 'status' | 'scale'): KubeKinds[K] {
    const { name, namespace } = (object as any).metadata
    return this.#send(kind, 'update', { name, namespace, body: withVersion({ kind, ...object } as any), subresource })
  }
  patch<K extends KindName>(
    kind: K, name: string, body: unknown, options: { readonly namespace?: string; readonly type?: PatchType; readonly subresource?: string } = {}
  ): KubeKinds[K] {
    return this.#send(kind, 'patch', {
      name, namespace: options.namespace, body, patchType: options.type ?? 'application/strategic-merge-patch+json', subresource: options.subresource,
    })
  }
  /** Server-side apply. */
  apply<K extends KindName>(object: Manifest<K>, fieldManager = 'kscenario', force = false): KubeKinds[K] {
    return this.#send(object.kind, 'patch', {
      name: object.metadata.name, namespace: object.metadata.namespace, body: withVersion(object), patchType: 'application/apply-patch+yaml', fieldManager,
      force,
    })
  }
  delete(kind: KindName, name: string, namespace?: string, options: Readonly<Record<string, unknown>> = {}): void {
    this.#send(kind, 'delete', { name, namespace, body: options })
  }

  #send<T = any>(kind: KindName, verb: ApiRequest['verb'], rest: Partial<ApiRequest> & { readonly allNamespaces?: boolean }, name = rest.name): T {
    const { allNamespaces, ...request } = rest, definition = kindOf(kind)
    const namespace = definition.namespaced && !allNamespaces ? rest.namespace ?? 'default' : undefined
    const response = this.#cluster.request({
      fieldManager: 'kscenario', ...request, verb, group: definition.group, version: definition.version, resource: definition.resource, namespace,
      credentials: this.#credentials, userAgent: 'kscenario',
    })
    if (!isOk(response)) throw new ApiError(`${verb} ${definition.kind}${name ? ` ${name}` : ''}`, response)
    return response.body
  }
}

function kindOf(kind: KindName) {
  const definition = registry.all.find(k => k.kind === kind)
  if (!definition) throw new TypeError(`no kind is called ${kind}`)
  return definition
}
const withVersion = <T extends { readonly kind: KindName; readonly apiVersion?: string }>(object: T): T => {
  const { group, version } = kindOf(object.kind)
  return { apiVersion: group ? `${group}/${version}` : version, ...object }
}
const ms = (duration: Duration): number => {
  const parsed = typeof duration === 'number' ? duration : parseDuration(duration)
  if (parsed === undefined) throw new TypeError(`${JSON.stringify(duration)} is no duration such as 45m or 1m30s`)
  return parsed
}

/** A modelled cluster to work with: a typed client, virtual time, faults, the truth, forks. */
export class LibraryCluster {
  /** everything the model offers */
  readonly model: Cluster
  readonly client: Client
  constructor(model: Cluster) { this.model = model; this.client = new Client(model, { user: 'kubernetes-admin', groups: ['system:masters'] }) }

  /** virtual ms since the cluster was up */
  get now(): number { return this.model.now }
  advance(duration: Duration): void { this.model.advance(ms(duration)) }
  /** Lets time run until `done`, asked after each event. false: it did not come within that time, or nothing was left that could bring it. */
  until(done: () => boolean, within: Duration = '60s'): boolean { return this.model.runUntil(done, this.model.now + ms(within)) === 'done' }
  /** The object as etcd has it, whether or not an API server answers. */
  stored<K extends KindName>(kind: K, name: string, namespace = 'default'): KubeKinds[K] | undefined {
    const { group, resource, namespaced } = kindOf(kind)
    return this.model.stored(storageName(group, resource), namespaced ? namespace : '', name) as KubeKinds[K] | undefined
  }
  /** Breaks something (`faults` lists what); answers how to heal it. */
  inject(fault: string, args: Readonly<Record<string, unknown>> = {}): () => void {
    const done = this.model.inject(fault, args)
    if (typeof done === 'string') throw new TypeError(done)
    return () => { this.model.heal(fault, args) }
  }
  observe(listener: (observation: Observation) => void): () => void { return this.model.observe(listener) }
  /** A copy that goes on by itself; costs the same whatever the cluster holds. */
  fork(): LibraryCluster { return new LibraryCluster(this.model.fork()) }
  /** Equal for equal runs. */
  traceHash(): string { return this.model.traceHash() }
}

export function createCluster({ nodes, ...options }: LibraryOptions = {}): LibraryCluster {
  const workers = typeof nodes === 'number' ? Array.from({ length: nodes }, (_, i): NodeOptions => ({ name: `worker-${i + 1}` })) : nodes
  return new LibraryCluster(createModel({ ...options, ...(workers ? { nodes: workers } : {}) }))
}
