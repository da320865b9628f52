import type { KubeObject } from '../../api/request.ts'

/** What a pod failure policy says of a failed pod. Source: pkg/controller/job/pod_failure_policy.go */
export interface Judgement { readonly action?: string; readonly counts: boolean; readonly failJob?: string }

export function judge(policy: any, pod: KubeObject): Judgement {
  for (const [i, rule] of (policy?.rules ?? []).entries()) {
    const exit = rule.onExitCodes && matchingExit(pod, rule.onExitCodes), condition = rule.onPodConditions && matchingCondition(pod, rule.onPodConditions)
    if (!exit && !condition) continue
    const { namespace, name } = pod.metadata
    const what = exit
      ? `Container ${exit.name} for pod ${namespace}/${name} failed with exit code ${exit.code}`
      : `Pod ${namespace}/${name} has condition ${condition.type}`
    return {
      action: rule.action, counts: rule.action !== 'Ignore',
      ...rule.action === 'FailJob' ? { failJob: `${what} matching FailJob rule at index ${i}` } : undefined,
    }
  }
  return { counts: true }
}

function matchingExit(pod: KubeObject, { containerName, operator, values }: any): { readonly name: string; readonly code: number } | undefined {
  for (const status of [...pod.status?.containerStatuses ?? [], ...pod.status?.initContainerStatuses ?? []]) {
    const code = status.state?.terminated?.exitCode
    if (code === undefined || code === 0 || containerName !== undefined && containerName !== status.name) continue
    if (values.includes(code) === (operator === 'In')) return { name: status.name, code }
  }
  return undefined
}
const matchingCondition = (pod: KubeObject, patterns: readonly any[]): any =>
  pod.status?.conditions?.find((c: any) => patterns.some(p => p.type === c.type && p.status === c.status))
