/** JSON merge patch: null deletes, objects merge, everything else replaces. Source: RFC 7396. */
export function mergePatch(current: any, patch: any): any {
  if (!isObject(patch)) return patch
  const merged: any = isObject(current) ? { ...current } : {}
  for (const key in patch) {
    if (patch[key] === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], patch[key])
  }
  return merged
}
const isObject = (value: any): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
