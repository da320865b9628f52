import { NotModelled } from '../../errors.ts'
import { unreached } from '../containers/kubelet.ts'
import { failure, usage } from '../errors.ts'
import { duration, list } from '../flags.ts'
import { freePort, keepForwards, listeners, type Forward } from '../forwards.ts'
import { kindOf } from '../kinds.ts'
import { open } from '../kubelet-calls.ts'
import type { Session } from '../session.ts'
import { parseTargets } from '../targets.ts'
import type { Verb } from '../verb.ts'
import { attachablePod } from './attachable-pod.ts'

/**
 * Listens on ports of one's own machine and hands what comes there to a pod. It goes on behind its step, as in another terminal, until its pod or its
 * connection is gone; `curl http://localhost:PORT` asks through it. Sources: kubectl pkg/cmd/portforward/portforward.go, client-go
 * tools/portforward/portforward.go.
 */
export const portForward: Verb = {
  flags: { address: { ...list(), initial: 'localhost' }, 'pod-running-timeout': duration('1m0s') },
  async run(session, flags, command) {
    const [target, ...asked] = flags.args
    if (asked.length === 0) throw usage(command, 'TYPE/NAME and list of ports are required for port-forward')
    const found = target.includes('/') ? parseTargets([target], session.kinds)[0] : { kind: kindOf('pods'), name: target }
    const object = await session.get(found.kind, found.name!)
    const pod = await attachablePod(session, found.kind, object, flags.duration('pod-running-timeout'))
    const pairs = asked.map(split).map(pair => found.kind.kind === 'Service' ? ofService(object, pod, pair) : ofPod(pod, pair))
    if (pod.status?.phase !== 'Running') throw failure(`unable to forward port because pod is not running. Current status=${pod.status?.phase}`)
    const addresses = addressesOf(flags.given('address') ? flags.list('address') : ['localhost']), ports = pairs.map(numbered)
    await open(session, pod, 'portforward', undefined, answer => failure(`error upgrading connection: ${answer.body?.message ?? 'no answer'}`))
    const why = unreached(session.driver, pod)
    if (why !== undefined) throw failure(`error upgrading connection: error dialing backend: ${why}`)
    listen(session, pod, addresses, ports)
  },
}

interface Pair { readonly local: string; readonly remote: string }
interface Ports { readonly local: number; readonly remote: number }
const split = (text: string): Pair => { const [local, remote = local] = text.split(':'); return { local, remote } }
const isNumber = (text: string): boolean => /^\d+$/.test(text)

/** Source: portforward.go (checkUDPPortInPod, convertPodNamedPortToNumber) */
function ofPod({ metadata, spec }: any, { local, remote }: Pair): Pair {
  const ports: readonly any[] = spec.containers.flatMap((c: any) => c.ports ?? [])
  const port = ports.find(p => isNumber(remote) ? p.containerPort === Number(remote) : p.name === remote)
  if (port === undefined && !isNumber(remote)) throw failure(`Pod '${metadata.name}' does not have a named port '${remote}'`)
  const others = ports.some(p => p.containerPort === port?.containerPort && p.protocol !== 'UDP')
  if (port?.protocol === 'UDP' && !others) throw failure(`UDP protocol is not supported for ${remote}`)
  const number = isNumber(remote) ? remote : String(port.containerPort)
  return { local: local === remote ? number : local, remote: number }
}
/** Source: portforward.go (checkUDPPortInService, translateServicePortToTargetPort), pkg/util/pod_port.go, service_port.go */
function ofService({ metadata, spec }: any, pod: any, { local, remote }: Pair): Pair {
  const port = (spec.ports as readonly any[] | undefined ?? []).find(p => isNumber(remote) ? p.port === Number(remote) : p.name === remote)
  if (port === undefined && !isNumber(remote)) throw failure(`Service '${metadata.name}' does not have a named port '${remote}'`)
  if (port === undefined) throw failure(`Service ${metadata.name} does not have a service port ${remote}`)
  if (port.protocol === 'UDP') throw failure(`UDP protocol is not supported for ${remote}`)
  const own = local === remote ? String(port.port) : local
  if (spec.clusterIP === 'None') return { local: own, remote: String(port.port) }
  return typeof port.targetPort === 'string' && !isNumber(port.targetPort)
    ? { local: own, remote: ofPod(pod, { local: own, remote: port.targetPort }).remote }
    : { local: own, remote: String(port.targetPort || port.port) }
}

/** Source: client-go tools/portforward (parsePorts); strconv.ParseUint with 16 bits. */
function numbered({ local, remote }: Pair): Ports {
  const number = (which: 'local' | 'remote', text: string): number => {
    const why = text !== '' && isNumber(text) ? Number(text) > 65_535 ? 'value out of range' : undefined : 'invalid syntax'
    if (why) throw failure(`error parsing ${which} port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`)
    return Number(text)
  }
  const ports = { local: local === '' ? 0 : number('local', local), remote: number('remote', remote) }
  if (ports.remote === 0) throw failure('remote port must be > 0')
  return ports
}
/** Source: client-go tools/portforward (parseAddresses): in the order of their names. */
function addressesOf(given: readonly string[]): readonly string[] {
  const all = new Set(given.flatMap(address => {
    if (address === 'localhost') return ['127.0.0.1', '::1']
    if (!isAddress(address)) throw failure(`${address} is not a valid IP`)
    return [address]
  }))
  return [...all].sort()
}
const isAddress = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split('.').every(n => Number(n) < 256) : /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(text)

function listen(session: Session, pod: any, addresses: readonly string[], ports: readonly Ports[]): void {
  const { driver } = session, foreign = addresses.find(a => !['127.0.0.1', '::1', '0.0.0.0', '::'].includes(a))
  if (foreign !== undefined) throw new NotModelled(`kubectl port-forward --address=${foreign}: which addresses one's own machine has`)
  const begun: Forward[] = [], other = listeners(driver)
  for (const port of ports) {
    const taken = [...other, ...begun], local = port.local || freePort(driver, begun)
    const busy = (address: string): boolean => taken.some(f => f.local === local && f.addresses.some(a => collide(a, address)))
    const free = addresses.filter(a => !busy(a)), shown = (a: string): string => a.includes(':') ? `[${a}]` : a
    if (free.length === 0) {
      const why = addresses.map(a => `unable to create listener: Error listen tcp${a.includes(':') ? 6 : 4} ${shown(a)}:${local}: bind: address already in use`)
      session.complain(`Unable to listen on port ${local}: Listeners failed to create with the following errors: [${why.join(' ')}]`)
      continue
    }
    for (const a of free) session.print(`Forwarding from ${shown(a)}:${local} -> ${port.remote}`)
    begun.push({
      addresses: free, local, remote: port.remote, namespace: pod.metadata.namespace, pod: pod.metadata.name, uid: pod.metadata.uid, node: pod.spec.nodeName,
      since: session.now,
    })
  }
  if (begun.length === 0) throw failure(`unable to listen on any of the requested ports: [${ports.map(p => `{${p.local} ${p.remote}}`).join(' ')}]`)
  keepForwards(driver, begun)
}
/** one address of a family, or all of it */
const collide = (a: string, b: string): boolean => a.includes(':') === b.includes(':') && (a === b || [a, b].some(x => x === '0.0.0.0' || x === '::'))
