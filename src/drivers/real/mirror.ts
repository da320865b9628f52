import type { ApiRequest, ApiResponse, KubeObject } from '../../runtime-model/api/request.ts'
import { isOk } from '../../runtime-model/api/request.ts'
import type { Connection } from './connection.ts'
import { asOurselves, Unavailable } from './connection.ts'
import { idOf, Informer, wordsOf } from './informer.ts'
import type { Change, Served } from './informer.ts'
import { wait } from './wait.ts'

/** so long may it lag behind an answer, and so often is looked; what comes of a request without an object comes as soon as this, ms */
const lagMs = 3000, lookMs = 10, soonMs = 100

/**
 * What a cluster's API shows, kept up to date by a list and a watch of everything that can be watched, as informers do (k8s.io/client-go tools/cache). It
 * lags behind the cluster by what the watch takes, and never goes back.
 */
export class Mirror {
  readonly #connection: Connection
  readonly #informers = new Map<string, Informer>()
  readonly #told = new Set<(change: Change) => void>()
  #closed = false
  #gaps = 0
  #outOfTouch: string | undefined
  #unwatched: ReadonlySet<string> = new Set()
  constructor(connection: Connection) { this.#connection = connection }

  /** Begins with all that is served; resolved once all of it is there. Throws Unavailable. */
  async open(): Promise<void> {
    const { watched, unwatched } = await discover(this.#connection)
    this.#unwatched = unwatched
    await Promise.all(watched.map(one => this.#follow(one)))
  }
  /** What has come since: CustomResourceDefinitions, APIServices. */
  async look(): Promise<void> {
    const { watched } = await discover(this.#connection).catch(() => ({ watched: [] }))
    await Promise.all(watched.filter(one => !this.#informers.has(idOf(one))).map(one => this.#follow(one)))
  }
  close(): void {
    this.#closed = true
    for (const informer of this.#informers.values()) informer.close()
  }
  tell(listener: (change: Change) => void): () => void { this.#told.add(listener); return () => { this.#told.delete(listener) } }

  /** How often a watch was lost and what came meanwhile is not known. */
  get gaps(): number { return this.#gaps }
  get kinds(): readonly { readonly id: string; readonly of: Served }[] { return [...this.#informers].map(([id, { of }]) => ({ id, of })) }
  served(resource: string): Served | undefined { return this.#informers.get(resource)?.of }
  /** Why nothing is known of a resource, or nothing that is so now, if that is so. */
  unknown(resource: string): string | undefined {
    if (this.#outOfTouch !== undefined) return `the API server is out of touch: ${this.#outOfTouch}`
    if (this.#unwatched.has(resource)) return `${resource} cannot be watched`
    const refused = this.#informers.get(resource)?.refused
    return refused === undefined ? undefined : `${resource} cannot be looked at: ${refused}`
  }
  one(resource: string, namespace: string, name: string): KubeObject | undefined { return this.#informers.get(resource)?.objects.get(`${namespace}/${name}`) }
  /** in key order */
  all(resource: string, namespace?: string): readonly KubeObject[] {
    const all = this.#informers.get(resource)?.inOrder ?? []
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
    else if (object) await this.#until(() => this.#informers.get(id)?.hasSeen(object) ?? true)
    else await wait(soonMs)
  }
  async #until(done: () => boolean, between: () => Promise<void> = () => wait(lookMs)): Promise<void> {
    for (const until = performance.now() + lagMs; !done() && performance.now() < until;) { await between(); await wait(lookMs) }
  }

  async #follow(of: Served): Promise<void> {
    const informer = new Informer(of, this.#connection, {
      told: change => { for (const listener of [...this.#told]) listener(change) }, lost: () => { this.#gaps++ }, closed: () => this.#closed,
      gone: () => { this.#informers.delete(idOf(of)) }, touch: why => { this.#outOfTouch = why },
    })
    this.#informers.set(idOf(of), informer)
    await informer.open()
  }
}

/** Everything that can be watched, in the version that the server prefers. Source: KEP-3352 (aggregated discovery, served from 1.27 on) */
async function discover(connection: Connection): Promise<{ readonly watched: readonly Served[]; readonly unwatched: ReadonlySet<string> }> {
  const [core, named] = await Promise.all(['/api', '/apis'].map(path =>
    connection.request({ verb: 'get', group: '', version: 'v1', resource: '', path, query: { aggregated: 'true' }, ...asOurselves })))
  for (const answer of [core, named]) {
    if (!isOk(answer)) throw new Unavailable(`the API server at ${connection.server} does not say what it serves: ${wordsOf(answer)}`)
  }
  if (core.body?.kind !== 'APIGroupDiscoveryList') throw new Unavailable(`the API server at ${connection.server} is older than Kubernetes 1.27`)
  const found = new Map<string, Served>(), unwatched = new Set<string>()
  for (const { metadata, versions } of [...core.body.items, ...named.body.items]) {
    for (const { version, resources = [] } of versions) {
      for (const { resource, responseKind, scope, verbs } of resources) {
        const of: Served = { group: metadata?.name ?? '', version, resource, kind: responseKind.kind, namespaced: scope === 'Namespaced' }
        const id = idOf(of)
        if (!verbs.includes('watch')) { if (verbs.includes('list')) unwatched.add(id) } else if (!found.has(id) && id !== 'events.events.k8s.io') found.set(id, of)
      }
    }
  }
  return { watched: [...found.values()], unwatched }
}
