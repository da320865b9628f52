import type { RuntimeContainer } from '../api/cri.ts'
import { findContainer, restartsAfter, specOf } from './containers.ts'
import { answersOf, probeError, probeSpec, refusal } from './probe-answers.ts'
import {
  advance, beatAfter, bundleMs, firstActive, initialValue, newProbe, nextOf, toldSingly, trigger, type Advanced, type Answer, type Probe, type ProbeKind,
  type ProbeSpec, type Verdict,
} from './probes.ts'
import type { Session } from './session.ts'
import type { KubeletState } from './state.ts'
import { isReady } from './status/conditions.ts'
import { setContainer } from './status-manager.ts'
import { minorOf } from './words.ts'
import type { Worker } from './worker.ts'

/** The probe workers of one pod: when they ask, and what follows. Source: pkg/kubelet/prober/{prober_manager,worker}.go */
const kinds: readonly ProbeKind[] = ['startup', 'readiness', 'liveness']
const words: Readonly<Record<ProbeKind, string>> = { liveness: 'Liveness', readiness: 'Readiness', startup: 'Startup' }

const probeOf = (worker: Worker, probe: Probe): any => specOf(worker.pod, probe.container)[`${probe.kind}Probe`]
const rules = (worker: Worker, probe: Probe): ProbeSpec => probeSpec(probeOf(worker, probe))
const keyOf = (probe: Probe): string => `${probe.container}/${probe.kind}`
const has = (container: any, kind: ProbeKind): boolean => container[`${kind}Probe`] !== undefined && container[`${kind}Probe`] !== null

/** Starts a worker for every probe of the pod (AddPod). After a start of the kubelet they begin at different moments. */
export function addProbes(session: Session, worker: Worker): void {
  const wanted = [...worker.pod.spec.containers, ...(worker.pod.spec.initContainers ?? []).filter((c: any) => c.restartPolicy === 'Always')]
  let { probes } = worker
  for (const container of wanted) for (const kind of kinds) {
    if (!has(container, kind) || probes[`${container.name}/${kind}`]) continue
    const made = newProbe(kind, container.name, session.now), { periodMs } = probeSpec(container[`${kind}Probe`])
    const late = session.now - session.state.startedAt < periodMs ? Math.floor(periodMs * session.context.choose('first probe', 100) / 100) : 0
    probes = { ...probes, [keyOf(made)]: { ...made, gridAt: made.gridAt + late, nextAt: made.nextAt + late } }
  }
  worker.probes = probes
}
/**
 * Has a container with probes ended for good? Its probe workers end and are made anew by every sync, find that out again, and so ask for the next one.
 * Source: prober_manager.go (AddPod), worker.go (doProbe)
 */
export const probesEnded = ({ pod, status }: Worker): boolean => pod.spec.containers.some((c: any) => {
  const ended = kinds.some(kind => has(c, kind)) ? status?.containerStatuses?.find((s: any) => s.name === c.name)?.state.terminated : undefined
  return ended !== undefined && !restartsAfter(c, pod, ended.exitCode)
})
/** `only`, `of`: those of these kinds and containers (StopLivenessAndStartup); absent: all (RemovePod) */
export function removeProbes(session: Session, worker: Worker, only: readonly ProbeKind[] = kinds, of?: readonly any[]): void {
  const goes = (probe: Probe): boolean => only.includes(probe.kind) && (of === undefined || of.some(c => c.name === probe.container))
  for (const probe of Object.values(worker.probes)) {
    if (goes(probe)) { session.cancel(`probe ${worker.uid} ${keyOf(probe)}`); session.cancel(`repeat ${worker.uid} ${keyOf(probe)}`) }
  }
  worker.probes = Object.fromEntries(Object.entries(worker.probes).filter(([, p]) => !goes(p)))
}

/**
 * `started` and `ready` of a container's status. Where no worker asks yet, as a kubelet has just started, it has started, and is ready: but for one that it
 * has found, whose pod was not. From 1.35 on one that takes the place of a container that had started counts as started until the startup probe looks at it.
 * Source: prober_manager.go (UpdatePodStatus, isContainerStarted, setReadyStateOnKubeletRestart)
 */
