import { NotModelled } from '../../errors.ts'
import { bare, failure, usage } from '../errors.ts'
import { bool, duration, inert, int, list, text, type Flags, type FlagTable } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import type { Session } from '../session.ts'
import { parseTargets } from '../targets.ts'
import type { Verb } from '../verb.ts'

export const attaching: FlagTable = { container: text('c'), stdin: bool('i'), tty: bool('t'), quiet: bool('q'), 'pod-running-timeout': inert(duration('1m0s')) }

/** Verbs that open a session with a container: what is refused before it begins is refused here too; what happens within it is not modelled. */
export async function podNamed(session: Session, word: string): Promise<any> {
  const [target] = word.includes('/') ? parseTargets([word], session.kinds) : [{ kind: kindOf('pods'), name: word }]
  const object = await session.get(target.kind, target.name!)
  return target.kind.kind === 'Pod' ? object : undefined
}
export const namesOf = (pod: any): string[] =>
  [...pod.spec.containers, ...pod.spec.initContainers ?? [], ...pod.spec.ephemeralContainers ?? []].map((c: any) => c.name)
/** Source: kubectl pkg/cmd/attach/attach.go. */
export const attach: Verb = {
  flags: attaching,
  async run(session, flags, command) {
    if (flags.args.length === 0) throw failure('at least 1 argument is required for attach')
    if (flags.args.length > 2) {
      throw failure(
        'expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw 3: '.replace('3', String(flags.args.length)) + `[${flags.args.join(' ')}]`
      )
    }
    const pod = await podNamed(session, flags.args.join('/'))
    if (pod) {
      if (['Succeeded', 'Failed'].includes(pod.status?.phase)) {
        throw failure(`cannot attach a container in a completed pod; current phase is ${pod.status.phase}`)
      }
      if (flags.given('container') && !namesOf(pod).includes(flags.text('container'))) {
        throw failure(`cannot attach to the container: container ${flags.text('container')} not found in pod ${pod.metadata.name}`)
      }
    }
    throw new NotModelled(`${command}: containers print nothing`)
  },
}
/** Source: kubectl pkg/cmd/cp/cp.go. */
export const cp: Verb = {
  flags: { container: text('c'), 'no-preserve': bool(), retries: int('0') },
  async run(session, flags, command) {
    if (flags.args.length !== 2) throw failure('source and destination are required')
    const remote = flags.args.filter(a => a.includes(':'))
    if (remote.length === 0) throw failure('one of src or dest must be a remote file specification')
    if (remote.length === 2) throw failure('one of src or dest must be a local file specification')
    await podNamed(session, remote[0].split(':')[0].split('/').at(-1)!)
    throw new NotModelled(`${command}: containers have no file system to copy from`)
  },
}
/** Source: kubectl pkg/cmd/portforward/portforward.go. */
export const portForward: Verb = {
  flags: { address: { ...list(), initial: 'localhost' }, 'pod-running-timeout': duration('1m0s') },
  async run(session, flags, command) {
    if (flags.args.length < 2) throw usage(command, 'TYPE/NAME and list of ports are required for port-forward')
    const pod = await podNamed(session, flags.args[0])
    if (pod && pod.status?.phase !== 'Running') throw failure(`unable to forward port because pod is not running. Current status=${pod.status?.phase}`)
    const remote = flags.args.slice(1).map(p => p.split(':').at(-1)!), ports: any[] = pod?.spec.containers.flatMap((c: any) => c.ports ?? []) ?? []
    const service = flags.args[0].includes('/') ? parseTargets([flags.args[0]], session.kinds)[0] : undefined
    if (service?.kind.kind === 'Service') checkServicePorts(await session.get(service.kind, service.name!), flags.args.slice(1))
    const odd = pod && remote.find(p => !/^\d+$/.test(p) && !ports.some(q => q.name === p))
    if (odd !== undefined) throw failure(`Pod '${pod.metadata.name}' does not have a named port '${odd}'`)
    throw new NotModelled(`${command}: there is no machine of one's own to forward to`)
  },
}
/** Source: portforward.go (translateServicePortToTargetPort, util.LookupContainerPortNumberByServicePort) */
function checkServicePorts({ metadata, spec }: any, pairs: readonly string[]): void {
  for (const asked of pairs.map(p => p.split(':').at(-1)!)) {
    const known = spec.ports?.some((p: any) => /^\d+$/.test(asked) ? p.port === Number(asked) : p.name === asked)
    if (!known) throw failure(`Service ${metadata.name} does not have a service port ${asked}`)
  }
}
