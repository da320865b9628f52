import type { ApiRequest, ApiResponse, KubeObject, WatchEvent } from '../../runtime-model/api/request.ts'
import { isOk } from '../../runtime-model/api/request.ts'
import type { Connection } from './connection.ts'
import { asOurselves, Unavailable } from './connection.ts'

/** A resource that the cluster serves and that can be watched. */
export interface Served { readonly group: string; readonly version: string; readonly resource: string; readonly kind: string; readonly namespaced: boolean }
/** `deployments.apps`, `pods` */
export const idOf = ({ group, resource }: Pick<Served, 'group' | 'resource'>): string => group === '' ? resource : `${resource}.${group}`

export interface Change {
  readonly change: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly of: Served
  readonly old: KubeObject | null
  readonly new: KubeObject | null
  readonly revision: number
}

/** so long is nothing asked for after a watch or a list has failed, ms */
const pauseMs = 1000
/** so long may it lag behind an answer, and so often is looked; what comes of a request without an object comes as soon as this, ms */
const lagMs = 3000, lookMs = 10, soonMs = 100
const wait = (ms: number): Promise<void> => new Promise(done => { setTimeout(done, ms) })
const keyOf = ({ metadata: { namespace = '', name } }: KubeObject): string => `${namespace}/${name}`

/**
 * What a cluster's API shows, kept up to date by a list and a watch of everything that can be watched, as informers do (k8s.io/client-go tools/cache). It
 * lags behind the cluster by what the watch takes, and never goes back.
 */
