import type { KubeObject } from '../api/request.ts'
import { labelsMatch } from '../api/selectors.ts'
import { formatTime } from '../api/time.ts'
import { store, type Informers } from '../network/informer.ts'
import { group, grants } from './names.ts'

/** What the controller knows of the cluster. */
export interface View {
  readonly wallMs: number
  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined
  list(resource: string): readonly KubeObject[]
  /** the EndpointSlices of a Service */
  slices(namespace: string, service: string): readonly KubeObject[]
}
const slices = 'endpointslices.discovery.k8s.io'
export const viewOf = (informers: Informers, wallMs: number): View => ({
  wallMs,
  get: (resource, namespace, name) => store(informers, resource).get(`${namespace ?? ''}/${name}`),
  list: resource => store(informers, resource).sorted().map(([, object]) => object),
  slices: (namespace, service) => store(informers, slices).sorted()
    .map(([, s]) => s)
    .filter(s => s.metadata.namespace === namespace && s.metadata.labels?.['kubernetes.io/service-name'] === service),
})

/** May an object of one namespace name one of another? Source: https://gateway-api.sigs.k8s.io/api-types/referencegrant/ */
export function granted(
  view: View, from: { readonly kind: string; readonly namespace: string }, to: { readonly kind: string; readonly namespace: string; readonly name: string }
): boolean {
  if (from.namespace === to.namespace) return true
  return view.list(grants).some(({ metadata, spec }) => metadata.namespace === to.namespace
    && spec.from.some((f: any) => f.group === group && f.kind === from.kind && f.namespace === from.namespace)
    && spec.to.some((t: any) => t.group === '' && t.kind === to.kind && (t.name === undefined || t.name === '' || t.name === to.name)))
}

export interface Condition { readonly type: string; readonly status: 'True' | 'False' | 'Unknown'; readonly reason: string; readonly message: string }
export const yes = (type: string, message: string, reason: string = type): Condition => ({ type, status: 'True', reason, message })
export const no = (type: string, reason: string, message: string): Condition => ({ type, status: 'False', reason, message })

/** Conditions as they are stored: with the generation that they are about, and since when they say so. */
export function stored(all: readonly Condition[], before: readonly any[] | undefined, generation: number | undefined, wallMs: number): readonly any[] {
  return all.map(({ type, status, reason, message }) => {
    const old = before?.find(c => c.type === type)
    return {
      type, status, reason, message, observedGeneration: generation, lastTransitionTime: old?.status === status ? old.lastTransitionTime : formatTime(wallMs),
    }
  })
}

/** May routes of a namespace attach to a listener? */
export function allowsNamespace(view: View, listener: any, home: string, namespace: string): boolean {
  const { from = 'Same', selector } = listener.allowedRoutes?.namespaces ?? {}
  if (from === 'All') return true
  return from === 'Same' ? home === namespace : labelsMatch(selector, view.get('namespaces', '', namespace)?.metadata.labels)
}
