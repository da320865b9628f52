import { ENDS, outOfMemoryAfter, printedBy, used, type Behaviour } from '../api/behaviour.ts'
import type { ContainerExit, PodRuntime, RuntimeContainer } from '../api/cri.ts'
import { keptName } from '../api/image-names.ts'
import { WAITING_ID, type Wait } from '../api/waiting.ts'
import { imageFrom } from './images.ts'
import { newest, type Waiting } from './state.ts'
import type { Answer, Call, Turn } from './turn.ts'

/** The life of a container: created, started, told to stop, ended, removed. Source: containerd internal/cri/server/container_*.go */
export function create(turn: Turn, body: Call<'create'>, answer: Answer): void {
  const { uid, container } = body, { pods, runs } = turn.state, pod = pods.get(uid)
  if (!pod?.sandbox?.ready) return answer({ error: `failed to create container: sandbox of pod ${uid} is not ready` })
  const parsed = turn.behaviourOf(pod, container, body.image, body)
  if (parsed.error !== undefined) return answer({ pod, error: `InvalidBehaviour: the behaviour of container ${container} cannot be read: ${parsed.error}` })
  const run = (runs.get(`${uid}/${container}`) ?? 0) + 1
  runs.set(`${uid}/${container}`, run)
  const made = created(turn, body, pod, parsed.behaviour, run), previous = newest(pod, container)
  answer({ pod: turn.put({ ...pod, containers: [made, ...pod.containers.filter(c => c.name !== container || c === previous)] }, made) })
}
function created(turn: Turn, body: Call<'create'>, pod: PodRuntime, declared: Behaviour, run: number): RuntimeContainer {
  const { container, attempt, ports, mounts, spec } = body, { bare } = turn.options, sandbox = pod.sandbox!.id
  const image = turn.state.images.get(keptName(body.image, bare)) ?? imageFrom(body.image, bare), behaviour = body.end ? { ...declared, ...body.end } : declared
  return {
    id: turn.id(`${sandbox}_${container}_${attempt}`), name: container, sandbox, attempt, image: image.ref, imageId: image.id,
    state: 'created', startedAt: -1, startedMs: 0, finishedMs: 0, exitCode: 0, reason: '', hung: false,
    behaviour, ...body.logsTell && !bare ? { logsTell: true } : undefined,
    exit: exitWithin(exitOf(behaviour, run, body.ends && !bare && !behaviour.lasts), behaviour, body.memoryLimit), ports, mounts, spec,
  }
}
/** What is meant to end does so where nothing else is said of this run. */
function exitOf(behaviour: Behaviour, run: number, ends: boolean): Behaviour['exit'] {
  if (behaviour.exit && run <= (behaviour.exit.times ?? run)) return behaviour.exit
  return ends ? ENDS.exit : undefined
}
/** The kernel kills what uses more memory than its limit. Source: cgroup v2, memory.max */
function exitWithin(exit: Behaviour['exit'], behaviour: Behaviour, memoryLimit: number | undefined): ContainerExit | undefined {
  const afterMs = memoryLimit === undefined ? undefined : outOfMemoryAfter(behaviour, memoryLimit)
  return afterMs === undefined || (exit && exit.afterMs <= afterMs) ? exit : { afterMs, code: 137, oom: true, instead: exit ?? null }
}

export function start(turn: Turn, { uid, container }: Call<'start'>, id: number, caller: string): void {
  const key = `${uid}/${container}`, { pods, waiting } = turn.state, pod = pods.get(uid), made = newest(pod, container), to: Waiting = { callId: id, caller, for: 'start' }
  if (made?.state !== 'created') return turn.answer(id, caller, { uid, pod, error: `container ${container} is not there to be started` })
  if (made.behaviour.startMs === 0) return started(turn, uid, container, to)
  waiting.set(key, to)
  turn.effects.push({ do: 'timer', key: `start ${key}`, afterMs: made.behaviour.startMs, data: { uid, container } })
}
/** A container that could not be started stays, exited with 128. Source: containerd internal/cri/server/container_start.go */
export function started(turn: Turn, uid: string, name: string, { callId, caller }: Waiting): void {
  const pod = turn.state.pods.get(uid), made = newest(pod, name)
  if (!pod || made?.state !== 'created') return turn.answer(callId, caller, { uid, pod, error: `container ${name} is gone` })
  const { startError } = made.behaviour, { now, wallMs } = turn.context
  if (startError !== undefined) {
    const after = turn.replace(pod, { ...made, state: 'exited', exitCode: 128, reason: 'StartError', message: startError, finishedMs: wallMs })
    return turn.answer(callId, caller, { pod: after, error: startError })
  }
  const running: RuntimeContainer = { ...made, state: 'running', startedAt: now, startedMs: wallMs }
  goOn(turn, pod, running)
  turn.answer(callId, caller, { pod: turn.replace(pod, running) })
}

