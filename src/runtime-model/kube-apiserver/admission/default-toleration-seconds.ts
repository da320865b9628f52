import type { AdmissionPlugin } from './plugin.ts'

/** --default-not-ready-toleration-seconds, --default-unreachable-toleration-seconds */
const defaults = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map(key =>
  Object.freeze({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }))

/** A pod stays five minutes on a node that is not ready or unreachable, unless it says itself how long. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  reads: [],
  mutate(a) {
    if (a.subresource) return undefined
    const given: readonly any[] = a.object.spec.tolerations ?? []
    const missing = defaults.filter(d => !given.some(t => (t.key === d.key || !t.key) && (t.effect === 'NoExecute' || !t.effect)))
    if (missing.length === 0) return undefined
    const tolerations = given.length === 0 ? defaults : given.concat(missing)
    return { object: { ...a.object, spec: { ...a.object.spec, tolerations } } }
  },
  source: 'plugin/pkg/admission/defaulttolerationseconds/admission.go',
}
