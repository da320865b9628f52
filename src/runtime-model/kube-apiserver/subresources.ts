import { ISSUER } from '../api/account-token.ts'
import type { ApiRequest, KubeObject } from '../api/request.ts'
import { badRequest, invalid, notFound, notModelled, type Status } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import { decode, registry, type KindDefinition } from '../kinds/index.ts'
import { accountToken } from './account-tokens.ts'
import { wrongDocument } from './documents.ts'
import { answer, pass, refuse } from './answers.ts'
import { boundToOther, refusedToNode } from './node-tokens.ts'
import { readLog } from './pod-log.ts'
import type { Flight, Turn } from './state.ts'
import type { Target } from './target.ts'
import { cached } from './watch-cache.ts'

/**
 * Subresources that read or make something else than the object. What a container writes is its node's and not known here: `log` tells why there
 * is nothing to show, or is not modelled. Source: pkg/registry/core/pod/strategy.go (LogLocation), pkg/registry/core/pod/rest.
 */
export function readSubresource(turn: Turn, flight: Flight, kind: KindDefinition, object: KubeObject): void {
  const { subresource = '' } = flight.request
  if (subresource === 'log') return readLog(turn, flight, object)
  // a part that is written by itself is read as the whole
  if (kind.subresourceStrategies?.[subresource]) return answer(turn, flight, { code: 200, body: object })
  refuse(turn, flight, notModelled(`${flight.request.resource}/${subresource}`))
}

/**
 * serviceaccounts/token. What a kubelet asks for nobody reads. Source: pkg/registry/core/serviceaccount/storage/token.go,
 * pkg/apis/authentication/validation/validation.go
 */
export function createToken(turn: Turn, flight: Flight, { kind, resource }: Target): void {
  const { request } = flight, { name = '', namespace = '' } = request, account = cached(turn.state.cache, resource, namespace, name)
  const other = wrongDocument(tokenRequest, request.body)
  if (other) return refuse(turn, flight, other)
  const { object, error } = decode(tokenRequest, request.body ?? {})
  if (error !== undefined) return refuse(turn, flight, badRequest(error))
  if (!account) return refuse(turn, flight, notFound(kind, name))
  const toNode = refusedToNode(turn, flight, object.spec)
  if (toNode) return refuse(turn, flight, toNode)
  const { spec } = object, seconds = spec.expirationSeconds ?? 3600, wrong = wrongToken(turn, request, object.metadata?.name, seconds, spec.boundObjectRef)
  if (wrong) return refuse(turn, flight, wrong)
  const passed = pass(turn, pass(turn, flight, 'mutating admission'), 'validating admission')
  const audiences: readonly string[] = spec.audiences?.length > 0 ? spec.audiences : [ISSUER]
  const token = flight.user.name.startsWith('system:node:') ? `${turn.context.uid()}.${turn.context.uid()}`
    : accountToken(turn, account, audiences, seconds, spec.boundObjectRef)
  const body = {
    kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, uid: account.metadata.uid, creationTimestamp: formatTime(turn.context.wallMs) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: formatTime(turn.context.wallMs + seconds * 1000) },
  }
  answer(turn, passed, { code: 201, body })
}
const tokenRequest: KindDefinition = { ...registry.byGroupKind('authentication.k8s.io', 'TokenReview')!, kind: 'TokenRequest' }
const boundTo: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }
function wrongToken(turn: Turn, { name = '', namespace = '' }: ApiRequest, own: string | undefined, seconds: number, to: any): Status | undefined {
  const of = { group: 'authentication.k8s.io', kind: 'TokenRequest' }, tooShort = seconds < 600
  if (own && own !== name) {
    return invalid(of, name, [{
      type: 'FieldValueInvalid', field: 'metadata.name', body: `Invalid value: ${JSON.stringify(own)}: must match the service account name if specified`,
    }])
  }
  if (tooShort || seconds > 2 ** 32) {
    return invalid(of, '', [{
      type: 'FieldValueInvalid', field: 'spec.expirationSeconds',
      body: `Invalid value: ${seconds}: may not specify a duration ${tooShort ? 'less than 10 minutes' : 'larger than 2^32 seconds'}`,
    }])
  }
  if (!to) return undefined
  const resource = to.apiVersion === 'v1' || !to.apiVersion ? boundTo[to.kind] : undefined
  if (resource === undefined) {
    return badRequest(`cannot bind token to object of type ${to.apiVersion?.includes('/') ? '' : '/'}${to.apiVersion ?? ''}, Kind=${to.kind ?? ''}`)
  }
  const bound = cached(turn.state.cache, resource, resource === 'nodes' ? '' : namespace, to.name ?? '')
  if (!bound) return notFound({ group: '', resource }, to.name ?? '')
  return to.uid && to.uid !== bound.metadata.uid ? boundToOther(resource, to.name, to.uid) : undefined
}
