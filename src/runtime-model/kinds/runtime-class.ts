import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { dns1123Label } from '../api/names.ts'
import { age } from './meta/cells.ts'
import { internalJson } from './meta/diff.ts'
import { duplicate, immutable, invalid } from './meta/errors.ts'
import { validateLabels } from './meta/object-meta.ts'
import { validateResources } from './pod-spec/containers.ts'
import { validateTolerations } from './pod-spec/validate.ts'
import { oldLabels } from './pod-spec/warnings.ts'

/**
 * What pods take from it is admission's work. Source: pkg/apis/node/validation/validation.go, pkg/registry/node/runtimeclass/strategy.go, pkg/api/node/util.go.
 */
export const runtimeClass: KindRules = {
  resource: 'runtimeclasses.node.k8s.io', metaOfUpdate: 'VU',
  anyFinalizer: true,
  needsResourceVersion: true,
  validate: validateClass,
  validateUpdate: (c, old) => [...validateClass(c), ...immutable(c.handler, old.handler, 'handler')],
  warnings: c => Object.keys(c.scheduling?.nodeSelector ?? {})
    .filter(key => oldLabels[key])
    .map(key => `scheduling.nodeSelector: deprecated since ${oldLabels[key][0]}; use "${oldLabels[key][1]}" instead`),
  cells: (c, nowMs) => [c.metadata.name, c.handler ?? '', age(c, nowMs)],
}

function validateClass(c: any): FieldError[] {
  const handler = c.handler ?? '', errors = dns1123Label(handler).map(text => invalid('handler', handler, text))
  if (c.overhead) validateResources({ limits: c.overhead.podFixed }, 'overhead', errors)
  const { nodeSelector, tolerations = [] } = c.scheduling ?? {}, path = 'scheduling.tolerations', seen = new Set<string>()
  if (nodeSelector) errors.push(...validateLabels(nodeSelector, 'scheduling.nodeSelector'))
  validateTolerations(tolerations, path, errors)
  tolerations.forEach((t: any, i: number) => {
    const key = JSON.stringify([t.key, t.operator, t.value, t.effect])
    if (seen.has(key)) errors.push(duplicate(`${path}[${i}]`, internalJson('core.v1.Toleration', t)))
    seen.add(key)
  })
  return errors
}
