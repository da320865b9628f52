import { readBehaviour } from '../api/behaviour.ts'
import { isShared, placeOf } from '../api/cri.ts'
import { fullName } from '../api/image-names.ts'
import type { Message } from '../kernel/actor.ts'
import { exited, waited } from './containers.ts'
import { newest } from './state.ts'
import type { Turn } from './turn.ts'

/** What comes from outside of the cluster: images that are declared, files that are written, and faults. */
export function operate(turn: Turn, operation: string, args: any): void {
  const { state } = turn
  switch (operation) {
    case 'declare-image': {
      const parsed = readBehaviour(args.behaviour)
      if (parsed.error !== undefined) turn.note(`InvalidBehaviour: the behaviour of image ${args.image} cannot be read: ${parsed.error}`)
      else state.declared.set(fullName(args.image), parsed.behaviour)
      return
    }
    case 'registry': {
      if (args.reachable) state.unreachable.delete(args.registry)
      else state.unreachable.set(args.registry, true)
      return
    }
    case 'network': {
      turn.state = { ...state, networkReady: args.ready }
      return turn.send({ type: 'network-status', ready: args.ready } as Message)
    }
    case 'manifest': {
      const { [args.file]: _, ...others } = state.manifests
      turn.state = { ...state, manifests: args.pod || args.error ? { ...others, [args.file]: args } : others }
      return turn.send({ type: 'manifest', ...args } as Message)
    }
    case 'write-file': {
      const container = newest(state.pods.get(args.uid), args.container)
      if (!container) return
      const place = placeOf(container, args.path), before = isShared(place) ? state.files.get(place) ?? [] : []
      state.files.set(place, [...before, { atMs: turn.context.now, content: args.content }])
      return fileChanged(turn, args, true)
    }
    case 'remove-file': {
      const container = newest(state.pods.get(args.uid), args.container)
      if (container) state.files.delete(placeOf(container, args.path))
      return fileChanged(turn, args, false)
    }
    case 'wait-over': return waited(turn, args.uid, args.id)
    default: return fault(turn, operation, args.uid, args.container)
  }
}

/** Probes that ask for the file find it, or find it no more. */
function fileChanged(turn: Turn, { uid, container: name, path }: any, exists: boolean): void {
  const pod = turn.state.pods.get(uid), container = newest(pod, name)
  if (!pod || container?.state !== 'running') return
  const { behaviour } = container, files = [...behaviour.files ?? [], { path, fromMs: turn.context.now - container.startedAt, exists }]
  const now = { ...container, behaviour: { ...behaviour, files } }
  turn.state.pods.set(uid, { ...pod, containers: pod.containers.map(c => c === container ? now : c) })
  turn.tell(uid)
}

function fault(turn: Turn, operation: string, uid: string, name: string): void {
  if (!FAULTS.includes(operation)) return turn.note(`not modelled: ${operation} of a container runtime`)
  const pod = turn.state.pods.get(uid), container = newest(pod, name)
  if (!pod || container?.state !== 'running') return
  if (operation === 'crash-container') exited(turn, uid, container.id, 1)
  else if (operation === 'oom-container') exited(turn, uid, container.id, 137, 'OOMKilled')
  else turn.replace(pod, { ...container, hung: operation === 'hang-container' })
  turn.tell(uid)
}
const FAULTS = ['crash-container', 'oom-container', 'hang-container', 'resume-container']
