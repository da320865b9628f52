import { OWNED } from './conditions.ts'

/** `status` with the conditions of others as the API has them. `told`: one that this kubelet tells although it is not its own. Source: mergePodStatus */
export function withOthers(base: any, status: any, told: string | undefined): any {
  const isForeign = (c: any): boolean => !OWNED.includes(c.type) && c.type !== told
  const theirs: readonly any[] = base?.conditions?.filter(isForeign) ?? [], ours: readonly any[] = status.conditions ?? []
  if (theirs.length === 0 ? !ours.some(isForeign) : same(theirs, ours.filter(isForeign))) return status
  return { ...status, conditions: theirs.concat(ours.filter(c => !isForeign(c))) }
}

/** The strategic merge patch that makes `before` into `after`; undefined where nothing differs. Source: pkg/util/pod/pod.go (PatchPodStatus) */
export function statusPatch(before: any, after: any): any {
  const patch: Record<string, unknown> = {}
  let differs = false
  for (const key of Object.keys(after)) {
    if (same(before?.[key], after[key])) continue
    differs = true
    if (key === 'conditions') Object.assign(patch, conditionsPatch(before?.conditions ?? [], after.conditions))
    else if ((key === 'podIPs' || key === 'hostIPs') && before?.[key]?.length) patch[key] = [...after[key], { $patch: 'replace' }]
    else patch[key] = after[key]
  }
  for (const key of Object.keys(before ?? {})) if (!(key in after) && KUBELETS.has(key)) { differs = true; patch[key] = null }
  return differs ? patch : undefined
}
/** What the kubelet takes away again; other fields of a status belong to others. */
const KUBELETS = new Set(['podIP', 'podIPs', 'reason', 'message', 'initContainerStatuses', 'resize', 'conditions', 'containerStatuses', 'hostIP', 'hostIPs'])

function conditionsPatch(before: readonly any[], after: readonly any[]): Record<string, unknown> {
  const changed = after.flatMap(c => {
    const b = before.find(x => x.type === c.type)
    if (b && same(b, c)) return []
    const gone = Object.keys(b ?? {}).filter(k => !(k in c))
    return [gone.length ? { ...c, ...Object.fromEntries(gone.map(k => [k, null])) } : c]
  })
  const dropped = before.filter(b => b.type.startsWith('PodResize') && !after.some(c => c.type === b.type)).map(b => ({ $patch: 'delete', type: b.type }))
  return { conditions: [...changed, ...dropped], '$setElementOrder/conditions': after.map(c => ({ type: c.type })) }
}

export function same(a: any, b: any): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(k => same(a[k], b[k]))
}