export function probed(worker: Worker, status: any, init: boolean, kubelet: KubeletState): any {
  const container = specOf(worker.pod, status.name), running = status.state.running !== undefined, sidecar = container.restartPolicy === 'Always'
  const result = (kind: ProbeKind): Verdict | undefined => {
    const p = worker.probes[`${status.name}/${kind}`]
    return p && (p.containerId === status.containerID ? p.value : initialValue[kind])
  }
  const startup = result('startup'), readiness = result('readiness')
  const started = running && (startup === undefined || startup === 'success' || (replaces(worker, status) && minorOf(kubelet.version) >= 35))
  if (init && !sidecar) return { ...status, started, ready: status.state.terminated?.exitCode === 0 }
  const unasked = (): boolean => !has(container, 'readiness') || isReady(worker.pod.status) || !foundBy(kubelet, findContainer(worker.runtime, status.name))
  const ready = started && (readiness === undefined ? unasked() : readiness === 'success')
  return started === status.started && ready === status.ready ? status : { ...status, started, ready }
}
/** Did the container run for some time when this kubelet started? Versions before 1.35 did not ask. Source: prober_manager.go (kubeletRestartGracePeriod) */
const foundBy = ({ version, startedAt }: KubeletState, container: RuntimeContainer | undefined): boolean =>
  minorOf(version) >= 35 && container !== undefined && container.startedAt < startedAt - youngMs
const youngMs = 10_000

/** The container runs where one ran that had started, and the startup probe has not looked at it yet. */
function replaces(worker: Worker, { name, containerID }: any): boolean {
  const probe = worker.probes[`${name}/startup`]
  return probe !== undefined && probe.containerId !== '' && probe.containerId !== containerID && statusOf(worker, name)?.started === true
}

/** A verdict that makes SyncPod kill a running container. */
export function failedProbe(worker: Worker, containerId: string, name: string): 'liveness' | 'startup' | undefined {
  const failed = (kind: ProbeKind): boolean => {
    const p = worker.probes[`${name}/${kind}`]
    return p !== undefined && p.containerId === containerId && p.value === 'failure'
  }
  return failed('liveness') ? 'liveness' : failed('startup') ? 'startup' : undefined
}

function answers(session: Session, worker: Worker, probe: Probe): readonly Answer[] {
  const container = lookedAt(worker, probe), ip = worker.pod.spec.hostNetwork ? session.options.address : worker.latest?.sandbox?.ip || worker.ip
  if (!container || !asked(worker, probe)) return GONE
  const rows = answersOf({ ...container, state: 'running' }, specOf(worker.pod, probe.container), probeOf(worker, probe), ip, session.options.bare)
  if (container.state === 'running') return rows
  const endedAt = container.startedAt + container.finishedMs - container.startedMs
  const text = refusal(container, specOf(worker.pod, probe.container), probeOf(worker, probe), ip, session.options.bare)!
  return [...rows.filter(r => r.at < endedAt), { at: endedAt, success: false, text, silent: false }]
}
/**
 * Probes look at what the status says: a container that has ended is asked on until that tells of it (of a pod that is being ended not before the end), where
 * a refused connection is the answer. Source: worker.go (doProbe), kubelet.go (SyncTerminatingPod)
 */
function asked(worker: Worker, probe: Probe): boolean {
  const container = lookedAt(worker, probe)
  return container?.state === 'running' || (container?.state === 'exited' && container.startedAt >= 0 && !probeOf(worker, probe).exec)
}
/** One that is made but not started yet listens nowhere: what is found is the end of the one before. */
function lookedAt(worker: Worker, { container }: Probe): RuntimeContainer | undefined {
  const runs = worker.latest?.containers.filter(c => c.name === container) ?? []
  return runs[0]?.state === 'created' ? runs[1] : runs[0]
}
const GONE: readonly Answer[] = [{ at: 0, success: false, text: '', silent: false }]

/**
 * Looks at all probes anew: after a status was set, or before the container changes. `readyAsked`: SyncPod asks the readiness probes of
 * containers that are started and not ready to probe at once.
 */
export function reviewProbes(session: Session, worker: Worker, readyAsked = false): void {
  for (const key of Object.keys(worker.probes)) {
    take(session, worker, key, session.now - 1)
    if (worker.probes[key] === undefined) continue
    let probe = seen(session, worker, worker.probes[key])
    if (readyAsked && probe.kind === 'readiness' && probe.activeFrom < Infinity && probe.value !== 'success') probe = trigger(probe, session.now)
    worker.probes = { ...worker.probes, [key]: probe }
    run(session, worker, key)
  }
}

