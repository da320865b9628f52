import type { Driver, PrintedLine } from '../../../drivers/driver.ts'
import { formatTime } from '../../../runtime-model/api/time.ts'
import { NotModelled } from '../../errors.ts'

/** Which lines of a log are wanted. Source: k8s.io/api core/v1 (PodLogOptions) */
export interface LogOptions {
  readonly previous?: boolean
  readonly timestamps?: boolean
  /** of lines that were printed before, calendar ms, nothing is shown */
  readonly fromMs?: number
  /** so many at the end; all unless given */
  readonly tail?: number
  readonly limitBytes?: number
  /** what stands before each line */
  readonly lead?: string
}

const unsaid = (pod: any, container: string): NotModelled =>
  new NotModelled(`what container ${container} of pod ${pod.metadata.name} prints; a behaviour says it: \`prints: [{ after: 1s, line: ready }]\``)

/** What the kubelet tells of one container, as many lines as are asked for. Source: pkg/kubelet/kuberuntime/logs/logs.go */
export function logOf(driver: Driver, pod: any, container: string, options: LogOptions): string {
  const { previous = false, fromMs = -Infinity, tail = -1, limitBytes = 0 } = options
  // of one that waits for its next start, what has ended last is both
  const waits = [...pod.status?.containerStatuses ?? [], ...pod.status?.initContainerStatuses ?? []].some(s => s.name === container && s.state?.waiting)
  const printed = driver.nodeTruth.printed(pod.metadata.uid, container, waits ? 'ended' : previous ? 'previous' : 'current')
  if (printed === null) return `unable to retrieve container logs for ${idOf(pod, container, waits || previous)}`
  if (!printed) throw unsaid(pod, container)
  const since = printed.filter(p => p.wallMs >= fromMs), shown = tail < 0 ? since : tail === 0 ? [] : since.slice(-tail), text = written(shown, options)
  return limitBytes > 0 ? Buffer.from(text).subarray(0, limitBytes).toString('utf8') : text
}
export const written = (lines: readonly PrintedLine[], { timestamps, lead = '' }: LogOptions): string =>
  lines.map(p => `${lead}${timestamps ? `${stamp(p.wallMs)} ` : ''}${p.line}\n`).join('')

/**
 * Of a container that its node has removed the kubelet tells this, with code 200. Source: pkg/kubelet/kuberuntime/kuberuntime_container.go (GetContainerLogs)
 */
function idOf({ status }: any, container: string, last: boolean): string {
  const found = [...status?.containerStatuses ?? [], ...status?.initContainerStatuses ?? []].find(s => s.name === container)
  return (last ? found?.lastState?.terminated?.containerID : found?.containerID) ?? ''
}
/** RFC 3339 with nine digits behind the second */
const stamp = (wallMs: number): string => `${formatTime(wallMs).replace('Z', '')}.${String(wallMs % 1000).padStart(3, '0')}000000Z`

/** Follows what a container prints until it ends: `next` answers what has come since the last time, and undefined once nothing will. */
export function following(driver: Driver, pod: any, container: string): { next(): readonly PrintedLine[] | undefined } {
  const { uid } = pod.metadata, runs = () => driver.nodeTruth.pod(uid, pod.spec.nodeName)?.containers.find(c => c.name === container)
  const begun = runs()
  let told = driver.nodeTruth.printed(uid, container, 'current')?.length ?? 0, over = begun?.state !== 'running'
  if (!over && driver.nodeTruth.printed(uid, container, 'current') === undefined) throw unsaid(pod, container)
  return {
    next() {
      if (over) return undefined
      const now = runs(), same = now?.state === 'running' && now.startedAt === begun?.startedAt && now.restarts === begun?.restarts
      over = !same
      const all = driver.nodeTruth.printed(uid, container, same ? 'current' : 'ended') ?? [], fresh = all.slice(told)
      told = all.length
      return fresh
    },
  }
}
