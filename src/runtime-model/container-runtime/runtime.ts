import {
  BEHAVIOUR_ANNOTATION, ENDS, outOfMemoryAfter, parseBehaviour, PLAIN, readBehaviour, used, type Behaviour, type ParsedBehaviour,
} from '../api/behaviour.ts'
import { NO_EFFECTS, type Actor, type Effect, type Input, type Message, type Step, type StepContext } from '../kernel/actor.ts'
import { isCri, placeOf, type ContainerExit, type CriAnswer, type CriCall, type Manifest, type PodRuntime, type RuntimeContainer } from '../api/cri.ts'
import type { NetworkAgent } from '../api/network-agent.ts'
import { fullName, keptName, registryOf } from '../api/image-names.ts'
import { agentRuns, connected, isUnconnected, noSandbox } from './agent.ts'
import { imageFrom, notFoundText, unreachableText } from './images.ts'
import { noHandlerText, onlyHandler } from './handlers.ts'
import { overuseOf } from './pod-memory.ts'
import { afterRestart, emptyRuntime, newest, type RuntimeOptions, type RuntimeState, type Waiting } from './state.ts'

/** A registry that does not answer is given up after so long. Source: containerd, dialer of the docker resolver (30 s). */
const dialTimeoutMs = 30_000
const FAULTS = ['crash-container', 'oom-container', 'hang-container', 'resume-container']
type Call<K extends CriCall['call']> = Extract<CriCall, { call: K }>

/**
 * containerd on one machine: sandboxes, images, containers. It does what kubelets ask and tells them what containers did by themselves; it
 * never restarts anything. Its truth outlives the kubelet. Source of the behaviour: cri-api v1, containerd internal/cri/server.
 */
export function containerRuntime(options: RuntimeOptions): Actor<RuntimeState> {
  return {
    id: `container-runtime/${options.host}`, component: 'container-runtime', host: options.host, supervised: true,
    init: () => withImages(options.agent ? { ...emptyRuntime(), networkReady: false, agentLostMs: 0 } : emptyRuntime(), options),
    restart: (state, after) => afterRestart(state, after, options.bare),
    step: (state, input, context) => new Runtime(options, state, context).take(input),
  }
}

function manifestsOf({ manifests }: RuntimeState): { readonly manifests?: readonly Manifest[] } {
  const files = Object.keys(manifests).sort()
  return files.length > 0 ? { manifests: files.map(file => manifests[file]) } : {}
}
function withImages(state: RuntimeState, { images, bare }: RuntimeOptions): RuntimeState {
  for (const name of images ?? []) { const image = imageFrom(name, bare); state.images.set(image.ref, image) }
  return state
}

/** One step of the runtime: collects what changes and what should happen. */
class Runtime {
  readonly #options: RuntimeOptions
  readonly #context: StepContext
  readonly #effects: Effect[] = []
  #state: RuntimeState

