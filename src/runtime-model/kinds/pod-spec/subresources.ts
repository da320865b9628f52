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
      else if (!deepEqual(after, before)) errors.push(forbidden(path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be changed\n${specDiff('core.v1.EphemeralContainer', before, after)}`))
    }
    return errors
  },
}

export const resize: Strategy = {
  // Of the new spec only resources are read.
  beforeUpdate: (pod, old) => {
    const spec = { ...old.spec, containers: resized(pod.spec.containers, old.spec.containers) }
    if (old.spec.initContainers) spec.initContainers = resized(pod.spec.initContainers, old.spec.initContainers)
    return withSpec(pod, old, spec)
  },
  validateUpdate: (pod, old) => {
    const errors: FieldError[] = [...validateMetaUpdate(pod.metadata, old.metadata), ...validatePodSpec(pod.spec, 'spec')]
    const qos = old.status?.qosClass ?? qosClass(old.spec)
    if (qosClass(pod.spec) !== qos) errors.push(invalid('spec', qos, 'Pod QOS Class may not change as a result of resizing'))
    for (const list of ['containers', 'initContainers']) (pod.spec[list] ?? []).forEach((c: any, i: number) => removals(c, old.spec[list]?.[i], `spec.${list}[${i}].resources`, errors))
    if (!deepEqual(withoutResources(old.spec), withoutResources(pod.spec))) errors.push(forbidden('spec', 'only cpu and memory resources are mutable'))
    return errors
  },
}
function resized(now: readonly any[] | undefined, before: readonly any[]): any[] {
  return before.map(c => { const n = now?.find(x => x.name === c.name); return n ? { ...c, resources: n.resources, ...n.resizePolicy ? { resizePolicy: n.resizePolicy } : undefined } : c })
}
function removals(now: any, before: any, path: string, errors: FieldError[]): void {
  for (const kind of ['requests', 'limits']) for (const name of Object.keys(before?.resources?.[kind] ?? {})) {
    if (now.resources?.[kind]?.[name] === undefined) errors.push(forbidden(`${path}.${kind}`, `resource ${kind} cannot be removed`))
  }
}
/** cpu and memory taken out, so that what is left must be equal */
function withoutResources(spec: any): any {
  const rest = ({ cpu: _c, memory: _m, ...others }: any = {}): any => others
  const strip = (list: readonly any[] | undefined): any => list?.map(c => ({ ...c, resources: { ...c.resources, limits: rest(c.resources?.limits), requests: rest(c.resources?.requests) } }))
  return { ...spec, containers: strip(spec.containers), initContainers: strip(spec.initContainers) }
}
