import type { Unfit } from './schedule-pod.ts'

/** The words for a pod that fits nowhere. Source: pkg/scheduler/framework/types.go (FitError.Error) */
export const NO_NODES = 'no nodes available to schedule pods'

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`, then what preemption says. */
export function unfitMessage(unfit: Unfit, postFilter: string): string {
  const found = unfit.early ? unfit.early.reasons.join(', ') : histogram(unfit)
  return `0/${unfit.total} nodes are available:${found ? ` ${found}.` : ''}${postFilter ? ` ${postFilter}` : ''}`
}

/** Reasons with how many nodes gave them, sorted as text (`10 …` before `2 …`). */
function histogram({ total, rejections, others }: Unfit): string {
  const counts = new Map<string, number>(), count = (reason: string, n: number): void => { counts.set(reason, (counts.get(reason) ?? 0) + n) }
  for (const { reasons } of rejections.values()) for (const reason of reasons) count(reason, 1)
  if (others) for (const reason of others.reasons) count(reason, total - rejections.size)
  return [...counts].map(([reason, n]) => `${n} ${reason}`).sort().join(', ')
}
