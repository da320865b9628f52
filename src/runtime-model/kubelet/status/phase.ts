import { isSidecar, restartsAfter } from '../containers.ts'

/** The phase that container statuses add up to. `over`: nothing will be started any more. Source: pkg/kubelet/kubelet_pods.go (getPhase) */
export function phaseOf(pod: any, statuses: readonly any[], over: boolean, initialized: boolean): string {
  const { spec } = pod, find = (name: string): any => statuses.find(s => s.name === name)
  let pendingInit = 0, pendingSidecars = 0, failedInit = 0, unknown = 0, running = 0, waiting = 0, stopped = 0, succeeded = 0, restarting = 0
  for (const c of spec.initContainers ?? []) {
    const s = find(c.name)
    if (isSidecar(c)) {
      if (!s) unknown++
      else if (s.state.running) { running++; if (!s.started) pendingSidecars++ }
      else if (s.state.waiting && !s.lastState?.terminated) { waiting++; pendingSidecars++ }
      continue
    }
    const ended = s?.state.terminated ?? (s?.state.waiting ? s.lastState?.terminated : undefined)
    if (!ended) pendingInit++
    else if (ended.exitCode !== 0 && !restartsAfter(c, pod, ended.exitCode)) failedInit++
  }
  for (const c of spec.containers) {
    const s = find(c.name)
    if (!s) { unknown++; continue }
    if (s.state.running) { running++; continue }
    const ended = s.state.terminated ?? s.lastState?.terminated
    if (!ended) { waiting++; continue }
    stopped++
    if (s.state.terminated?.exitCode === 0) succeeded++
    if (restartsAfter(c, pod, ended.exitCode)) restarting++
  }
  if (failedInit > 0) return 'Failed'
  if (pendingInit > 0 || (!initialized && pendingSidecars > 0) || waiting > 0) return 'Pending'
  if (running > 0 && unknown === 0) return 'Running'
  if (running > 0 || stopped === 0 || unknown > 0) return 'Pending'
  if (over) return stopped === succeeded ? 'Succeeded' : 'Failed'
  if (restarting > 0) return 'Running'
  return stopped === succeeded ? 'Succeeded' : 'Failed'
}
