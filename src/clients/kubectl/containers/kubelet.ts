import type { Driver } from '../../../drivers/driver.ts'
import { NotModelled } from '../../errors.ts'
import { startOf } from './past.ts'
import type { Place } from './process.ts'
import { isThere } from './programs.ts'

/**
 * What a kubelet answers when an API server hands a connection on to it, and why that does not come to it. Sources: apiserver pkg/util/proxy (dial.go,
 * streamtranslator.go), pkg/kubelet/kubelet_pods.go (GetExec, GetAttach, GetPortForward).
 */
export type Session = 'exec' | 'attach' | 'portforward'

/** Why the kubelet of the pod's node cannot be reached, in Go's words; undefined: it can. */
export function unreached(driver: Driver, { spec }: any): string | undefined {
  const node = driver.nodeTruth.node(spec.nodeName), rule = driver.activeRules?.().find(r => r.includes(spec.nodeName) || r.includes('partition'))
  if (rule) throw new NotModelled(`whether an API server reaches the kubelet of ${spec.nodeName}: ${rule}`)
  const failed = (why: string): string => `dial tcp ${addressOf(driver, spec.nodeName)}: connect: ${why}`
  if (!node || node.power === 'down') return failed('no route to host')
  if (node.power === 'hung' || node.kubelet === 'hung') throw new NotModelled(`a call to the kubelet of ${spec.nodeName}, which hangs`)
  return node.kubelet === 'down' ? failed('connection refused') : undefined
}
/** Whether a connection through an API server and the kubelet of a pod's node still holds; one that hangs does. */
export function isConnected(driver: Driver, { spec }: any): boolean {
  const node = driver.nodeTruth.node(spec.nodeName)
  return node !== undefined && node.power !== 'down' && node.kubelet !== 'down'
    && driver.components().some(c => c.component === 'kube-apiserver' && c.state !== 'down')
}
const addressOf = (driver: Driver, node: string): string => `${driver.stored('nodes', '', node)?.status?.addresses?.[0]?.address ?? node}:10250`

/** Where the kubelet is asked: `https://NODE:10250/exec/default/web/app?command=env&output=1`; `what` is `exec`, `attach` or `containerLogs`. */
export function kubeletUrl(driver: Driver, { metadata, spec }: any, what: string, container: string, query: readonly (readonly [string, string])[]): string {
  const words = [...query].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return `https://${addressOf(driver, spec.nodeName)}/${what}/${metadata.namespace}/${metadata.name}/${container}${words && `?${words}`}`
}

/** Why a session with a container cannot be, in the words of the kubelet. */
export function noSession(driver: Driver, { metadata, spec }: any, container: string, session: 'exec' | 'attach'): string | undefined {
  const truth = driver.nodeTruth.pod(metadata.uid, spec.nodeName)?.containers.find(c => c.name === container)
  if (truth?.state === 'running') return undefined
  return session === 'exec' ? `container not found (${JSON.stringify(container)})` : `container ${container} not found in pod ${metadata.name}_${metadata.namespace}`
}

/** Where a program runs that is started in a container; a text: why it does not, in the words of the runtime. */
export function placeIn(driver: Driver, pod: any, name: string, program: string): Place | string {
  const container = [...pod.spec.containers, ...pod.spec.initContainers ?? [], ...pod.spec.ephemeralContainers ?? []].find((c: any) => c.name === name)
  if (isThere(container.image, program)) return { driver, pod, container, startedAt: startOf(driver, pod.metadata.uid, name) }
  return `error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(program)}: ${program.includes('/') ? `stat ${program}: no such file or directory` : 'executable file not found in $PATH'}: unknown`
}
