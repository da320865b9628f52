import { parseTime } from '../../api/time.ts'
import { humanDuration } from '../meta/duration.ts'

/** STATUS, READY and RESTARTS of `kubectl get pods`. Source: pkg/printers/internalversion/printers.go (printPod) at 1.34 and 1.35. */
export interface PodSummary { readonly word: string; readonly ready: number; readonly total: number; readonly restarts: number; readonly lastRestart?: string }

const condition = (pod: any, type: string): any => pod.status?.conditions?.find((c: any) => c.type === type)
const isTerminal = (phase: string): boolean => phase === 'Succeeded' || phase === 'Failed'
const ended = (t: any): string => t.reason ? t.reason : t.signal ? `Signal:${t.signal}` : `ExitCode:${t.exitCode ?? 0}`
const later = (a: string | undefined, b: string | undefined | null): string | undefined => !b ? a : a === undefined || b > a ? b : a

export function podSummary(pod: any, minorVersion = 35): PodSummary {
  const status = pod.status ?? {}, sidecars = new Set<string>(), initContainers: readonly any[] = pod.spec?.initContainers ?? []
  for (const c of initContainers) if (c.restartPolicy === 'Always') sidecars.add(c.name)
  const total = (pod.spec?.containers ?? []).length + sidecars.size
  const first = initPart(status.initContainerStatuses ?? [], sidecars, initContainers.length)
  let word: string = status.reason || status.phase || ''
  if (condition(pod, 'PodScheduled')?.reason === 'SchedulingGated') word = 'SchedulingGated'
  let { ready, restarts, lastRestart } = first
  if (first.word) word = first.word
  if (!first.word || condition(pod, 'Initialized')?.status === 'True') {
    const main = mainPart(status.containerStatuses ?? [], word, condition(pod, 'Ready')?.status === 'True', minorVersion)
    word = main.word
    ready += main.ready
    restarts = first.sidecarRestarts + main.restarts
    lastRestart = later(first.sidecarLastRestart, main.lastRestart)
  }
  if (pod.metadata?.deletionTimestamp) {
    if (status.reason === 'NodeLost') word = 'Unknown'
    else if (!isTerminal(status.phase)) word = 'Terminating'
  }
  return { word, ready, total, restarts, lastRestart }
}

interface InitPart { word?: string; ready: number; restarts: number; sidecarRestarts: number; lastRestart?: string; sidecarLastRestart?: string }
function initPart(statuses: readonly any[], sidecars: ReadonlySet<string>, count: number): InitPart {
  const part: InitPart = { ready: 0, restarts: 0, sidecarRestarts: 0 }
  for (let i = 0; i < statuses.length; i++) {
    const s = statuses[i], sidecar = sidecars.has(s.name), terminated = s.state?.terminated, waiting = s.state?.waiting
    const finished = s.lastState?.terminated?.finishedAt
    part.restarts += s.restartCount ?? 0
    part.lastRestart = later(part.lastRestart, finished)
    if (sidecar) {
      part.sidecarRestarts += s.restartCount ?? 0
      part.sidecarLastRestart = later(part.sidecarLastRestart, finished)
    }
    if (terminated && !terminated.exitCode) continue
    if (sidecar && s.started) { if (s.ready) part.ready++; continue }
    part.word = terminated ? `Init:${ended(terminated)}`
      : waiting?.reason && waiting.reason !== 'PodInitializing' ? `Init:${waiting.reason}`
      : `Init:${i}/${count}`
    return part
  }
  return part
}

interface MainPart { word: string; ready: number; restarts: number; lastRestart?: string }
function mainPart(statuses: readonly any[], before: string, podReady: boolean, minorVersion: number): MainPart {
  let word = before, ready = 0, restarts = 0, running = false, failure: string | undefined, lastRestart: string | undefined
  for (let i = statuses.length - 1; i >= 0; i--) {
    const s = statuses[i], { waiting, terminated } = s.state ?? {}
    restarts += s.restartCount ?? 0
    lastRestart = later(lastRestart, s.lastState?.terminated?.finishedAt)
    if (waiting?.reason) word = waiting.reason
    else if (terminated) {
      word = ended(terminated)
      if (terminated.exitCode) failure = word
    } else if (s.ready && s.state?.running) { running = true; ready++ }
  }
  if (word === 'Completed') {
    if (running && podReady) word = 'Running'
    else if (failure !== undefined && minorVersion >= 35) word = failure
    else if (running) word = 'NotReady'
  }
  return { word, ready, restarts, lastRestart }
}

/** `2 (5s ago)` */
export const restartsText = (s: PodSummary, nowMs: number): string =>
  s.restarts !== 0 && s.lastRestart ? `${s.restarts} (${humanDuration(nowMs - parseTime(s.lastRestart))} ago)` : String(s.restarts)
