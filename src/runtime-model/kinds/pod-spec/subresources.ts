import type { FieldError, KindDefinition } from '../kind.ts'
import { deepEqual, forbidden, invalid } from '../meta/errors.ts'
import { specDiff } from '../meta/diff.ts'
import { keepMeta, validateMetaUpdate } from '../meta/object-meta.ts'
import { validateEphemeralContainers } from './containers.ts'
import { qosClass } from './qos.ts'
import { validatePodSpec } from './validate.ts'

/** Source: pkg/registry/core/pod/strategy.go, pkg/apis/core/validation/validation.go (ValidatePodEphemeralContainersUpdate, ValidatePodResize). */
type Strategy = NonNullable<KindDefinition['subresourceStrategies']>[string]

/** The stored pod with parts of its spec replaced; generation counts a change. */
function withSpec(pod: any, old: any, spec: any): any {
  const generation = deepEqual(spec, old.spec) ? old.metadata.generation : (old.metadata.generation ?? 0) + 1
  return { ...old, metadata: keepMeta(pod.metadata, old.metadata, generation), spec }
}

export const ephemeralContainers: Strategy = {
  beforeUpdate: (pod, old) => withSpec(pod, old, { ...old.spec, ephemeralContainers: pod.spec.ephemeralContainers }),
  validateUpdate: (pod, old) => {
    const now: readonly any[] = pod.spec.ephemeralContainers ?? [], path = 'spec.ephemeralContainers'
    const errors = [...validateMetaUpdate(pod.metadata, old.metadata), ...validateEphemeralContainers(now, pod.spec, path)]
    for (const before of old.spec.ephemeralContainers ?? []) {
      const after = now.find(c => c.name === before.name)
      if (!after) errors.push(forbidden(path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be removed\n`))
      else if (!deepEqual(after, before)) errors.push(forbidden(
        path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be changed\n${specDiff('core.v1.EphemeralContainer', before, after)}`
      ))
    }
    return errors
  },
}

export const resize: Strategy = {
  // Of the new spec only resources are read.
  beforeUpdate: (pod, old) => {
    const spec = { ...old.spec, containers: resized(pod.spec.containers, old.spec.containers) }
    if (old.spec.initContainers || pod.spec.initContainers) spec.initContainers = resized(pod.spec.initContainers ?? [], old.spec.initContainers ?? [])
    return withSpec(pod, old, spec)
  },
  validateUpdate: (pod, old) => {
    const errors: FieldError[] = [...validateMetaUpdate(pod.metadata, old.metadata), ...validatePodSpec(pod.spec, 'spec')]
    if (old.spec.resources) return [...errors, forbidden('[]', wholePods)]
    const qos = old.status?.qosClass ?? qosClass(old.spec)
    if (qosClass(pod.spec) !== qos) errors.push(invalid('spec', qos, 'Pod QOS Class may not change as a result of resizing'))
    const others = ['containers', 'initContainers'].flatMap(list => otherContainers(pod.spec[list] ?? [], old.spec[list] ?? [], list))
    if (others.length > 0) return [...errors, ...others]
    if ((pod.spec.initContainers ?? []).some((c: any, i: number) =>
      c.restartPolicy !== 'Always' && !deepEqual(c.resources, old.spec.initContainers[i].resources))) {
      errors.push(forbidden('spec', 'resources for non-sidecar init containers are immutable'))
    }
    for (const list of ['containers', 'initContainers']) {
      (pod.spec[list] ?? []).forEach((c: any, i: number) => removals(c, old.spec[list]?.[i], `spec.${list}[${i}].resources`, errors))
    }
    if (!deepEqual(withoutResources(old.spec), withoutResources(pod.spec))) errors.push(forbidden('spec', 'only cpu and memory resources are mutable'))
    return errors
  },
}
const wholePods = 'resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled'
/** If there are as many as before, whatever else they say; their names are looked at later. */
function resized(now: readonly any[] | undefined, before: readonly any[]): readonly any[] {
  if (now?.length !== before.length) return now ?? []
  return before.map((c, i) =>
    ({ ...c, name: now[i].name, resources: now[i].resources, ...now[i].resizePolicy ? { resizePolicy: now[i].resizePolicy } : undefined }))
}
function otherContainers(now: readonly any[], before: readonly any[], list: string): FieldError[] {
  if (now.length !== before.length) return [forbidden(`spec.${list}`, `${list} may not be added or removed on resize`)]
  return now.flatMap((c, i) => c.name === before[i].name ? [] : [forbidden(`spec.${list}[${i}].name`, `${list} may not be renamed or reordered on resize`)])
}
function removals(now: any, before: any, path: string, errors: FieldError[]): void {
  for (const kind of ['requests', 'limits']) for (const name of Object.keys(before?.resources?.[kind] ?? {})) {
    if (now.resources?.[kind]?.[name] === undefined) errors.push(forbidden(`${path}.${kind}`, `resource ${kind} cannot be removed`))
  }
}
/** cpu and memory taken out, so that what is left must be equal */
function withoutResources(spec: any): any {
  const rest = ({ cpu: _c, memory: _m, ...others }: any = {}): any => others
  const strip = (list: readonly any[] | undefined): any =>
    list?.map(c => ({ ...c, resources: { ...c.resources, limits: rest(c.resources?.limits), requests: rest(c.resources?.requests) } }))
  return { ...spec, containers: strip(spec.containers), initContainers: strip(spec.initContainers) }
}
