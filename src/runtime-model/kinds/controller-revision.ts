import type { FieldError } from './kind.ts'
import type { KindRules } from './kind-from-data.ts'
import { age } from './meta/cells.ts'
import { invalid, nonNegative, required } from './meta/errors.ts'

/** What a StatefulSet or DaemonSet was like. Source: pkg/apis/apps/validation/validation.go (ValidateControllerRevision*), printers.go. */
export const controllerRevision: KindRules = {
  resource: 'controllerrevisions.apps', metaOfUpdate: 'UV',
  validate: r => [...nonNegative(r.revision, 'revision'), ...validateData(r.data)],
  validateUpdate: (r, old) =>
    [...nonNegative(r.revision, 'revision'), ...JSON.stringify(r.data) === JSON.stringify(old.data) ? [] : [invalid('data', r.data, 'field is immutable')]],
  cells: (r, nowMs) => [r.metadata.name, controllerText(r), r.revision ?? 0, age(r, nowMs)],
}

function validateData(data: any): FieldError[] {
  if (data === undefined || data === null) return [required('data', 'data is mandatory')]
  return typeof data !== 'object' || Array.isArray(data) ? [required('data', 'data must be a valid JSON object')] : []
}

/** `statefulset.apps/db` */
function controllerText(object: any): string {
  const owner = object.metadata.ownerReferences?.find((o: any) => o.controller)
  if (!owner) return '<none>'
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : ''
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`
}
