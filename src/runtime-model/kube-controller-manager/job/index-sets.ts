import type { KubeObject } from '../../api/request.ts'

/** Completion indexes of Indexed Jobs. Source: pkg/controller/job/indexed_job_utils.go */
export const indexKey = 'batch.kubernetes.io/job-completion-index'
export const isIndexed = (job: KubeObject): boolean => job.spec.completionMode === 'Indexed'

/** The index of a pod; -1: it has none, or one beyond the Job's completions. */
export function indexOf(pod: KubeObject, completions: number): number {
  const text = pod.metadata.annotations?.[indexKey] ?? '', index = /^\d+$/.test(text) ? Number(text) : -1
  return index < completions ? index : -1
}

/** `0-2,5` → [0, 1, 2, 5], below `completions`, ascending */
export function parseIndexes(text: string | undefined, completions: number): number[] {
  const found: number[] = []
  for (const part of (text ?? '').split(',')) {
    if (part === '') continue
    const [first, last = first] = part.split('-').map(Number)
    for (let i = first; i <= last && i < completions; i++) found.push(i)
  }
  return found
}
/** The way back: three and more in a row are a range. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b), parts: string[] = []
  for (let i = 0; i < sorted.length;) {
    let j = i
    while (sorted[j + 1] === sorted[j] + 1) j++
    if (j - i > 1) parts.push(`${sorted[i]}-${sorted[j]}`); else parts.push(...sorted.slice(i, j + 1).map(String))
    i = j + 1
  }
  return parts.join()
}

/** The lowest indexes that none of `pods` has and that are not over. Source: firstPendingIndexes */
export function pendingIndexes(count: number, completions: number, pods: readonly KubeObject[], over: (index: number) => boolean): number[] {
  const taken = new Set(pods.map(p => indexOf(p, completions))), found: number[] = []
  for (let i = 0; i < completions && found.length < count; i++) if (!taken.has(i) && !over(i)) found.push(i)
  return found
}

/** The rule of a success policy that the succeeded indexes fulfil, in words. Source: success_policy.go */
export function matchSuccessPolicy(policy: any, completions: number, succeeded: ReadonlySet<number>): string | undefined {
  for (const [i, rule] of (policy?.rules ?? []).entries()) {
    const wanted = rule.succeededIndexes === undefined ? undefined : parseIndexes(rule.succeededIndexes, completions)
    const matched = wanted ? wanted.filter(x => succeeded.has(x)).length : succeeded.size
    if (rule.succeededCount !== undefined ? matched >= rule.succeededCount : wanted !== undefined && matched === wanted.length) {
      return `Matched rules at index ${i}`
    }
  }
  return undefined
}