/** One that runs will end at its time, or waits for something before. */
export function goOn(turn: Turn, { uid, namespace, name }: PodRuntime, container: RuntimeContainer): void {
  const { id, startedAt, behaviour: { waits } } = container
  if (!waits) return armExit(turn, uid, container)
  const wait: Wait = {
    node: turn.options.host, namespace, pod: name, uid, id, question: waits.for, firstAt: startedAt + waits.fromMs, everyMs: waits.everyMs,
  }
  turn.effects.push({ do: 'operate', to: WAITING_ID, operation: 'wait', args: wait })
}
/** What it has waited for is there. */
export function waited(turn: Turn, uid: string, id: string): void {
  const pod = turn.state.pods.get(uid), container = turn.find(uid, id)
  if (!pod || container?.state !== 'running' || !container.behaviour.waits) return
  const { behaviour: { waits, ...behaviour }, exit, startedAt } = container
  const late = turn.context.now - startedAt - waits.fromMs
  const now: RuntimeContainer = { ...container, behaviour, exit: exit && { ...exit, afterMs: exit.afterMs + late } }
  turn.state.pods.set(uid, { ...pod, containers: pod.containers.map(c => c === container ? now : c) })
  armExit(turn, uid, now)
}

/** Another memory limit, and with it perhaps another end. */
export function update(turn: Turn, { uid, container: name, memoryLimit }: Call<'update'>, answer: Answer): void {
  const pod = turn.state.pods.get(uid), container = newest(pod, name)
  if (!pod || container?.state !== 'running' || !container.behaviour.uses?.memory) return answer({ uid, pod })
  if ((used(container.behaviour, 'memory', turn.context.now - container.startedAt) ?? 0) > (memoryLimit ?? Infinity)) {
    turn.note(`not modelled: a memory limit of container ${name} below what it uses`)
    return answer({ uid, pod })
  }
  const { behaviour, exit } = container, own = exit?.instead === undefined ? exit : exit.instead ?? undefined
  const now: RuntimeContainer = { ...container, exit: exitWithin(own, behaviour, memoryLimit) }
  const after = { ...pod, containers: pod.containers.map(c => c === container ? now : c) }
  turn.state.pods.set(uid, after)
  turn.effects.push({ do: 'cancel', key: `exit ${uid}/${name}` })
  armExit(turn, uid, now)
  answer({ uid, pod: after })
}
export function armExit({ effects, context }: Turn, uid: string, { id, name, exit, startedAt }: RuntimeContainer): void {
  if (exit === undefined) return
  effects.push({ do: 'timer', key: `exit ${uid}/${name}`, afterMs: Math.max(0, startedAt + exit.afterMs - context.now), data: { uid, container: name, id } })
}

/** SIGTERM now, SIGKILL after the grace period; a second call can only bring SIGKILL forward. */
export function stop(turn: Turn, body: Call<'stop'>, id: number, caller: string): void {
  const { uid, container } = body, key = `${uid}/${container}`, { pods, waiting } = turn.state, pod = pods.get(uid), target = turn.find(uid, body.id)
  if (!pod || target?.state !== 'running') return turn.answer(id, caller, { uid, pod })
  const before = waiting.get(`stop ${key}`), { now } = turn.context, { term } = target.behaviour
  const askedAt = before?.askedAt ?? now, killAt = Math.min(now + body.graceMs, before?.killAt ?? Infinity)
  const endsAt = term.ignore || target.hung ? Infinity : Math.max(now, askedAt + term.afterMs), code = endsAt > killAt ? 137 : term.code
  turn.effects.push(
    { do: 'cancel', key: `exit ${key}` },
    { do: 'timer', key: `stop ${key}`, afterMs: Math.min(endsAt, killAt) - now, data: { uid, container, id: body.id, code } }
  )
  if (before) turn.answer(before.callId, before.caller, { uid, pod, error: 'a later call stops the container' })
  waiting.set(`stop ${key}`, { callId: id, caller, for: 'stop', askedAt, killAt })
}

/** A container that runs has ended; what kubectl shows as its reason follows from the code unless it is said. */
export function exited(turn: Turn, uid: string, id: string, exitCode: number, reason = exitCode === 0 ? 'Completed' : 'Error'): void {
  const pod = turn.state.pods.get(uid), container = turn.find(uid, id)
  if (!pod || container?.state !== 'running') return
  turn.effects.push({ do: 'cancel', key: `exit ${uid}/${container.name}` })
  const message = messageOf(container, exitCode, turn.context.now - container.startedAt)
  turn.replace(pod, { ...container, state: 'exited', hung: false, exitCode, reason, ...message ? { message } : undefined, finishedMs: turn.context.wallMs })
}

/** What it has written down last; else, if that is asked for and it has failed, the end of its log. Source: kuberuntime_container.go (getTerminationMessage) */
function messageOf({ behaviour, logsTell }: RuntimeContainer, exitCode: number, sinceMs: number): string | undefined {
  const written = behaviour.messages?.findLast(row => sinceMs >= row.fromMs)?.text
  if (written !== undefined || !logsTell || exitCode === 0) return written
  return printedBy(behaviour, sinceMs)?.slice(-messageLines).map(({ line }) => `${line}\n`).join('').slice(-messageBytes)
}
const messageLines = 80, messageBytes = 2048

export function remove({ state: { pods } }: Turn, { uid, ids }: Call<'remove'>, answer: Answer): void {
  const pod = pods.get(uid)
  if (!pod) return answer({ uid })
  const after = { ...pod, containers: pod.containers.filter(c => c.state !== 'exited' || !ids.includes(c.id)) }
  pods.set(uid, after)
  answer({ pod: after })
}