  constructor(options: RuntimeOptions, state: RuntimeState, context: StepContext) { this.#options = options; this.#state = state; this.#context = context }

  take(input: Input): Step<RuntimeState> {
    if (input.on === 'message' && isCri(input.message)) this.#call(input.message.body, input.message.id, input.from)
    else if (input.on === 'timer') this.#timer(input.key, input.data)
    else if (input.on === 'start' && input.boot > 0) this.#resume()
    else if (input.on === 'operate') this.#operate(input.operation, input.args)
    if (this.#options.agent) this.#lookAtAgent(this.#options.agent)
    return { state: this.#state, effects: this.#effects.length ? this.#effects : NO_EFFECTS }
  }

  /** It has begun to run, or runs no longer. */
  #lookAtAgent(agent: NetworkAgent): void {
    const runs = agentRuns(agent, this.#state), { agentLostMs, networkReady } = this.#state
    if (runs === (agentLostMs === undefined)) return
    this.#state = runs ? connected(this.#state) : { ...this.#state, agentLostMs: this.#context.wallMs }
    if (runs && !networkReady) {
      this.#effects.push({ do: 'send', to: `kubelet/${this.#options.host}`, message: { type: 'network-status', ready: true } as Message })
    }
  }

  // ---- calls
  #call(body: CriCall, id: number, caller: string): void {
    const answer = (rest: Partial<CriAnswer> = {}): void => this.#answer(id, caller, rest)
    switch (body.call) {
      case 'list':
        return answer({
          all: {
            pods: this.#state.pods.sorted().map(([, pod]) => pod), images: this.#state.images.sorted().map(([, image]) => image), boots: this.#state.boots,
            ...manifestsOf(this.#state), ...this.#state.networkReady ? undefined : { networkReady: false },
          },
        })
      case 'run-sandbox': return this.#runSandbox(body, answer)
      case 'pull': return this.#pull(body, id, caller)
      case 'create': return this.#create(body, answer)
      case 'start': return this.#start(body, id, caller)
      case 'update': return this.#update(body, answer)
      case 'stop': return this.#stop(body, id, caller)
      case 'stop-sandbox': return this.#stopSandbox(body, answer)
      case 'remove': return this.#remove(body, answer)
      case 'remove-images': for (const ref of body.refs) this.#state.images.delete(ref); return answer()
    }
  }

  #runSandbox(body: Call<'run-sandbox'>, answer: (rest: Partial<CriAnswer>) => void): void {
    const { uid, namespace, name, attempt, annotations, handler, memoryLimit } = body, before = this.#state.pods.get(uid)
    if (handler !== undefined && handler !== onlyHandler && !this.#options.bare) return answer({ error: noHandlerText(this.#id(''), handler) })
    if (!body.hostNetwork && !this.#state.networkReady) {
      return answer({ error: `rpc error: code = Unknown desc = failed to setup network for sandbox "${this.#id('')}": cni plugin not initialized` })
    }
    const refused = body.hostNetwork ? undefined : noSandbox(this.#options.agent, this.#state, this.#id(''))
    if (refused !== undefined) return answer({ error: refused })
    const ip = body.hostNetwork ? '' : this.#address(uid)
    if (ip === undefined) {
      return answer({ error: `rpc error: code = Unknown desc = failed to setup network for sandbox: no addresses left in ${this.#options.podCidr}` })
    }
    const pod: PodRuntime = {
      uid, namespace, name, containers: before?.containers ?? [],
      sandbox: {
        id: this.#id(`${name}_${namespace}_${uid}_${attempt}`), attempt, ready: true, ip, createdAt: this.#context.now, annotations,
        ...memoryLimit === undefined ? undefined : { memoryLimit },
        ...!body.hostNetwork && isUnconnected(this.#options.agent, this.#state) ? { unconnected: true } : undefined,
      },
    }
    this.#state.pods.set(uid, pod)
    answer({ pod })
  }

  #pull(body: Call<'pull'>, id: number, caller: string): void {
    const pod = this.#state.pods.get(body.uid), { behaviour } = this.#behaviourOf(pod, body.container, body.image)
    const here = behaviour === undefined || (behaviour.image !== undefined && behaviour.image !== body.image) ? PLAIN : behaviour
    const registry = registryOf(body.image), unreachable = this.#state.unreachable.has(registry)
    if (unreachable) this.#state.failedPulls.set(registry, (this.#state.failedPulls.get(registry) ?? 0) + 1)
    const afterMs = unreachable ? dialTimeoutMs : here.pullMs, outcome = unreachable ? 'unreachable' : here.missing ? 'missing' : 'pulled'
    if (afterMs === 0) return this.#pulled({ image: body.image, outcome }, { callId: id, caller, for: 'pull' })
    this.#state.waiting.set(`pull ${id}`, { callId: id, caller, for: 'pull', image: body.image })
    this.#effects.push({ do: 'timer', key: `pull ${id}`, afterMs, data: { image: body.image, outcome } })
  }
  #pulled({ image, outcome }: { readonly image: string; readonly outcome: string }, to: Waiting): void {
    if (outcome === 'missing') {
      return this.#answer(to.callId, to.caller, { error: notFoundText(this.#options.bare ? image : fullName(image)), code: 'NotFound' })
    }
    if (outcome === 'unreachable') return this.#answer(to.callId, to.caller, { error: unreachableText(this.#options.bare ? image : fullName(image)) })
    const made = imageFrom(image, this.#options.bare)
    this.#state.images.set(made.ref, made)
    this.#answer(to.callId, to.caller, { image: made })
  }

  #create(body: Call<'create'>, answer: (rest: Partial<CriAnswer>) => void): void {
    const { uid, container, attempt } = body, pod = this.#state.pods.get(uid)
    if (!pod?.sandbox?.ready) return answer({ error: `failed to create container: sandbox of pod ${uid} is not ready` })
    const parsed = this.#behaviourOf(pod, container, body.image)
    if (parsed.error !== undefined) return answer({ pod, error: `InvalidBehaviour: the behaviour of container ${container} cannot be read: ${parsed.error}` })
    const image = this.#state.images.get(keptName(body.image, this.#options.bare)) ?? imageFrom(body.image, this.#options.bare)
    const behaviour = body.end ? { ...parsed.behaviour, ...body.end } : parsed.behaviour, run = (this.#state.runs.get(`${uid}/${container}`) ?? 0) + 1
    this.#state.runs.set(`${uid}/${container}`, run)
    const made: RuntimeContainer = {
      id: this.#id(`${pod.sandbox.id}_${container}_${attempt}`), name: container, sandbox: pod.sandbox.id, attempt, image: image.ref, imageId: image.id,
      state: 'created', startedAt: -1, startedMs: 0,
      finishedMs: 0, exitCode: 0, reason: '', hung: false, behaviour, exit: exitWithin(this.#exitOf(behaviour, run, body.ends), behaviour, body.memoryLimit),
      ports: body.ports, mounts: body.mounts, spec: body.spec,
    }
    const previous = newest(pod, container)
    const now = this.#put({ ...pod, containers: [made, ...pod.containers.filter(c => c.name !== container || c === previous)] }, made)
    answer({ pod: now })
  }

  #start(body: Call<'start'>, id: number, caller: string): void {
    const key = `${body.uid}/${body.container}`, made = newest(this.#state.pods.get(body.uid), body.container)
    if (!made || made.state !== 'created') {
      return this.#answer(id, caller, { uid: body.uid, pod: this.#state.pods.get(body.uid), error: `container ${body.container} is not there to be started` })
    }
    if (made.behaviour.startMs === 0) return this.#started(body.uid, body.container, { callId: id, caller, for: 'start' })
    this.#state.waiting.set(key, { callId: id, caller, for: 'start' })
    this.#effects.push({ do: 'timer', key: `start ${key}`, afterMs: made.behaviour.startMs, data: { uid: body.uid, container: body.container } })
  }
  #started(uid: string, name: string, to: Waiting): void {
    const pod = this.#state.pods.get(uid), made = newest(pod, name)
    if (!pod || made?.state !== 'created') return this.#answer(to.callId, to.caller, { uid, pod, error: `container ${name} is gone` })
    const { behaviour } = made, wallMs = this.#context.wallMs
    // A container that could not be started stays, exited with 128. Source: containerd internal/cri/server/container_start.go
    if (behaviour.startError !== undefined) {
      const after = this.#replace(pod, { ...made, state: 'exited', exitCode: 128, reason: 'StartError', message: behaviour.startError, finishedMs: wallMs })
      return this.#answer(to.callId, to.caller, { pod: after, error: behaviour.startError })
    }
    const running: RuntimeContainer = { ...made, state: 'running', startedAt: this.#context.now, startedMs: wallMs }
    this.#armExit(uid, running)
    this.#answer(to.callId, to.caller, { pod: this.#replace(pod, running) })
  }
  /** What is meant to end does so where nothing else is said of this run; in a bare world everything runs on. */
  #exitOf(behaviour: Behaviour, run: number, ends: boolean): Behaviour['exit'] {
    if (behaviour.exit && run <= (behaviour.exit.times ?? run)) return behaviour.exit
    return ends && !this.#options.bare ? ENDS.exit : undefined
  }
  /** Another memory limit, and with it perhaps another end. */
  #update({ uid, container: name, memoryLimit }: Call<'update'>, answer: (rest: Partial<CriAnswer>) => void): void {
    const pod = this.#state.pods.get(uid), container = newest(pod, name)
    if (!pod || container?.state !== 'running' || !container.behaviour.uses?.memory) return answer({ uid, pod })
    const since = this.#context.now - container.startedAt
    if ((used(container.behaviour, 'memory', since) ?? 0) > (memoryLimit ?? Infinity)) {
      this.#effects.push({ do: 'record', observation: { type: 'note', text: `not modelled: a memory limit of container ${name} below what it uses` } })
      return answer({ uid, pod })
    }
    const { behaviour, exit } = container, own = exit?.instead === undefined ? exit : exit.instead ?? undefined
    const now: RuntimeContainer = { ...container, exit: exitWithin(own, behaviour, memoryLimit) }
    const after = { ...pod, containers: pod.containers.map(c => c === container ? now : c) }
    this.#state.pods.set(uid, after)
    this.#effects.push({ do: 'cancel', key: `exit ${uid}/${name}` })
    this.#armExit(uid, now)
    answer({ uid, pod: after })
  }
  #armExit(uid: string, container: RuntimeContainer): void {
    const { exit } = container
    if (exit === undefined) return
    const afterMs = Math.max(0, container.startedAt + exit.afterMs - this.#context.now)
    this.#effects.push({ do: 'timer', key: `exit ${uid}/${container.name}`, afterMs, data: { uid, container: container.name, id: container.id } })
  }

  /** Looks at a limit of the whole pod again, as its containers have changed. */
  #watchMemory(pod: PodRuntime): void {
    if (pod.sandbox?.memoryLimit === undefined) return
    const next = overuseOf(pod, this.#context.now), key = `memory ${pod.uid}`
    this.#effects.push(next ? { do: 'timer', key, afterMs: next.atMs - this.#context.now, data: { uid: pod.uid, id: next.id } } : { do: 'cancel', key })
  }

  /** SIGTERM now, SIGKILL after the grace period; a second call can only bring SIGKILL forward. */
  #stop(body: Call<'stop'>, id: number, caller: string): void {
    const { uid, container } = body, key = `${uid}/${container}`, pod = this.#state.pods.get(uid), target = pod?.containers.find(c => c.id === body.id)
    if (!pod || target?.state !== 'running') return this.#answer(id, caller, { uid, pod })
    const before = this.#state.waiting.get(`stop ${key}`), { now } = this.#context, { term } = target.behaviour
    const askedAt = before?.askedAt ?? now, killAt = Math.min(now + body.graceMs, before?.killAt ?? Infinity)
    const endsAt = term.ignore || target.hung ? Infinity : Math.max(now, askedAt + term.afterMs), killed = endsAt > killAt
    this.#effects.push({ do: 'cancel', key: `exit ${key}` }, {
      do: 'timer', key: `stop ${key}`, afterMs: Math.min(endsAt, killAt) - now, data: { uid, container, id: body.id, code: killed ? 137 : term.code },
    })
    if (before) this.#answer(before.callId, before.caller, { uid, pod, error: 'a later call stops the container' })
    this.#state.waiting.set(`stop ${key}`, { callId: id, caller, for: 'stop', askedAt, killAt })
  }

