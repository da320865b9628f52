import type { AdmissionPlugin } from './plugin.ts'

const copied: readonly string[] = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** A pod learns the zone and region of its node: through its Binding, or at once if it was made for a node. */
export const podTopologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  since: 35,
  operations: ['CREATE'],
  resources: ['pods', 'bindings'],
  reads: ['nodes'],
  mutate(a, view) {
    const binding = a.subresource === 'binding' || a.kind.kind === 'Binding'
    if (a.subresource && !binding) return undefined
    const nodeName = binding ? a.object.target?.name : a.object.spec.nodeName, node = nodeName ? view.get('nodes', '', nodeName) : undefined
    const found = copied.filter(label => node?.metadata.labels?.[label] !== undefined)
    if (found.length === 0) return undefined
    const labels = { ...a.object.metadata.labels, ...Object.fromEntries(found.map(label => [label, node.metadata.labels[label]])) }
    return { object: { ...a.object, metadata: { ...a.object.metadata, labels } } }
  },
  source: 'plugin/pkg/admission/podtopologylabels/admission.go',
}
