import { toCompactJson } from '../printers/json.ts'

/** The annotation in which `kubectl apply` keeps what it applied. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** What `set-last-applied` writes: unlike `apply` it adds no map of annotations where there is none. Source: kubectl pkg/cmd/util/editor (GetApplyPatch) */
export function lastAppliedText(object: any): string {
  const { [LAST_APPLIED]: own, ...annotations } = object.metadata?.annotations ?? {}
  return `${toCompactJson(own === undefined ? object : { ...object, metadata: { ...object.metadata, annotations } })}\n`
}

/** The object with what is being applied written in its annotation, which is left out of what is written. */
export function withLastApplied(object: any): any {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata?.annotations ?? {}
  const plain = { ...object, metadata: { ...object.metadata, annotations } }
  return { ...plain, metadata: { ...plain.metadata, annotations: { ...annotations, [LAST_APPLIED]: `${toCompactJson(plain)}\n` } } }
}