  #stopSandbox(body: Call<'stop-sandbox'>, answer: (rest: Partial<CriAnswer>) => void): void {
    const pod = this.#state.pods.get(body.uid)
    if (!pod) return answer({ uid: body.uid })
    for (const c of pod.containers) if (c.state === 'running') this.#exited(body.uid, c.id, 137, undefined)
    const after = this.#state.pods.get(body.uid)!
    if (pod.sandbox?.ip) this.#state.addresses.delete(pod.sandbox.ip)
    if (body.forget) this.#forget(after)
    else this.#state.pods.set(body.uid, { ...after, sandbox: after.sandbox && { ...after.sandbox, ready: false, ip: '' } })
    answer({ uid: body.uid, pod: this.#state.pods.get(body.uid) })
  }
  #remove({ uid, ids }: Call<'remove'>, answer: (rest: Partial<CriAnswer>) => void): void {
    const pod = this.#state.pods.get(uid)
    if (!pod) return answer({ uid })
    const after = { ...pod, containers: pod.containers.filter(c => c.state !== 'exited' || !ids.includes(c.id)) }
    this.#state.pods.set(uid, after)
    answer({ pod: after })
  }
  #forget(pod: PodRuntime): void {
    this.#state.pods.delete(pod.uid)
    if (this.#state.files.size > 0) {
      for (const key of [...this.#state.files.keys()]) {
        if (key.startsWith(`${pod.uid}/`) || pod.containers.some(c => key.startsWith(`${c.id}/`))) this.#state.files.delete(key)
      }
    }
    for (const { name } of pod.containers) this.#state.runs.delete(`${pod.uid}/${name}`)
  }

