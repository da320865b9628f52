import { forbidden, qualified } from '../../api/status.ts'
import type { GroupResource, StatusCause } from '../../api/status.ts'
import type { AdmissionAttributes, AdmissionRefusal } from './plugin.ts'

const resourceOf = (a: AdmissionAttributes): GroupResource => ({ group: a.kind.group, resource: a.kind.resource })
export const storageNameOf = (a: AdmissionAttributes): string => qualified(resourceOf(a))
/** `pods "x" is forbidden: why`. Source: k8s.io/apiserver pkg/admission/errors.go (NewForbidden). */
export const refuse = (a: AdmissionAttributes, why: string, causes?: readonly StatusCause[]): AdmissionRefusal =>
  ({ status: forbidden(resourceOf(a), a.name || 'Unknown', why, causes) })
/** Several errors as Go's aggregate prints them: each once, in brackets if more than one. */
export function aggregate(errors: readonly string[]): string {
  const distinct = [...new Set(errors)]
  return distinct.length === 1 ? distinct[0] : `[${distinct.join(', ')}]`
}
