import { failure } from '../errors.ts'
import { bool, duration, situational, text, type FlagTable } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import { begin, open } from '../kubelet-calls.ts'
import type { Session } from '../session.ts'
import { parseTargets } from '../targets.ts'
import type { Verb } from '../verb.ts'
import { attachablePod } from './attachable-pod.ts'
import { defaultContainer } from './logs.ts'

export const attaching: FlagTable = {
  container: text('c'), stdin: bool('i'), tty: bool('t'), quiet: bool('q'), 'pod-running-timeout': situational(duration('1m0s')),
}

const all = (pod: any): readonly any[] => [...pod.spec.containers, ...pod.spec.initContainers ?? [], ...pod.spec.ephemeralContainers ?? []]
export const namesOf = (pod: any): string[] => all(pod).map(c => c.name)

/** What is said to one who is attached to a container. Source: kubectl pkg/cmd/attach/attach.go. */
export function greet(session: Session, quiet: boolean): void {
  if (quiet) return
  session.complain(
    'All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.'
  )
  session.complain("If you don't see a command prompt, try pressing enter.")
}

/** Shows what a container prints, until it ends. Source: kubectl pkg/cmd/attach/attach.go. */
export const attach: Verb = {
  flags: attaching,
  async run(session, flags, command) {
    const { args } = flags
    if (args.length === 0) throw failure('at least 1 argument is required for attach')
    if (args.length > 2) throw failure(`expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`)
    const word = args.join('/'), [target] = word.includes('/') ? parseTargets([word], session.kinds) : [{ kind: kindOf('pods'), name: word }]
    const pod = await attachablePod(session, target.kind, await session.get(target.kind, target.name!), flags.duration('pod-running-timeout'))
    if (['Succeeded', 'Failed'].includes(pod.status?.phase)) {
      throw failure(`cannot attach a container in a completed pod; current phase is ${pod.status.phase}`)
    }
    const asked = flags.text('container')
    if (asked && !namesOf(pod).includes(asked)) throw failure(`cannot attach to the container: container ${asked} not found in pod ${pod.metadata.name}`)
    const name = asked || defaultContainer(session, pod, flags.on('quiet')), container = all(pod).find(c => c.name === name)
    if (flags.on('tty') && !container.tty && !flags.on('quiet')) session.complain(`error: Unable to use a TTY - container ${name} did not allocate one`)
    greet(session, flags.on('quiet'))
    const protocol = await open(session, pod, 'attach', name)
    begin(session, pod, 'attach', name, [['error', '1'], ['output', '1'], ...flags.on('stdin') ? [['input', '1'] as const] : []], protocol)
    session.stdout += await (await import('../containers/streamed.ts')).streamed(session, command, pod, name)
  },
}