  // ---- what happens by itself
  #timer(key: string, data: any): void {
    const waiting = this.#state.waiting.get(key.startsWith('start ') ? key.slice(6) : key)
    if (key.startsWith('exit ')) {
      const exit = this.#find(data.uid, data.id)?.exit
      this.#exited(data.uid, data.id, exit?.code ?? 0, exit?.oom ? 'OOMKilled' : undefined)
      this.#tell(data.uid)
    } else if (key.startsWith('memory ')) {
      this.#exited(data.uid, data.id, 137, 'OOMKilled')
      this.#tell(data.uid)
    } else if (key.startsWith('stop ')) {
      this.#state.waiting.delete(key)
      this.#exited(data.uid, data.id, data.code, undefined)
      if (waiting) this.#answer(waiting.callId, waiting.caller, { uid: data.uid, pod: this.#state.pods.get(data.uid) })
    } else if (key.startsWith('start ') && waiting) {
      this.#state.waiting.delete(key.slice(6))
      this.#started(data.uid, data.container, waiting)
    } else if (key.startsWith('pull ') && waiting) {
      this.#state.waiting.delete(key)
      this.#pulled(data, waiting)
    }
  }
  #find(uid: string, id: string): RuntimeContainer | undefined { return this.#state.pods.get(uid)?.containers.find(c => c.id === id) }

  #exited(uid: string, id: string, exitCode: number, reason: string | undefined): void {
    const pod = this.#state.pods.get(uid), container = this.#find(uid, id)
    if (!pod || container?.state !== 'running') return
    this.#effects.push({ do: 'cancel', key: `exit ${uid}/${container.name}` })
    this.#replace(pod, {
      ...container, state: 'exited', hung: false, exitCode, reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'), finishedMs: this.#context.wallMs,
    })
  }

  /** After the machine was off, what ran is found dead; after a restart of the runtime alone, containers are found as they are. */
  #resume(): void {
    for (const [uid, pod] of this.#state.pods.sorted()) {
      if (!this.#state.lost) {
        for (const c of pod.containers) if (c.state === 'running') this.#armExit(uid, c)
        this.#watchMemory(pod)
        continue
      }
      // Source: containerd internal/cri/server/restart.go: exit code 255, reason Unknown
      const containers = pod.containers.map(c =>
        c.state === 'exited' ? c : { ...c, state: 'exited' as const, hung: false, exitCode: 255, reason: 'Unknown', finishedMs: this.#context.wallMs })
      const after = { ...pod, containers, sandbox: pod.sandbox && { ...pod.sandbox, ready: false, ip: '' } }
      this.#state.pods.set(uid, after)
      for (const c of containers) if (this.#find(uid, c.id) && pod.containers.find(b => b.id === c.id)!.state !== 'exited') this.#record(after, c)
    }
    this.#state = { ...this.#state, lost: false }
  }

  #operate(operation: string, args: any): void {
    if (operation === 'declare-image') {
      const parsed = readBehaviour(args.behaviour)
      if (parsed.error !== undefined)
        this.#effects.push({
          do: 'record', observation: { type: 'note', text: `InvalidBehaviour: the behaviour of image ${args.image} cannot be read: ${parsed.error}` },
        })
      else this.#state.declared.set(fullName(args.image), parsed.behaviour)
    } else if (operation === 'registry') {
      if (args.reachable) this.#state.unreachable.delete(args.registry); else this.#state.unreachable.set(args.registry, true)
    } else if (operation === 'network') {
      this.#state = { ...this.#state, networkReady: args.ready }
      this.#effects.push({ do: 'send', to: `kubelet/${this.#options.host}`, message: { type: 'network-status', ready: args.ready } as Message })
    } else if (operation === 'manifest') {
      const { [args.file]: _, ...others } = this.#state.manifests
      this.#state = { ...this.#state, manifests: args.pod || args.error ? { ...others, [args.file]: args } : others }
      this.#effects.push({ do: 'send', to: `kubelet/${this.#options.host}`, message: { type: 'manifest', ...args } as Message })
    } else if (operation === 'write-file') {
      const container = newest(this.#state.pods.get(args.uid), args.container)
      if (container) this.#state.files.set(placeOf(container, args.path), args.content)
    }
    else this.#fault(operation, args.uid, args.container)
  }
  #fault(operation: string, uid: string, name: string): void {
    if (!FAULTS.includes(operation)) {
      this.#effects.push({ do: 'record', observation: { type: 'note', text: `not modelled: ${operation} of a container runtime` } })
      return
    }
    const pod = this.#state.pods.get(uid), container = newest(pod, name)
    if (!pod || container?.state !== 'running') return
    if (operation === 'crash-container') this.#exited(uid, container.id, 1, undefined)
    else if (operation === 'oom-container') this.#exited(uid, container.id, 137, 'OOMKilled')
    else this.#replace(pod, { ...container, hung: operation === 'hang-container' })
    this.#tell(uid)
  }

  // ---- small things
  #behaviourOf(pod: PodRuntime | undefined, container: string, image: string): ParsedBehaviour {
    const text = pod?.sandbox?.annotations?.[BEHAVIOUR_ANNOTATION + container]
    return text === undefined ? { behaviour: this.#state.declared.get(fullName(image)) ?? PLAIN } : parseBehaviour(text)
  }
  #replace(pod: PodRuntime, container: RuntimeContainer): PodRuntime {
    return this.#put({ ...pod, containers: pod.containers.map(c => c.id === container.id ? container : c) }, container)
  }
  #put(pod: PodRuntime, changed: RuntimeContainer): PodRuntime {
    this.#state.pods.set(pod.uid, pod)
    this.#record(pod, changed)
    this.#watchMemory(pod)
    return pod
  }
  #record(pod: PodRuntime, c: RuntimeContainer): void {
    const { namespace, name, uid } = pod, { host: node } = this.#options
    const more = c.state === 'exited' ? { exitCode: c.exitCode, reason: c.reason } : c.hung ? { hung: true } : undefined
    this.#effects.push({
      do: 'record', observation: { type: 'container', node, pod: name, namespace, uid, container: c.name, state: c.state, ...more, restarts: c.attempt },
    })
  }
  #tell(uid: string): void {
    this.#effects.push({ do: 'send', to: `kubelet/${this.#options.host}`, message: { type: 'cri-event', pod: this.#state.pods.get(uid)! } as Message })
  }
  #answer(callId: number, caller: string, rest: Partial<CriAnswer>): void {
    this.#effects.push({ do: 'send', to: caller, message: { ...rest, type: 'cri-answer', replyTo: callId, uid: rest.uid ?? rest.pod?.uid } as Message })
  }
  #id(name: string): string {
    if (this.#options.bare) return name
    return Array.from({ length: 8 }, () => (this.#context.bits('container id') >>> 0).toString(16).padStart(8, '0')).join('')
  }
  /** The next free address of the node's range, in turn. Source: containernetworking plugins/ipam/host-local (round robin). */
  #address(uid: string): string | undefined {
    const [a, b, c] = this.#options.podCidr.split('/')[0].split('.')
    for (let tried = 0; tried < 253; tried++) {
      const last = this.#state.nextAddress, address = `${a}.${b}.${c}.${last}`
      this.#state = { ...this.#state, nextAddress: last >= 254 ? 2 : last + 1 }
      if (!this.#state.addresses.has(address)) { this.#state.addresses.set(address, uid); return address }
    }
    return undefined
  }
}

/** The kernel kills what uses more memory than its limit. Source: cgroup v2, memory.max */
function exitWithin(exit: Behaviour['exit'], behaviour: Behaviour, memoryLimit: number | undefined): ContainerExit | undefined {
  const afterMs = memoryLimit === undefined ? undefined : outOfMemoryAfter(behaviour, memoryLimit)
  return afterMs === undefined || (exit && exit.afterMs <= afterMs) ? exit : { afterMs, code: 137, oom: true, instead: exit ?? null }
}
