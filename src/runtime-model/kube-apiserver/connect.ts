import { badRequest, forbidden, isStatus, notFound } from '../api/status.ts'
import { answer, refuse } from './answers.ts'
import { actionOf, decide } from './authorization.ts'
import { minorOf } from './older-versions.ts'
import { proxyTarget } from './proxy.ts'
import type { Flight, Turn } from './state.ts'
import type { Target } from './target.ts'
import { cached } from './watch-cache.ts'

/**
 * A session with a pod: 101 says that it may be, the body whose it is; the server then hands the connection on to the kubelet, which is no request of its
 * own. So it is with `…/proxy`, where the body says where to.
 * A WebSocket begins with a GET, so whoever opens one must be allowed to create it too. Sources: pkg/registry/core/pod/rest/subresources.go,
 * pkg/registry/core/pod/strategy.go (ExecLocation, AttachLocation, PortForwardLocation), apimachinery pkg/util/proxy/upgradeaware.go.
 */
export function connect(turn: Turn, flight: Flight, target: Target): void {
  const { kind, resource } = target, { request, user } = flight, { subresource = '', namespace = '', name = '' } = request
  // since AuthorizePodWebsocketUpgradeCreatePermission
  const asks = request.verb === 'get' && resource === 'pods' && subresource !== 'proxy' && minorOf(turn.options) >= 35
  if (asks && !decide(turn.state.cache, actionOf({ ...request, verb: 'create' }, user)).allowed) return refuse(turn, flight, forbidden(kind, name, ''))
  if (subresource === 'proxy') {
    const found = proxyTarget(turn.state.cache, target, namespace, name)
    return isStatus(found) ? refuse(turn, flight, found) : answer(turn, flight, { code: 101, body: found })
  }
  const object = cached(turn.state.cache, resource, kind.namespaced ? namespace : '', name)
  if (!object) return refuse(turn, flight, notFound(kind, name))
  const wrong = subresource === 'portforward' ? undefined : wrongContainer(object, request.query?.['container'])
  if (wrong) return refuse(turn, flight, badRequest(wrong))
  if (!object.spec.nodeName) return refuse(turn, flight, badRequest(`pod ${name} does not have a host assigned`))
  if (!request.upgrade) return refuse(turn, flight, badRequest('Upgrade request required'))
  answer(turn, flight, { code: 101, body: object })
}

/** Source: pkg/registry/core/pod/strategy.go (validateContainer) */
export function wrongContainer({ metadata, spec }: any, asked: string | undefined): string | undefined {
  const all: readonly any[] = [...spec.containers, ...spec.initContainers ?? [], ...spec.ephemeralContainers ?? []]
  if (asked) return all.some(c => c.name === asked) ? undefined : `container ${asked} is not valid for pod ${metadata.name}`
  if (spec.containers.length === 1) return undefined
  const names = (list: readonly any[] | undefined): string => (list ?? []).map(c => c.name).join(' ')
  const inits = spec.initContainers?.length ? ` or one of the init containers: [${names(spec.initContainers)}]` : ''
  return `a container name must be specified for pod ${metadata.name}, choose one of: [${names(spec.containers)}]${inits}`
}