/** The container as the status manager has it: which it is, whether it runs, and whether startup gates the probe. */
function seen(session: Session, worker: Worker, probe: Probe): Probe {
  const status = statusOf(worker, probe.container), id = status?.containerID ?? ''
  const runs = status?.state?.running !== undefined && asked(worker, probe)
  const fresh = id !== '' && id !== probe.containerId
  if (fresh && probe.kind === 'startup' && runs && status.started && replaces(worker, status)) {
    return probe.resetAt < Infinity ? probe : { ...probe, activeFrom: Infinity, resetAt: beatAfter(probe, rules(worker, probe), session.now) }
  }
  const p: Probe = fresh ? taken(session, worker, probe, status) : probe
  const gated = probe.kind === 'startup' ? status?.started === true : status?.started !== true
  if (id !== '' && status.state.running === undefined) return ended(session, worker, p)
  if (!runs || gated) return p.activeFrom === Infinity ? p : { ...p, activeFrom: Infinity }
  const container = lookedAt(worker, probe)!, begun = container.startedAt - container.startedMs % 1000
  const from = Math.max(session.now, begun + rules(worker, probe).initialDelayMs)
  return p.activeFrom === Infinity || fresh ? { ...p, activeFrom: from } : p
}
/** Its container has ended, says the status: at its next beat it finds that to be a failure. Source: worker.go (doProbe) */
function ended(session: Session, worker: Worker, probe: Probe): Probe {
  const resetAt = probe.value === 'failure' || worker.stage !== 'sync' ? Infinity
    : probe.resetAt < Infinity ? probe.resetAt
    : beatAfter(probe, rules(worker, probe), session.now)
  return probe.activeFrom === Infinity && resetAt === probe.resetAt ? probe : { ...probe, activeFrom: Infinity, resetAt }
}
const statusOf = (worker: Worker, name: string): any =>
  worker.status?.containerStatuses?.find((c: any) => c.name === name) ?? worker.status?.initContainerStatuses?.find((c: any) => c.name === name)

/** The probe as it looks at another container: at its first beat it makes one unready that a kubelet which has just started took for ready. */
function taken(session: Session, worker: Worker, probe: Probe, status: any): Probe {
  const value = inherited(session, worker, probe, status), asksAnew = probe.kind === 'readiness' && status.ready === true && value !== 'success'
  return { ...probe, containerId: status.containerID, value, onHold: false, resetAt: asksAnew ? Math.max(probe.nextAt, session.now) : Infinity }
}
/** A restarted kubelet takes over what the API says of containers that run. Source: gate ChangeContainerStatusOnKubeletRestart (off in 1.35) */
function inherited(session: Session, worker: Worker, probe: Probe, status: any): Verdict {
  const container = findContainer(worker.latest, probe.container)
  if (!foundBy(session.state, container)) return initialValue[probe.kind]
  if (probe.kind === 'readiness' && status.ready) return 'success'
  if (probe.kind === 'startup' && status.started) return 'success'
  return initialValue[probe.kind]
}

/** Takes all that is known of one probe by `until`, with what follows from it. */
function take(session: Session, worker: Worker, key: string, until: number): void {
  for (let guard = 0; guard < 100; guard++) {
    const probe = worker.probes[key]
    if (probe !== undefined && probe.resetAt <= until) { lookAnew(session, worker, probe); continue }
    if (probe === undefined || probe.activeFrom === Infinity || !asked(worker, probe) || erred(worker, probe) !== undefined) return
    if (stoodStill(session, worker, probe)) continue
    const done = advance(probe, rules(worker, probe), answers(session, worker, probe), until)
    worker.probes = { ...worker.probes, [key]: done.probe }
    toldOf(session, worker, probe, done)
    if (done.verdict === undefined && !done.more) return
    if (done.verdict !== undefined) verdict(session, worker, done.probe, done.verdict)
  }
}
/**
 * The moment at which this probe mattered has passed without its timer: the machine stood still. Of all the beats in between the ticker has kept one, which
 * is due now. Source: worker.go (run); Go's time.Ticker drops what nobody takes
 */
