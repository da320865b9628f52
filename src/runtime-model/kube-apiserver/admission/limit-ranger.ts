import type { AdmissionAttributes, AdmissionPlugin, AdmissionView } from './plugin.ts'
import { constraintErrors } from './limit-constraints.ts'
import { aggregate, refuse } from './refuse.ts'

const annotation = 'kubernetes.io/limit-ranger'
const limitRangesOf = (a: AdmissionAttributes, view: AdmissionView): readonly any[] =>
  a.subresource || a.object?.metadata.deletionTimestamp ? [] : view.list('limitranges', a.namespace)

/** Fills in what a LimitRange gives as default, and refuses what is out of its range. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'persistentvolumeclaims'],
  reads: ['limitranges'],
  mutate(a, view) {
    if (a.kind.kind !== 'Pod' || a.operation !== 'CREATE') return undefined
    const pod = limitRangesOf(a, view).reduce((p, range) => withDefaults(p, range), a.object)
    return pod === a.object ? undefined : { object: pod }
  },
  validate(a, view) {
    if (a.kind.kind === 'Pod' && a.operation !== 'CREATE') return undefined
    for (const range of limitRangesOf(a, view)) {
      const errors = constraintErrors(a.kind.kind, a.object, range.spec?.limits ?? [])
      if (errors.length > 0) return refuse(a, aggregate(errors))
    }
    return undefined
  },
  source: 'plugin/pkg/admission/limitranger/admission.go',
}

function withDefaults(pod: any, range: any): any {
  const limits: Record<string, string> = {}, requests: Record<string, string> = {}
  for (const item of range.spec?.limits ?? []) {
    if (item.type === 'Container') { Object.assign(limits, item.default); Object.assign(requests, item.defaultRequest) }
  }
  const notes: string[] = []
  const fill = (list: readonly any[] | undefined, what: string): any => list?.map(c => containerDefaults(c, requests, limits, what, notes))
  const containers = fill(pod.spec.containers, 'container'), initContainers = fill(pod.spec.initContainers, 'init container')
  if (notes.length === 0) return pod
  const annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${notes.join('; ')}` }
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec: { ...pod.spec, containers, ...initContainers ? { initContainers } : undefined } }
}

function containerDefaults(
  container: any, requests: Readonly<Record<string, string>>, limits: Readonly<Record<string, string>>, what: string, notes: string[]
): any {
  const missing = (given: any, defaults: Readonly<Record<string, string>>): string[] => Object.keys(defaults).filter(name => given?.[name] === undefined).sort()
  const { resources = {} } = container, noRequest = missing(resources.requests, requests), noLimit = missing(resources.limits, limits)
  if (noRequest.length > 0) notes.push(`${noRequest.join(', ')} request for ${what} ${container.name}`)
  if (noLimit.length > 0) notes.push(`${noLimit.join(', ')} limit for ${what} ${container.name}`)
  if (noRequest.length === 0 && noLimit.length === 0) return container
  const filled = (given: any, names: readonly string[], defaults: Readonly<Record<string, string>>): any =>
    names.length > 0 ? { ...given, ...Object.fromEntries(names.map(n => [n, defaults[n]])) } : given
  const next = { ...resources, limits: filled(resources.limits, noLimit, limits), requests: filled(resources.requests, noRequest, requests) }
  if (next.limits === undefined) delete next.limits
  if (next.requests === undefined) delete next.requests
  return { ...container, resources: next }
}
