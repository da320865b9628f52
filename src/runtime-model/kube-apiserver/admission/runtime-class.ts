import { unaskable } from '../../api/names.ts'
import { rawError } from '../../api/status.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { refuse } from './refuse.ts'

const resource = 'runtimeclasses.node.k8s.io'

/** What a pod's RuntimeClass costs and where it runs. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  operations: ['CREATE'],
  resources: ['pods'],
  reads: [resource],
  mutate(a, view) {
    const { spec } = a.object
    if (a.subresource) return undefined
    if (spec.runtimeClassName === undefined) return undefined
    const wrong = unaskable(spec.runtimeClassName)
    if (wrong !== undefined) return { status: rawError(wrong) }
    const found = view.get(resource, '', spec.runtimeClassName)
    if (found === undefined) return refuse(a, `pod rejected: RuntimeClass "${spec.runtimeClassName}" not found`)
    const { overhead, scheduling } = found, next = { ...spec }
    if (overhead?.podFixed) {
      if (spec.overhead && !deepEqual(spec.overhead, overhead.podFixed)) {
        return refuse(a, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
      }
      next.overhead = overhead.podFixed
    }
    for (const key of Object.keys(scheduling?.nodeSelector ?? {}).sort()) {
      const own = spec.nodeSelector?.[key]
      if (own !== undefined && own !== scheduling.nodeSelector[key]) {
        return refuse(a, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${scheduling.nodeSelector[key]}; pod.spec.nodeSelector[${key}] = ${own}`)
      }
    }
    if (scheduling?.nodeSelector) next.nodeSelector = { ...spec.nodeSelector, ...scheduling.nodeSelector }
    if (scheduling?.tolerations) {
      next.tolerations = [
        ...spec.tolerations ?? [], ...scheduling.tolerations.filter((t: any) => !(spec.tolerations ?? []).some((own: any) => deepEqual(own, t))),
      ]
    }
    return { object: { ...a.object, spec: next } }
  },
  validate(a) {
    if (a.subresource || a.object.spec.runtimeClassName !== undefined || !a.object.spec.overhead) return undefined
    return refuse(a, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead')
  },
  source: 'plugin/pkg/admission/runtimeclass/admission.go',
}
