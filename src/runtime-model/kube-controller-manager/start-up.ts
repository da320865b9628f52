import type { Effect, Input, Step, StepContext } from '../kernel/actor.ts'
import { isResponse } from '../api/messages.ts'
import type { ApiResponse } from '../api/request.ts'
import { call, get } from '../network/client.ts'
import type { Identity } from '../network/client.ts'
import type { ManagerState } from './state.ts'

/**
 * What a kube-controller-manager does before it runs for its lease: it reads how the API server authenticates, and ends if it cannot. One that is started
 * before there is an API server so comes and goes, ever more rarely, as its supervisor lets it; kube-scheduler goes on without.
 * Source: k8s.io/apiserver pkg/server/options/authentication.go (DelegatingAuthenticationOptions.ApplyTo, TolerateInClusterLookupFailure)
 */
const configMap = { resource: 'configmaps', namespace: 'kube-system', name: 'extension-apiserver-authentication' }
/** from the start of the process to its first request, measured on a machine that is not idle */
const startUpMs = 1000
/** the API server gives up before, if it answers at all */
const lookupTimeoutMs = 62_000
const LOOK_UP = 'look up authentication'

/** `ready`: the process may run for its lease. A cluster is brought up in an order in which nobody waits. */
export interface StartUp extends Step<ManagerState> { readonly ready: boolean }
export function startUp(state: ManagerState, input: Input, identity: Identity, context: StepContext): StartUp | undefined {
  if (input.on === 'start') {
    return context.now === 0
      ? { state, effects: [], ready: true }
      : { state, effects: [{ do: 'timer', key: LOOK_UP, afterMs: startUpMs }], ready: false }
  }
  if (input.on === 'timer' && input.key === LOOK_UP) {
    const { id, effect } = call(context, get(identity, configMap), { timeoutMs: lookupTimeoutMs })
    return { state: { ...state, lookup: id }, effects: [effect], ready: false }
  }
  if (state.lookup === 0) return undefined
  if (input.on === 'failed' && input.id === state.lookup) return { state, effects: giveUp(input.why), ready: false }
  if (input.on !== 'message' || !isResponse(input.message) || input.message.replyTo !== state.lookup) return undefined
  const { response } = input.message
  // a cluster without the object authenticates nobody by a front proxy, which is no reason to end
  return response.code === 200 || response.code === 404
    ? { state: { ...state, lookup: 0 }, effects: [], ready: true }
    : { state, effects: giveUp(words(response)), ready: false }
}

const words = (response: ApiResponse): string => response.body?.message ?? response.failure ?? String(response.code)
const giveUp = (why: string): Effect[] => [{ do: 'exit', reason: `unable to load configmap based request-header-client-ca-file: ${why}` }]