function stoodStill(session: Session, worker: Worker, probe: Probe): boolean {
  const rows = answers(session, worker, probe), { at } = nextOf(probe, rules(worker, probe), rows)
  if (at >= session.now) return false
  const before = advance(probe, rules(worker, probe), rows, at - 1)
  toldOf(session, worker, probe, before)
  worker.probes = { ...worker.probes, [keyOf(probe)]: { ...before.probe, nextAt: session.now } }
  return true
}
/** At its beat a probe sees that its container has ended, or is one that it has not asked yet: not ready, not started. Source: worker.go (doProbe) */
function lookAnew(session: Session, worker: Worker, probe: Probe): void {
  const status = statusOf(worker, probe.container), containerId = status?.containerID ?? '', nextAt = beatAfter(probe, rules(worker, probe), probe.resetAt)
  if (status?.state.running === undefined) {
    worker.probes = { ...worker.probes, [keyOf(probe)]: { ...probe, value: 'failure', resetAt: Infinity } }
    return session.want(worker)
  }
  if (probe.kind === 'readiness') {
    worker.probes = { ...worker.probes, [keyOf(probe)]: { ...probe, resetAt: Infinity } }
    setContainer(session, worker, containerId, { ready: false })
    return session.want(worker)
  }
  worker.probes = { ...worker.probes, [keyOf(probe)]: { ...probe, containerId, value: 'unknown', onHold: false, nextAt, resetAt: Infinity } }
  setContainer(session, worker, containerId, { started: false })
  startedChanged(session, worker, probe.container)
  session.want(worker)
}
/** Takes what is due of one probe and sets its next moments. */
export function run(session: Session, worker: Worker, key: string): void {
  take(session, worker, key, session.now)
  const probe = worker.probes[key]
  if (probe === undefined) return
  const error = erred(worker, probe)
  if (error !== undefined) return told(session, worker, key, error)
  const next = probe.activeFrom === Infinity ? NEVER : nextOf(probe, rules(worker, probe), answers(session, worker, probe))
  const at = Math.min(next.at, probe.resetAt)
  if (at < Infinity) session.timer(`probe ${worker.uid} ${key}`, at); else session.cancel(`probe ${worker.uid} ${key}`)
  if (next.repeatAt < Infinity && next.repeatAt < at)
    session.timer(`repeat ${worker.uid} ${key}`, next.repeatAt, true); else session.cancel(`repeat ${worker.uid} ${key}`)
}
const erred = (worker: Worker, probe: Probe): string | undefined => probeError(specOf(worker.pod, probe.container), probeOf(worker, probe))
/** A probe that cannot be asked says so at each beat (later in bundles), and its results stay what they are. Source: prober.go (probe) */
function told(session: Session, worker: Worker, key: string, error: string): void {
  let probe = worker.probes[key]
  const due = firstActive(probe, rules(worker, probe))
  if (due <= session.now && asked(worker, probe)) {
    session.podEvent(worker, 'Warning', 'Unhealthy', `${words[probe.kind]} probe errored and resulted in unknown state: ${error}`, probe.container)
    const nextAt = beatAfter(probe, rules(worker, probe), probe.told < toldSingly ? session.now : session.now + bundleMs)
    worker.probes = { ...worker.probes, [key]: probe = { ...probe, told: probe.told + 1, nextAt } }
  }
  const next = firstActive(probe, rules(worker, probe))
  if (next < Infinity) session.timer(`repeat ${worker.uid} ${key}`, next, true); else session.cancel(`repeat ${worker.uid} ${key}`)
}
const NEVER = { at: Infinity, repeatAt: Infinity }

/** Source: prober.go (probe) */
function toldOf(session: Session, worker: Worker, { kind, container }: Probe, { failures, text, warned }: Advanced): void {
  const reason = warned ? 'ProbeWarning' : 'Unhealthy', message = `${words[kind]} probe ${warned ? 'warning' : 'failed'}: ${text}`
  for (let i = 0; i < failures; i++) session.podEvent(worker, 'Warning', reason, message, container)
}

function verdict(session: Session, worker: Worker, probe: Probe, value: Verdict): void {
  const { metadata } = worker.pod
  session.record({
    type: 'probe', node: session.node, pod: metadata.name, namespace: metadata.namespace ?? '', container: probe.container, probe: probe.kind, outcome: value,
  })
  if (probe.kind === 'readiness') setContainer(session, worker, probe.containerId, { ready: value === 'success' })
  if (probe.kind === 'startup') {
    setContainer(session, worker, probe.containerId, { started: value === 'success' })
    startedChanged(session, worker, probe.container)
  }
  session.want(worker)
}
/** The other probes of the container begin (or go on waiting) by its new status; a beat of this very moment has passed without knowing of it. */
function startedChanged(session: Session, worker: Worker, container: string): void {
  for (const kind of kinds) {
    const key = `${container}/${kind}`
    if (!worker.probes[key]) continue
    const probe = seen(session, worker, worker.probes[key]), missed = kind !== 'startup' && probe.nextAt <= session.now
    worker.probes = { ...worker.probes, [key]: missed ? { ...probe, nextAt: beatAfter(probe, rules(worker, probe), session.now) } : probe }
    if (kind !== 'startup') run(session, worker, key)
  }
}