export class Mirror {
  readonly #connection: Connection
  readonly #kinds = new Map<string, Kind>()
  readonly #told = new Set<(change: Change) => void>()
  #closed = false
  #gaps = 0
  constructor(connection: Connection) { this.#connection = connection }

  /** Begins with all that is served; resolved once all of it is there. Throws Unavailable. */
  async open(): Promise<void> {
    const served = await discover(this.#connection)
    await Promise.all(served.map(one => this.#follow(one)))
  }
  /** What has come since: CustomResourceDefinitions, APIServices. */
  async look(): Promise<void> {
    const served = await discover(this.#connection).catch(() => [])
    await Promise.all(served.filter(one => !this.#kinds.has(idOf(one))).map(one => this.#follow(one)))
  }
  close(): void {
    this.#closed = true
    for (const kind of this.#kinds.values()) kind.close()
  }
  tell(listener: (change: Change) => void): () => void { this.#told.add(listener); return () => { this.#told.delete(listener) } }

  /** How often a watch was lost and what came meanwhile is not known. */
  get gaps(): number { return this.#gaps }
  get kinds(): readonly { readonly id: string; readonly of: Served }[] { return [...this.#kinds].map(([id, { of }]) => ({ id, of })) }
  served(resource: string): Served | undefined { return this.#kinds.get(resource)?.of }
  /** Why nothing is known of a resource, if that is so. */
  unknown(resource: string): string | undefined { return this.#kinds.get(resource)?.refused }
  one(resource: string, namespace: string, name: string): KubeObject | undefined { return this.#kinds.get(resource)?.objects.get(`${namespace}/${name}`) }
  /** in key order */
  all(resource: string, namespace?: string): readonly KubeObject[] {
    const all = this.#kinds.get(resource)?.inOrder ?? []
    return namespace === undefined ? all : all.filter(o => (o.metadata.namespace ?? '') === namespace)
  }

  /** Resolved once it shows what an answer says; or shortly afterwards, where an answer does not say when that is. */
  async catchUp({ verb, dryRun, group, resource, name, namespace = '' }: ApiRequest, { code, body }: ApiResponse): Promise<void> {
    if (!isOk({ code }) || dryRun || verb === 'get' || verb === 'list' || verb === 'watch') return
    const id = idOf({ group, resource }), object = body?.metadata?.uid ? body as KubeObject : undefined
    if (id === 'customresourcedefinitions.apiextensions.k8s.io' && verb !== 'delete') {
      const defined = name ?? object?.metadata.name ?? ''
      await this.#until(() => this.served(defined) !== undefined, () => this.look())
    }
    const there = (): KubeObject | undefined => name === undefined ? undefined : this.one(id, namespace, name)
    if (verb === 'delete') await this.#until(() => !there() || there()!.metadata.deletionTimestamp !== undefined)
    else if (object) await this.#until(() => this.#kinds.get(id)?.hasSeen(object) ?? true)
    else await wait(soonMs)
  }
  async #until(done: () => boolean, between: () => Promise<void> = () => wait(lookMs)): Promise<void> {
    for (const until = performance.now() + lagMs; !done() && performance.now() < until;) { await between(); await wait(lookMs) }
  }

  async #follow(of: Served): Promise<void> {
    const kind = new Kind(of, this.#connection, {
      told: change => { for (const listener of [...this.#told]) listener(change) }, lost: () => { this.#gaps++ }, closed: () => this.#closed,
    })
    this.#kinds.set(idOf(of), kind)
    await kind.open()
  }
}

interface Surroundings { told(change: Change): void; lost(): void; closed(): boolean }

/** The objects of one resource. */
class Kind {
  readonly of: Served
  readonly objects = new Map<string, KubeObject>()
  /** the server does not let us look */
  refused: string | undefined
  readonly #connection: Connection
  readonly #mirror: Surroundings
  #sorted: readonly KubeObject[] | undefined
  #revision = 0
  #stop: (() => void) | undefined
  constructor(of: Served, connection: Connection, mirror: Surroundings) { this.of = of; this.#connection = connection; this.#mirror = mirror }

  get inOrder(): readonly KubeObject[] {
    return this.#sorted ??= [...this.objects].sort(([a], [b]) => a < b ? -1 : 1).map(([, object]) => object)
  }
  /** Has it seen what a server answered with? */
  hasSeen(object: KubeObject): boolean {
    const now = this.objects.get(keyOf(object)), revision = Number(object.metadata.resourceVersion)
    return this.#revision >= revision || now !== undefined && Number(now.metadata.resourceVersion) >= revision
  }
  close(): void { this.#stop?.() }

  /** Lists, and goes on watching until it is closed. Resolved after the first list. */
  async open(): Promise<void> {
    const { items, refused, revision } = await listAll(this.#connection, this.of)
    if (this.#mirror.closed()) return
    this.refused = refused
    // of what cannot be listed for the moment the last is kept
    if (refused === undefined) this.#replace(items, revision)
    // who is forbidden to look stays so
    if (refused === undefined || !refused.includes('forbidden')) this.#watch(revision)
  }
  #watch(from: string): void {
    let revision = from
    const { closed, lost } = this.#mirror
    const again = (ms: number, how: () => void): void => { if (!closed()) setTimeout(() => { if (!closed()) how() }, ms).unref() }
    const afresh = (): void => { if (!closed()) lost(); again(pauseMs, () => { void this.open() }) }
    if (this.refused !== undefined) { afresh(); return }
    this.#stop = this.#connection.watch({ verb: 'watch', ...partsOf(this.of), resourceVersion: from, allowWatchBookmarks: true, ...asOurselves }, {
      answered: response => { if (!isOk(response)) afresh() },
      told: events => {
        for (const event of events) {
          // "too old resource version": everything is listed once more
          if (event.type === 'ERROR') { revision = ''; continue }
          revision = event.object.metadata.resourceVersion
          this.#take(event)
        }
      },
      ended: () => { if (revision === '') afresh(); else again(revision === from ? pauseMs : 0, () => this.#watch(revision)) },
    })
  }
  #take({ type, object }: WatchEvent): void {
    this.#revision = Math.max(this.#revision, Number(object.metadata.resourceVersion))
    if (type === 'BOOKMARK') return
    this.#put(type === 'DELETED' ? null : object, keyOf(object), Number(object.metadata.resourceVersion))
  }
  #put(object: KubeObject | null, key: string, revision: number): void {
    const old = this.objects.get(key) ?? null
    if (!object && !old) return
    if (object && old?.metadata.resourceVersion === object.metadata.resourceVersion) return
    if (object) this.objects.set(key, object); else this.objects.delete(key)
    this.#sorted = undefined
    this.#mirror.told({ change: !object ? 'DELETED' : old ? 'MODIFIED' : 'ADDED', of: this.of, old, new: object, revision })
  }
  #replace(items: readonly KubeObject[], revision: string): void {
    const there = new Set(items.map(keyOf))
    for (const object of items) this.#put(object, keyOf(object), Number(object.metadata.resourceVersion))
    for (const key of [...this.objects.keys()]) if (!there.has(key)) this.#put(null, key, Number(revision))
    this.#revision = Number(revision)
  }
}

const partsOf = ({ group, version, resource }: Served): Pick<ApiRequest, 'group' | 'version' | 'resource'> => ({ group, version, resource })

async function listAll(connection: Connection, of: Served): Promise<{ items: readonly KubeObject[]; revision: string; refused?: string }> {
  const items: KubeObject[] = []
  let token: string | undefined
  for (;;) {
    const answer = await connection.request({ verb: 'list', ...partsOf(of), limit: 500, ...token ? { continue: token } : {}, ...asOurselves })
    if (!isOk(answer)) return { items: [], revision: '0', refused: wordsOf(answer) }
    const apiVersion = of.group === '' ? of.version : `${of.group}/${of.version}`
    for (const item of answer.body.items ?? []) items.push({ apiVersion, kind: of.kind, ...item })
    token = answer.body.metadata.continue
    if (!token) return { items, revision: answer.body.metadata.resourceVersion }
  }
}
export const wordsOf = ({ code, body, failure }: ApiResponse): string =>
  body?.message ?? (code === 0 ? `nobody answers (${failure})` : typeof body === 'string' && body !== '' ? body : `code ${code}`)

/** Everything that can be listed and watched, in the version that the server prefers. Source: KEP-3352 (aggregated discovery, served from 1.27 on) */
async function discover(connection: Connection): Promise<readonly Served[]> {
  const [core, named] = await Promise.all(['/api', '/apis'].map(path =>
    connection.request({ verb: 'get', group: '', version: 'v1', resource: '', path, query: { aggregated: 'true' }, ...asOurselves })))
  for (const answer of [core, named]) {
    if (!isOk(answer)) throw new Unavailable(`the API server at ${connection.server} does not say what it serves: ${wordsOf(answer)}`)
  }
  if (core.body?.kind !== 'APIGroupDiscoveryList') throw new Unavailable(`the API server at ${connection.server} is older than Kubernetes 1.27`)
  const found = new Map<string, Served>()
  for (const { metadata, versions } of [...core.body.items, ...named.body.items]) {
    for (const { version, resources = [] } of versions) {
      for (const { resource, responseKind, scope, verbs } of resources) {
        const of: Served = { group: metadata?.name ?? '', version, resource, kind: responseKind.kind, namespaced: scope === 'Namespaced' }
        if (verbs.includes('list') && verbs.includes('watch') && !found.has(idOf(of)) && idOf(of) !== 'events.events.k8s.io') found.set(idOf(of), of)
      }
    }
  }
  return [...found.values()]
}
