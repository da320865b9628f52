import { hashHex } from '../../base/hash.ts'
import type { Item } from './table.ts'

/**
 * The bytes of a value as they lie on disk; revisions are no part of them. An encrypted value starts as
 * `k8s:enc:aescbc:v1:key1:` (the name of its key); what follows stands for the cipher text (digits of a hash: nobody reads it).
 * Source: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
 * Approximation: JSON, where a real API server stores built-in kinds as protobuf.
 */
export function rawValue({ object, encrypted }: Item): string {
  if (object.kind === '') return object.value as string // a key that is none of Kubernetes'
  const { resourceVersion: _, ...metadata } = object.metadata
  const text = JSON.stringify({ ...object, metadata })
  if (!encrypted) return text
  return `k8s:enc:${encrypted}:${hashHex(encrypted + text, Math.ceil(text.length / 4))}`
}
