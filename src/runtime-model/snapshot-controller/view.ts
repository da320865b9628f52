import type { ApiRequest, KubeObject } from '../api/request.ts'
import { behaviourOf } from '../kinds/csi-names.ts'
import type { DriverBehaviour } from '../kinds/csi-names.ts'
import { patch } from '../network/client.ts'
import type { NewEvent } from '../network/events.ts'
import { store } from '../network/informer.ts'
import type { Informers } from '../network/informer.ts'
import { claims, contents, drivers, identity, snapshotClasses, snapshots, volumes } from './names.ts'

/** One thing to do for an object: a request, with what is said once it is answered; or a time to come back. Nothing: until something changes. */
export interface Next { readonly request?: ApiRequest; readonly events?: readonly NewEvent[]; readonly afterMs?: number }
export const NOTHING: Next = {}

export interface View {
  readonly wallMs: number
  readonly now: number
  get(resource: string, namespace: string | undefined, name: string | undefined): KubeObject | undefined
  list(resource: string): readonly KubeObject[]
  driver(name: string): DriverBehaviour | undefined
}
export function viewOf(informers: Informers, now: number, wallMs: number): View {
  const get: View['get'] = (resource, namespace, name) => name === undefined ? undefined : store(informers, resource).get(`${namespace ?? ''}/${name}`)
  return {
    now, wallMs, get, list: resource => store(informers, resource).sorted().map(([, object]) => object),
    driver: name => behaviourOf(get(drivers, undefined, name)),
  }
}

const merge = 'application/merge-patch+json'
const targetOf = (object: KubeObject) => ({
  resource: object.kind === 'VolumeSnapshot' ? snapshots : object.kind === 'VolumeSnapshotContent' ? contents : claims, namespace: object.metadata.namespace,
  name: object.metadata.name,
})
export const change = (object: KubeObject, body: any): ApiRequest => patch(identity, targetOf(object), merge, body)
export const status = (object: KubeObject, body: any): ApiRequest => patch(identity, { ...targetOf(object), subresource: 'status' }, merge, { status: body })
export const withFinalizers = (object: KubeObject, add: readonly string[]): ApiRequest =>
  change(object, { metadata: { finalizers: [...object.metadata.finalizers ?? [], ...add] } })
export const withoutFinalizers = (object: KubeObject, gone: readonly string[]): ApiRequest =>
  change(object, { metadata: { finalizers: (object.metadata.finalizers ?? []).filter(f => !gone.includes(f)) } })
export const lacks = (object: KubeObject, ...wanted: string[]): readonly string[] => wanted.filter(f => !object.metadata.finalizers?.includes(f))
export const keyOf = ({ metadata: { namespace, name } }: KubeObject): string => `${namespace}/${name}`

export const claimOf = (snapshot: KubeObject, view: View): KubeObject | undefined =>
  view.get(claims, snapshot.metadata.namespace, snapshot.spec.source.persistentVolumeClaimName)
export const volumeOf = (claim: KubeObject | undefined, view: View): KubeObject | undefined => view.get(volumes, undefined, claim?.spec.volumeName)
export const classNamed = (name: string | undefined, view: View): KubeObject | undefined => view.get(snapshotClasses, undefined, name)
