/** JSON merge patches. Source: RFC 7386; kubectl's three-way form in k8s.io/apimachinery pkg/util/jsonmergepatch/patch.go. */
type Json = any
const isMap = (value: Json): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The patch that makes `fresh` of `old`. */
export function mergePatchOf(old: Json, fresh: Json): Json {
  const patch: Json = {}
  for (const key of Object.keys(old)) if (!Object.hasOwn(fresh, key)) patch[key] = null
  for (const key of Object.keys(fresh)) {
    if (isMap(old[key]) && isMap(fresh[key])) { const inner = mergePatchOf(old[key], fresh[key]); if (Object.keys(inner).length > 0) patch[key] = inner }
    else if (JSON.stringify(old[key]) !== JSON.stringify(fresh[key])) patch[key] = fresh[key]
  }
  return patch
}
