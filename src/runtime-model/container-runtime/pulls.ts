import { PLAIN } from '../api/behaviour.ts'
import { keptName, registryOf } from '../api/image-names.ts'
import { imageFrom, notFoundText, unreachableText } from './images.ts'
import type { Waiting } from './state.ts'
import type { Call, Turn } from './turn.ts'

/** A registry that does not answer is given up after so long. Source: containerd, dialer of the docker resolver (30 s). */
const dialTimeoutMs = 30_000

export interface Pull { readonly image: string; readonly outcome: 'pulled' | 'missing' | 'unreachable'; readonly bytes?: number }

export function pull(turn: Turn, { uid, container, image }: Call<'pull'>, id: number, caller: string): void {
  const { unreachable, failedPulls, pods, waiting } = turn.state, { behaviour } = turn.behaviourOf(pods.get(uid), container, image)
  const here = behaviour === undefined || (behaviour.image !== undefined && behaviour.image !== image) ? PLAIN : behaviour
  const registry = registryOf(image), unanswered = unreachable.has(registry)
  if (unanswered) failedPulls.set(registry, (failedPulls.get(registry) ?? 0) + 1)
  const afterMs = unanswered ? dialTimeoutMs : here.pullMs
  const data: Pull = { image, outcome: unanswered ? 'unreachable' : here.missing ? 'missing' : 'pulled', bytes: here.sizeBytes }
  if (afterMs === 0) return pulled(turn, data, { callId: id, caller, for: 'pull' })
  waiting.set(`pull ${id}`, { callId: id, caller, for: 'pull', image })
  turn.effects.push({ do: 'timer', key: `pull ${id}`, afterMs, data })
}

/** A pull ends, as its registry has it. */
export function pulled(turn: Turn, { image, outcome, bytes }: Pull, { callId, caller }: Waiting): void {
  const { bare } = turn.options, told = keptName(image, bare)
  if (outcome === 'missing') return turn.answer(callId, caller, { error: notFoundText(told), code: 'NotFound' })
  if (outcome === 'unreachable') return turn.answer(callId, caller, { error: unreachableText(told) })
  const made = { ...imageFrom(image, bare), ...bytes === undefined ? undefined : { bytes } }
  turn.state.images.set(made.ref, made)
  turn.answer(callId, caller, { image: made })
}
