import type { KubeObject } from '../api/request.ts'
import { badRequest, notFound, notModelled } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import { answer, pass, refuse } from './answers.ts'
import type { Flight, Turn } from './state.ts'
import type { Target } from './target.ts'
import { cached } from './watch-cache.ts'

/**
 * Subresources that read or make something else than the object. What a container writes is its node's and not known here: `log` tells why there
 * is nothing to show, or is not modelled. Source: pkg/registry/core/pod/strategy.go (LogLocation), pkg/registry/core/pod/rest.
 */
export function readSubresource(turn: Turn, flight: Flight, object: KubeObject): void {
  const { subresource = '' } = flight.request
  if (subresource === 'log') return readLog(turn, flight, object)
  refuse(turn, flight, notModelled(`${flight.request.resource}/${subresource}`))
}

function readLog(turn: Turn, flight: Flight, pod: KubeObject): void {
  const { query } = flight.request, all: readonly any[] = [...pod.spec.containers, ...pod.spec.initContainers ?? [], ...pod.spec.ephemeralContainers ?? []], name = pod.metadata.name
  const names = (list: readonly any[] | undefined): string => (list ?? []).map(c => c.name).join(' ')
  const asked = query?.['container'] || (all.length === 1 ? all[0].name : undefined)
  if (asked === undefined) return refuse(turn, flight, badRequest(`a container name must be specified for pod ${name}, choose one of: [${names(pod.spec.containers)}]${pod.spec.initContainers?.length ? ` or one of the init containers: [${names(pod.spec.initContainers)}]` : ''}`))
  if (!all.some(c => c.name === asked)) return refuse(turn, flight, badRequest(`container ${asked} is not valid for pod ${name}`))
  if (!pod.spec.nodeName) return answer(turn, flight, { code: 200, body: '' })
  const status = [...pod.status?.containerStatuses ?? [], ...pod.status?.initContainerStatuses ?? []].find((s: any) => s.name === asked), waiting = status?.state?.waiting
  const previous = query?.['previous'] === 'true'
  if (previous && !status?.lastState?.terminated) return refuse(turn, flight, badRequest(`previous terminated container ${JSON.stringify(asked)} in pod ${JSON.stringify(name)} not found`))
  if (waiting && !status.lastState?.terminated) {
    const failing = ['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull'].includes(waiting.reason) ? "trying and failing to pull image" : `${waiting.reason}`
    return refuse(turn, flight, badRequest(`container ${JSON.stringify(asked)} in pod ${JSON.stringify(name)} is waiting to start: ${failing}`))
  }
  refuse(turn, flight, notModelled(`the log of container ${asked} of pod ${name}`))
}

/** serviceaccounts/token: a token nobody reads. Source: pkg/registry/core/serviceaccount/storage/token.go */
export function createToken(turn: Turn, flight: Flight, { kind, resource }: Target): void {
  const { request } = flight, account = cached(turn.state.cache, resource, request.namespace ?? '', request.name ?? '')
  if (!account) return refuse(turn, flight, notFound(kind, request.name ?? ''))
  const seconds = request.body?.spec?.expirationSeconds ?? 3600, passed = pass(turn, pass(turn, flight, 'mutating admission'), 'validating admission')
  const body = {
    kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: { name: request.name, namespace: request.namespace, creationTimestamp: formatTime(turn.context.wallMs) },
    spec: { audiences: ['https://kubernetes.default.svc.cluster.local'], expirationSeconds: seconds, boundObjectRef: null, ...request.body?.spec },
    status: { token: `eyJhbGciOiJSUzI1NiJ9.${turn.context.uid().replaceAll('-', '')}.${turn.context.uid().replaceAll('-', '')}`, expirationTimestamp: formatTime(turn.context.wallMs + seconds * 1000) },
  }
  answer(turn, passed, { code: 201, body })
}

export const connectSubresources: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy'])
