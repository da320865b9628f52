import { used } from '../api/behaviour.ts'
import type { PodRuntime, RuntimeContainer } from '../api/cri.ts'

/** Which container is killed, and when (virtual ms, not before now). */
export interface Overuse { readonly id: string; readonly atMs: number }

/**
 * When the containers of a pod next use more memory together than the pod may: the one that uses most is killed then. Of containers of which nothing was said
 * nothing is known. Source: memory.max of the pod's cgroup; oom_badness in Linux mm/oom_kill.c
 */
export function overuseOf(pod: PodRuntime, nowMs: number): Overuse | undefined {
  const limit = pod.sandbox?.memoryLimit, users = pod.containers.filter(c => c.state === 'running' && c.behaviour.uses?.memory !== undefined)
  if (limit === undefined || users.length === 0) return undefined
  const usedAt = (c: RuntimeContainer, atMs: number): number => used(c.behaviour, 'memory', atMs - c.startedAt) ?? 0
  const moments = users.flatMap(c => c.behaviour.uses!.memory!.map(row => Math.max(nowMs, c.startedAt + row.fromMs)))
  for (const atMs of [...new Set(moments)].sort((a, b) => a - b)) {
    if (users.reduce((sum, c) => sum + usedAt(c, atMs), 0) <= limit) continue
    return { atMs, id: users.reduce((most, c) => usedAt(c, atMs) > usedAt(most, atMs) ? c : most).id }
  }
  return undefined
}
