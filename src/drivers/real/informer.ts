import type { ApiRequest, ApiResponse, KubeObject, WatchEvent } from '../../runtime-model/api/request.ts'
import { isOk } from '../../runtime-model/api/request.ts'
import type { Connection } from './connection.ts'
import { asOurselves } from './connection.ts'

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
const keyOf = ({ metadata: { namespace = '', name } }: KubeObject): string => `${namespace}/${name}`

/** What an informer tells. */
interface Listener {
  told(change: Change): void
  /** a watch was lost, and what came meanwhile is not known */
  lost(): void
  /** the resource is served no more */
  gone(): void
  /** the server is there, or why it is not */
  touch(why: string | undefined): void
  closed(): boolean
}

/**
 * All objects of one resource, kept up to date by a list and a watch that goes on from it. Source: k8s.io/client-go tools/cache/reflector.go
 */
export class Informer {
  readonly of: Served
  readonly objects = new Map<string, KubeObject>()
  /** why the server does not let us look */
  refused: string | undefined
  readonly #connection: Connection
  readonly #listener: Listener
  #sorted: readonly KubeObject[] | undefined
  /** as far as it has seen; 0: not listed yet */
  #revision = 0
  #stop: (() => void) | undefined
  constructor(of: Served, connection: Connection, listener: Listener) { this.of = of; this.#connection = connection; this.#listener = listener }

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
    const found = await listAll(this.#connection, this.of), known = this.#revision > 0, { closed, lost, gone } = this.#listener
    if (closed()) return
    this.refused = found.refused
    if (found.refused === undefined) {
      if (known) lost()
      this.#replace(found.items, found.revision)
      this.#watch(found.revision)
    } else if (found.code === 404) { this.#replace([], String(this.#revision)); gone() } else if (found.code !== 403) {
      // of what cannot be listed for the moment the last is kept
      if (known) lost()
      this.#again(() => void this.open())
    }
  }
  #again(how: () => void, ms = pauseMs): void {
    const { closed } = this.#listener
    if (!closed()) setTimeout(() => { if (!closed()) how() }, ms).unref()
  }
  #watch(from: string): void {
    let revision = from
    this.#stop = this.#connection.watch({ verb: 'watch', ...partsOf(this.of), resourceVersion: from, allowWatchBookmarks: true, ...asOurselves }, {
      answered: response => {
        this.#listener.touch(response.code === 0 ? wordsOf(response) : undefined)
        if (!isOk(response)) this.#again(() => { if (response.code === 0) this.#watch(from); else void this.open() })
      },
      told: events => {
        for (const event of events) {
          // "too old resource version": everything is listed once more
          if (event.type === 'ERROR') { revision = ''; continue }
          revision = event.object.metadata.resourceVersion
          this.#take(event)
        }
      },
      ended: () => {
        if (revision === '') this.#again(() => void this.open())
        else this.#again(() => this.#watch(revision), revision === from ? pauseMs : 0)
      },
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
    this.#listener.told({ change: !object ? 'DELETED' : old ? 'MODIFIED' : 'ADDED', of: this.of, old, new: object, revision })
  }
  #replace(items: readonly KubeObject[], revision: string): void {
    const there = new Set(items.map(keyOf))
    for (const object of items) this.#put(object, keyOf(object), Number(object.metadata.resourceVersion))
    for (const key of [...this.objects.keys()]) if (!there.has(key)) this.#put(null, key, Number(revision))
    this.#revision = Number(revision)
  }
}

const partsOf = ({ group, version, resource }: Served): Pick<ApiRequest, 'group' | 'version' | 'resource'> => ({ group, version, resource })

async function listAll(connection: Connection, of: Served): Promise<{ items: readonly KubeObject[]; revision: string; code: number; refused?: string }> {
  const items: KubeObject[] = []
  let token: string | undefined
  for (;;) {
    const answer = await connection.request({ verb: 'list', ...partsOf(of), limit: 500, ...token ? { continue: token } : {}, ...asOurselves })
    if (!isOk(answer)) return { items: [], revision: '0', code: answer.code, refused: wordsOf(answer) }
    const apiVersion = of.group === '' ? of.version : `${of.group}/${of.version}`
    for (const item of answer.body.items ?? []) items.push({ apiVersion, kind: of.kind, ...item })
    token = answer.body.metadata.continue
    if (!token) return { items, revision: answer.body.metadata.resourceVersion, code: answer.code }
  }
}
export const wordsOf = ({ code, body, failure }: ApiResponse): string =>
  body?.message ?? (code === 0 ? `nobody answers (${failure})` : typeof body === 'string' && body !== '' ? body : `code ${code}`)

