import type { AdmissionAnswer, AdmissionReviewMessage } from '../api/webhooks.ts'
import { webhookActor } from '../api/webhooks.ts'
import type { Actor, Effect } from '../kernel/actor.ts'

/**
 * The server behind an admission webhook, wherever it runs: a program of somebody's own that the scenario says the answers of. It allows everything until it is
 * told otherwise. Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export interface WebhookState {
  readonly answer: AdmissionAnswer
  readonly delayMs: number
  readonly waiting: readonly { readonly key: string; readonly from: string; readonly id: number }[]
}
export const webhooksHost = 'webhooks'

export const webhookServer = (name: string): Actor<WebhookState> => ({
  id: webhookActor(name), component: 'webhook', host: webhooksHost, supervised: false,
  init: () => ({ answer: { allowed: true }, delayMs: 0, waiting: [] }),
  // what it answers is its program, not its memory
  restart: state => ({ ...state, waiting: [] }),
  step(state, input) {
    if (input.on === 'operate' && input.operation === 'answer') {
      return { state: { ...state, answer: input.args.answer, delayMs: input.args.delayMs ?? 0 }, effects: [] }
    }
    if (input.on === 'message' && input.message.type === 'admission review') {
      const { id } = input.message as AdmissionReviewMessage
      if (state.delayMs === 0) return { state, effects: [reply(input.from, id, state.answer)] }
      const key = `answer ${id}`
      return { state: { ...state, waiting: [...state.waiting, { key, from: input.from, id }] }, effects: [{ do: 'timer', key, afterMs: state.delayMs }] }
    }
    if (input.on === 'timer') {
      const due = state.waiting.find(w => w.key === input.key)
      if (due) return { state: { ...state, waiting: state.waiting.filter(w => w !== due) }, effects: [reply(due.from, due.id, state.answer)] }
    }
    return { state, effects: [] }
  },
})
const reply = (to: string, replyTo: number, answer: AdmissionAnswer): Effect => ({ do: 'send', to, message: { type: 'admission answer', replyTo, answer } })
