import { isCri, type CriCall, type Manifest } from '../api/cri.ts'
import type { NetworkAgent } from '../api/network-agent.ts'
import { NO_EFFECTS, type Actor, type Input, type Message, type Step } from '../kernel/actor.ts'
import { agentRuns, connected } from './agent.ts'
import { create, exited, goOn, remove, start, started, stop, update } from './containers.ts'
import { imageFrom } from './images.ts'
import { operate } from './operations.ts'
import { pull, pulled } from './pulls.ts'
import { runSandbox, stopSandbox } from './sandboxes.ts'
import { afterRestart, emptyRuntime, type RuntimeOptions, type RuntimeState } from './state.ts'
import { Turn, type Answer } from './turn.ts'

/**
 * containerd on one machine: sandboxes, images, containers. It does what kubelets ask and tells them what containers did by themselves; it
 * never restarts anything. Its truth outlives the kubelet. Source of the behaviour: cri-api v1, containerd internal/cri/server.
 */
export function containerRuntime(options: RuntimeOptions): Actor<RuntimeState> {
  return {
    id: `container-runtime/${options.host}`, component: 'container-runtime', host: options.host, supervised: true,
    init: () => withImages(options.agent ? { ...emptyRuntime(), networkReady: false, agentLostMs: 0 } : emptyRuntime(), options),
    restart: (state, after) => afterRestart(state, after, options.bare),
    step: (state, input, context) => take(new Turn(options, state, context), input),
  }
}
function withImages(state: RuntimeState, { images, bare }: RuntimeOptions): RuntimeState {
  for (const name of images ?? []) { const image = imageFrom(name, bare); state.images.set(image.ref, image) }
  return state
}

function take(turn: Turn, input: Input): Step<RuntimeState> {
  if (input.on === 'message' && isCri(input.message)) called(turn, input.message.body, input.message.id, input.from)
  else if (input.on === 'timer') due(turn, input.key, input.data)
  else if (input.on === 'start' && input.boot > 0) resume(turn)
  else if (input.on === 'operate') operate(turn, input.operation, input.args)
  if (turn.options.agent) lookAtAgent(turn, turn.options.agent)
  return { state: turn.state, effects: turn.effects.length ? turn.effects : NO_EFFECTS }
}

function called(turn: Turn, body: CriCall, id: number, caller: string): void {
  const answer: Answer = (rest = {}) => turn.answer(id, caller, rest)
  switch (body.call) {
    case 'list': return list(turn, answer)
    case 'run-sandbox': return runSandbox(turn, body, answer)
    case 'pull': return pull(turn, body, id, caller)
    case 'create': return create(turn, body, answer)
    case 'start': return start(turn, body, id, caller)
    case 'update': return update(turn, body, answer)
    case 'stop': return stop(turn, body, id, caller)
    case 'stop-sandbox': return stopSandbox(turn, body, answer)
    case 'remove': return remove(turn, body, answer)
    case 'remove-images': for (const ref of body.refs) turn.state.images.delete(ref); return answer()
  }
}

function list({ state }: Turn, answer: Answer): void {
  const pods = state.pods.sorted().map(([, pod]) => pod), images = state.images.sorted().map(([, image]) => image)
  answer({ all: { pods, images, boots: state.boots, ...manifestsOf(state), ...state.networkReady ? undefined : { networkReady: false } } })
}
function manifestsOf({ manifests }: RuntimeState): { readonly manifests?: readonly Manifest[] } {
  const files = Object.keys(manifests).sort()
  return files.length > 0 ? { manifests: files.map(file => manifests[file]) } : {}
}

/** What was to come has come: `key` is the word of its kind and whom it is about. */
function due(turn: Turn, key: string, data: any): void {
  const { waiting } = turn.state, [word] = key.split(' ', 1), asked = word === 'start' ? key.slice(6) : key, call = waiting.get(asked)
  if (word === 'exit' || word === 'memory') {
    const exit = word === 'memory' ? { code: 137, oom: true } : turn.find(data.uid, data.id)?.exit
    exited(turn, data.uid, data.id, exit?.code ?? 0, exit?.oom ? 'OOMKilled' : undefined)
    return turn.tell(data.uid)
  }
  waiting.delete(asked)
  if (word === 'stop') exited(turn, data.uid, data.id, data.code)
  if (!call) return
  if (word === 'stop') turn.answer(call.callId, call.caller, { uid: data.uid, pod: turn.state.pods.get(data.uid) })
  else if (word === 'start') started(turn, data.uid, data.container, call)
  else pulled(turn, data, call)
}

/** After the machine was off, what ran is found dead; after a restart of the runtime alone, containers are found as they are. */
function resume(turn: Turn): void {
  for (const [uid, pod] of turn.state.pods.sorted()) {
    if (!turn.state.lost) {
      for (const c of pod.containers) if (c.state === 'running') goOn(turn, pod, c)
      turn.watchMemory(pod)
      continue
    }
    // Source: containerd internal/cri/server/restart.go: exit code 255, reason Unknown
    const containers = pod.containers.map(c =>
      c.state === 'exited' ? c : { ...c, state: 'exited' as const, hung: false, exitCode: 255, reason: 'Unknown', finishedMs: turn.context.wallMs })
    const after = { ...pod, containers, sandbox: pod.sandbox && { ...pod.sandbox, ready: false, ip: '' } }
    turn.state.pods.set(uid, after)
    containers.forEach((c, i) => { if (c !== pod.containers[i]) turn.record(after, c) })
  }
  turn.state = { ...turn.state, lost: false }
}

/** The agent of the network plugin has begun to run, or runs no longer. */
function lookAtAgent(turn: Turn, agent: NetworkAgent): void {
  const { state } = turn, runs = agentRuns(agent, state)
  if (runs === (state.agentLostMs === undefined)) return
  turn.state = runs ? connected(state) : { ...state, agentLostMs: turn.context.wallMs }
  if (runs && !state.networkReady) turn.send({ type: 'network-status', ready: true } as Message)
}
