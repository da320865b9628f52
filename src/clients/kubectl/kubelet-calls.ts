import { NotModelled } from '../errors.ts'
import { bare, type Exit } from './errors.ts'
import type { Session } from './session.ts'

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
