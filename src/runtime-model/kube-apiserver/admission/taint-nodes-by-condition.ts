import type { AdmissionPlugin } from './plugin.ts'

const notReady = Object.freeze({ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' })

/** A new Node takes no pods until it is found to be ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  operations: ['CREATE'],
  resources: ['nodes'],
  reads: [],
  mutate(a) {
    const taints: readonly any[] = a.object.spec?.taints ?? []
    if (a.subresource || taints.some(t => t.key === notReady.key && t.effect === notReady.effect)) return undefined
    return { object: { ...a.object, spec: { ...a.object.spec, taints: [...taints, notReady] } } }
  },
  source: 'plugin/pkg/admission/nodetaint/admission.go',
}
