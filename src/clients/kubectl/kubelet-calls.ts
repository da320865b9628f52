import { isOk, type ApiResponse } from '../../runtime-model/api/request.ts'
import { NotModelled } from '../errors.ts'
import { ApiError, bare, type Exit } from './errors.ts'
import { kindOf } from './kinds.ts'
import type { Session } from './session.ts'

/**
 * Asks an API server whether a session with a pod may be opened; it then hands the connection on to the kubelet, which is no request of its own in the model.
 * `refused`: what to throw if not.
 */
export async function mayOpen(
  session: Session, { metadata }: any, subresource: 'exec' | 'attach' | 'portforward', refused?: (answer: ApiResponse) => Error
): Promise<void> {
  const request = { verb: 'create', ...session.of(kindOf('pods'), metadata.namespace), name: metadata.name, subresource } as const
  const answer = await session.quietly(request)
  // what a session does is not modelled by API servers (501), but here
  if (answer.code !== 501 && !isOk(answer)) {
    throw refused?.(answer) ?? new ApiError({ ...request, group: '', version: 'v1', credentials: { user: '', groups: [] }, userAgent: 'kubectl' }, answer)
  }
  session.requests.push({ what: `create pod/${subresource} ${metadata.name}`, response: { code: 101 } })
}

/**
 * kube-apiserver hands some requests on to the kubelet of a pod's node: what is said if it cannot. Source: apiserver pkg/util/proxy (dial.go), kubelet/client.
 */
export function callKubelet(session: Session, { metadata, spec }: any, call: { readonly log: string } | 'session'): void {
  const { driver } = session, node = driver.nodeTruth.node(spec.nodeName)
  const address = driver.stored('nodes', '', spec.nodeName)?.status?.addresses?.[0]?.address ?? spec.nodeName
  const rule = driver.activeRules?.().find(r => r.includes(spec.nodeName) || r.includes('partition'))
  if (rule) throw new NotModelled(`whether an API server reaches the kubelet of ${spec.nodeName}: ${rule}`)
  const doing = call === 'session' ? 'error dialing backend' : `Get "https://${address}:10250/containerLogs/${metadata.namespace}/${metadata.name}/${call.log}"`
  const failed = (why: string): Exit => bare(`Error from server: ${doing}: dial tcp ${address}:10250: connect: ${why}`)
  if (!node || node.power === 'down') throw failed('no route to host')
  if (node.power === 'hung' || node.kubelet === 'hung') throw new NotModelled(`a call to the kubelet of ${spec.nodeName}, which hangs`)
  if (node.kubelet === 'down') throw failed('connection refused')
}
