import { toCompactJson } from '../printers/json.ts'

/** The annotation in which `kubectl apply` keeps what it applied. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The object with what is being applied written in its annotation, which is left out of what is written. */
export function withLastApplied(object: any): any {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata?.annotations ?? {}
  const plain = { ...object, metadata: { ...object.metadata, annotations } }
  return { ...plain, metadata: { ...plain.metadata, annotations: { ...annotations, [LAST_APPLIED]: `${toCompactJson(plain)}\n` } } }
}
