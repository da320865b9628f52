import type { AdmissionAttributes, AdmissionPlugin, AdmissionView, MutationResult } from './plugin.ts'
import { refuse } from './refuse.ts'

const resource = 'priorityclasses.scheduling.k8s.io'

/** Turns the name of a pod's PriorityClass into its number, and keeps the default class a single one. */
export const priorityPlugin: AdmissionPlugin = {
  name: 'Priority',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', resource],
  reads: [resource],
  mutate(a, view) {
    if (a.kind.kind !== 'Pod' || a.subresource) return undefined
    return a.operation === 'CREATE' ? admitPod(a, view) : keepPriority(a)
  },
  validate(a, view) {
    if (a.kind.kind !== 'PriorityClass' || !a.object.globalDefault) return undefined
    const other = defaultClass(view)
    return other && other.metadata.name !== a.name
      ? refuse(a, `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`)
      : undefined
  },
  source: 'plugin/pkg/admission/priority/admission.go',
}

/** The default with the lowest value, should there be several. */
const defaultClass = (view: AdmissionView): any => view.list(resource).filter(c => c.globalDefault).sort((x, y) => x.value - y.value)[0]

function admitPod(a: AdmissionAttributes, view: AdmissionView): MutationResult {
  const { spec } = a.object
  let name: string = spec.priorityClassName ?? '', value = 0, preemptionPolicy = 'PreemptLowerPriority'
  if (name === '') {
    const fallback = defaultClass(view)
    if (fallback) { name = fallback.metadata.name; value = fallback.value; preemptionPolicy = fallback.preemptionPolicy ?? preemptionPolicy }
  } else {
    const found = view.get(resource, '', name)
    if (found === undefined) return refuse(a, `no PriorityClass with name ${name} was found`)
    value = found.value
    preemptionPolicy = found.preemptionPolicy ?? preemptionPolicy
  }
  if (spec.priority !== undefined && spec.priority !== value) {
    return refuse(
      a,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`
    )
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    return refuse(
      a,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`
    )
  }
  return { object: { ...a.object, spec: { ...spec, ...name ? { priorityClassName: name } : undefined, priority: value, preemptionPolicy } } }
}

/** An update that leaves the numbers out keeps them. */
function keepPriority(a: AdmissionAttributes): MutationResult {
  const { spec } = a.object, old = a.oldObject.spec
  if (spec.priority !== undefined && spec.preemptionPolicy !== undefined) return undefined
  return {
    object: { ...a.object, spec: { ...spec, priority: spec.priority ?? old.priority, preemptionPolicy: spec.preemptionPolicy ?? old.preemptionPolicy } },
  }
}
