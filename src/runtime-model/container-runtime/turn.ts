import { BEHAVIOUR_ANNOTATION, parseBehaviour, PLAIN, type ParsedBehaviour } from '../api/behaviour.ts'
import type { CriAnswer, CriCall, PodRuntime, RuntimeContainer } from '../api/cri.ts'
import { fullName } from '../api/image-names.ts'
import { saidByCommand } from '../api/shell/said-by-command.ts'
import type { Effect, Message, StepContext } from '../kernel/actor.ts'
import { overuseOf } from './pod-memory.ts'
import type { RuntimeOptions, RuntimeState } from './state.ts'

export type Call<K extends CriCall['call']> = Extract<CriCall, { call: K }>
/** Answers the call that is being handled. */
export type Answer = (rest?: Partial<CriAnswer>) => void

/** One step of the runtime: collects what changes and what should happen. */
export class Turn {
  readonly options: RuntimeOptions
  readonly context: StepContext
  readonly effects: Effect[] = []
  state: RuntimeState

  constructor(options: RuntimeOptions, state: RuntimeState, context: StepContext) { this.options = options; this.state = state; this.context = context }

  find(uid: string, id: string): RuntimeContainer | undefined { return this.state.pods.get(uid)?.containers.find(c => c.id === id) }
  /** Declared by the pod, or of the image; else what its command says, but in a bare world. */
  behaviourOf(pod: PodRuntime | undefined, container: string | undefined, image: string, call?: Call<'create'>): ParsedBehaviour {
    const text = container === undefined ? ofImage(pod, image) : pod?.sandbox?.annotations?.[BEHAVIOUR_ANNOTATION + container]
    if (text !== undefined) return parseBehaviour(text)
    const declared = this.state.declared.get(fullName(image))
    return { behaviour: declared ?? (this.options.bare ? undefined : call && saidByCommand(call)) ?? PLAIN }
  }

  replace(pod: PodRuntime, container: RuntimeContainer): PodRuntime {
    return this.put({ ...pod, containers: pod.containers.map(c => c.id === container.id ? container : c) }, container)
  }
  put(pod: PodRuntime, changed: RuntimeContainer): PodRuntime {
    this.state.pods.set(pod.uid, pod)
    this.record(pod, changed)
    this.watchMemory(pod)
    return pod
  }
  /** Looks at a limit of the whole pod again, as its containers have changed. */
  watchMemory(pod: PodRuntime): void {
    if (pod.sandbox?.memoryLimit === undefined) return
    const next = overuseOf(pod, this.context.now), key = `memory ${pod.uid}`
    this.effects.push(next ? { do: 'timer', key, afterMs: next.atMs - this.context.now, data: { uid: pod.uid, id: next.id } } : { do: 'cancel', key })
  }

  record(pod: PodRuntime, c: RuntimeContainer): void {
    const { namespace, name, uid } = pod, { host: node } = this.options
    const more = c.state === 'exited' ? { exitCode: c.exitCode, reason: c.reason } : c.hung ? { hung: true } : undefined
    this.effects.push({
      do: 'record', observation: { type: 'container', node, pod: name, namespace, uid, container: c.name, state: c.state, ...more, restarts: c.attempt },
    })
  }
  note(text: string): void { this.effects.push({ do: 'record', observation: { type: 'note', text } }) }
  /** Tells the kubelet what containers have done by themselves. */
  tell(uid: string): void { this.send({ type: 'cri-event', pod: this.state.pods.get(uid)! } as Message) }
  /** To the kubelet of this machine. */
  send(message: Message): void { this.effects.push({ do: 'send', to: `kubelet/${this.options.host}`, message }) }
  answer(callId: number, caller: string, rest: Partial<CriAnswer>): void {
    this.effects.push({ do: 'send', to: caller, message: { ...rest, type: 'cri-answer', replyTo: callId, uid: rest.uid ?? rest.pod?.uid } as Message })
  }

  /** 64 hexadecimal digits; what a bare world's runtime (the reference's) calls it is `name`. */
  id(name: string): string {
    if (this.options.bare) return name
    let id = ''
    for (let i = 0; i < 8; i++) id += (this.context.bits('container id') >>> 0).toString(16).padStart(8, '0')
    return id
  }
}

/** What a pod says of an image that is for none of its containers: the annotation that names it. */
function ofImage(pod: PodRuntime | undefined, image: string): string | undefined {
  return Object.entries(pod?.sandbox?.annotations ?? {}).find(([key, text]) =>
    key.startsWith(BEHAVIOUR_ANNOTATION) && parseBehaviour(text).behaviour?.image === image)?.[1]
}
