/**
 * Would two objects be stored as the same bytes? resourceVersion is etcd's and managedFields only follow what else changes, so neither counts.
 * Source: k8s.io/apiserver pkg/storage/etcd3/store.go (a write whose bytes equal the stored ones is skipped), fieldmanager (timestamps of a no-op).
 */
export function sameObject(a: any, b: any): boolean {
  for (const key in a) if (key !== 'metadata' && !same(a[key], b[key])) return false
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false
  const x = a.metadata, y = b.metadata
  if (x === y) return true
  for (const key in x) if (key !== 'resourceVersion' && key !== 'managedFields' && !same(x[key], y[key])) return false
  for (const key in y) if (y[key] !== undefined && x[key] === undefined && key !== 'resourceVersion' && key !== 'managedFields') return false
  return true
}

function same(a: any, b: any): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false
    return true
  }
  for (const key in a) if (!same(a[key], b[key])) return false
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false
  return true
}
