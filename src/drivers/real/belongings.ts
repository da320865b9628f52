import type { ApiRequest, ApiResponse, KubeObject } from '../../runtime-model/api/request.ts'
import { isOk } from '../../runtime-model/api/request.ts'
import { CannotHere } from '../driver.ts'
import type { Connection } from './connection.ts'
import { asOurselves } from './connection.ts'
import { idOf, wordsOf } from './informer.ts'
import type { Mirror } from './mirror.ts'
import { wait } from './wait.ts'

/** namespaces of scenarios are called so, and a label says whose they are */
const ours = /^kscenario-[a-z0-9]{6}$/
export const newName = (): string => `kscenario-${Math.random().toString(36).slice(2, 8).padEnd(6, '0')}`
/** The namespace of another scenario, which may still be on its way out. */
export const isOfAnother = (own: string) => (namespace: string): boolean => namespace !== own && ours.test(namespace)
const namespaces = { group: '', version: 'v1', resource: 'namespaces' } as const
/** so long is waited for what is deleted at the end, ms */
const goneMs = 60_000, lookMs = 100
/** a new namespace is furnished with a ServiceAccount and the cluster's certificate within this, ms */
const furnishedMs = 10_000

interface Belonging extends Pick<ApiRequest, 'group' | 'version' | 'resource'> { readonly namespace?: string; readonly name: string; readonly uid: string }

/**
 * What a scenario has made in a cluster that is not its own, and may therefore change and must clear away: a namespace of its own, further namespaces, and
 * objects of no namespace. Nothing else of the cluster is ever written to.
 */
export class Belongings {
  readonly namespace: string
  readonly #connection: Connection
  readonly #mirror: Mirror
  readonly #made: Belonging[] = []
  constructor(namespace: string, connection: Connection, mirror: Mirror) { this.namespace = namespace; this.#connection = connection; this.#mirror = mirror }

  /** Makes the namespace, and waits until pods can be made in it. */
  async begin(): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace, labels: { 'app.kubernetes.io/managed-by': 'kscenario' } } }
    const request: ApiRequest = { verb: 'create', ...namespaces, body, ...asOurselves }, answer = await this.#connection.request(request)
    if (!isOk(answer)) throw new CannotHere(`no namespace could be made: ${wordsOf(answer)}`)
    this.note(request, answer)
    const there = (resource: string, name: string): boolean => this.#mirror.one(resource, this.namespace, name) !== undefined
    for (let ms = 0; ms < furnishedMs && !(there('serviceaccounts', 'default') && there('configmaps', 'kube-root-ca.crt')); ms += lookMs) await wait(lookMs)
  }

  /** Throws CannotHere if a request would change what others have made. */
  mustBeOwn(request: ApiRequest): void {
    const { verb, namespace, name, subresource, resource, body, dryRun } = request
    if (verb === 'get' || verb === 'list' || verb === 'watch' || dryRun || body?.dryRun?.includes('All') || reviews.test(resource)) return
    if (namespace && this.#owns('namespaces', '', namespace)) return
    const what = `${resource}${name ? ` ${name}` : ''}${namespace ? ` of namespace ${namespace}` : ''}`
    if (namespace) throw new CannotHere(`${what}: the namespace is not the scenario's own, and nothing in it is touched`)
    if (verb === 'create' && !subresource && request.path === undefined) return
    const id = idOf(request), there = name === undefined ? undefined : this.#mirror.one(id, '', name)
    if (there && this.#isOwn(id, there)) return
    // what is surely not there may be asked for
    if (name !== undefined && !there && this.#mirror.served(id) && this.#mirror.unknown(id) === undefined) return
    throw new CannotHere(`${what} was not made by the scenario, and is not touched`)
  }
  /** A volume that was provisioned for a claim of its own is the scenario's too. */
  #isOwn(resource: string, object: KubeObject): boolean {
    return this.#owns(resource, '', object.metadata.name, object.metadata.uid)
      || resource === 'persistentvolumes' && object.spec?.claimRef !== undefined && this.#owns('namespaces', '', object.spec.claimRef.namespace)
  }
  #owns(resource: string, namespace: string, name: string, uid?: string): boolean {
    return this.#made.some(m => idOf(m) === resource && (m.namespace ?? '') === namespace && m.name === name && (uid === undefined || m.uid === uid))
  }

  /** Keeps in mind what an answer says was made, if it has no namespace to go with. */
  note({ verb, group, version, resource, subresource, namespace, dryRun }: ApiRequest, { code, body }: ApiResponse): void {
    if (code !== 201 || dryRun || subresource || namespace || (verb !== 'create' && verb !== 'patch' && verb !== 'update')) return
    if (body?.metadata?.uid) this.#made.push({ group, version, resource, name: body.metadata.name, uid: body.metadata.uid })
  }

  /** Deletes all of it, the latest first, and waits until it is gone; answers what has stayed. */
  async clearAway(): Promise<readonly string[]> {
    const refused: Belonging[] = []
    for (const made of [...this.#made].reverse()) {
      const { uid, ...of } = made, body = { preconditions: { uid }, propagationPolicy: 'Background' }
      const { code } = await this.#connection.request({ verb: 'delete', ...of, body, ...asOurselves })
      // 404: it is gone, 409: another has its name
      if (!isOk({ code }) && code !== 404 && code !== 409) refused.push(made)
    }
    // nobody else waits for a namespace of this name
    const others = this.#made.filter(m => m.name !== this.namespace && !refused.includes(m))
    const stay = (): readonly Belonging[] => others.filter(m => this.#mirror.one(idOf(m), m.namespace ?? '', m.name)?.metadata.uid === m.uid)
    for (let ms = 0; ms < goneMs && stay().length > 0; ms += lookMs) await wait(lookMs)
    return [...refused, ...stay()].map(m => `${idOf(m)}/${m.name}`)
  }
}
/** Questions, of which nothing stays. */
const reviews = /^(?:self|local)?subject(?:access|rules)?reviews$|^tokenreviews$/
