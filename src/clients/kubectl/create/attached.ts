import { NotModelled } from '../../errors.ts'
import { startOf } from '../containers/past.ts'
import { isThere, knows, runProgram } from '../containers/programs.ts'
import { Exit, failure, usage } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import { dryRunOf } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { greet } from '../verbs/sessions.ts'
import { follow } from '../waiting.ts'

const isReady = (pod: any): boolean => pod?.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') ?? false

/**
 * `kubectl run NAME --image=… --rm -i -- PROGRAM`: a pod for one program, which is gone again behind it. The program is run in the pod's container while that
 * is there; a pod that is to stay would have to end with it. Source: kubectl pkg/cmd/run/run.go (RunRun, handleAttachPod, removeCreatedObjects).
 */
export async function runAttached(session: Session, flags: Flags, command: string, object: any, words: readonly string[]): Promise<void> {
  checkAttached(session, flags, command, words)
  const told = knows(words)
  const pods = kindOf('pods'), { name } = object.metadata, [container] = object.spec.containers, once = object.spec.restartPolicy === 'Never'
  const spec = {
    ...object.spec, containers: [{
      ...container, ...flags.on('stdin') ? { stdin: true, ...once && !flags.on('leave-stdin-open') ? { stdinOnce: true } : {} } : {},
      ...flags.on('tty') ? { tty: true } : {},
    }],
  }
  const made = await session.send({
    verb: 'create', ...session.of(pods), body: { ...object, metadata: { ...object.metadata, namespace: session.namespace }, spec },
    fieldManager: flags.text('field-manager'), fieldValidation: 'Strict',
  })
  const ready = await follow(
    session, pods, session.namespace, name, made, flags.duration('pod-running-timeout') || 60_000, pod => pod === undefined || isReady(pod) || isOver(pod)
  )
  if (ready === 'timeout') {
    if (flags.on('rm')) await removed(session, name)
    throw failure('timed out waiting for the condition')
  }
  if (flags.on('tty')) session.complain('Unable to use a TTY - input is not a terminal or the right kind of file')
  if (!told) return watched(session, flags, command, name)
  greet(session, flags.on('quiet'))
  const { driver } = session, pod = driver.stored('pods', session.namespace, name)
  if (!pod || !isReady(pod)) throw new NotModelled(`${command}: pod ${name} went before its program ran`)
  const ended = await runProgram({ driver, pod, container: pod.spec.containers[0], startedAt: startOf(driver, pod.metadata.uid, name) }, words)
  session.stdout += ended.stdout ?? ''
  session.stderr += ended.stderr ?? ''
  if (ended.code && object.spec.restartPolicy === 'OnFailure') throw new NotModelled(`${command}: a program that fails and is started again`)
  await removed(session, name)
  if (ended.code && once) throw new Exit(`pod ${session.namespace}/${name} terminated (Error)\n`, ended.code)
}

/** A container that ends by itself, and tells what its image's behaviour says. */
async function watched(session: Session, flags: Flags, command: string, name: string): Promise<void> {
  const pods = kindOf('pods'), { driver, namespace } = session, begun = driver.stored('pods', namespace, name), [container] = begun?.spec.containers ?? [{}]
  if (begun && isOver(begun)) {
    const printed = driver.nodeTruth.printed(begun.metadata.uid, container.name, 'ended')
    if (!printed) throw new NotModelled(`what container ${container.name} of pod ${name} prints`)
    session.stdout += printed.map(p => `${p.line}\n`).join('')
  } else {
    greet(session, flags.on('quiet'))
    session.stdout += await (await import('../containers/streamed.ts')).streamed(session, command, begun, container.name)
  }
  const waits = begun?.spec.restartPolicy !== 'Always' && !flags.on('leave-stdin-open')
  if (waits) await follow(session, pods, namespace, name, undefined, 60_000, pod => pod === undefined || isOver(pod))
  const last = driver.stored('pods', namespace, name)
  if (flags.on('rm')) await removed(session, name)
  const terminated = waits && last?.status.phase === 'Failed' ? last.status.containerStatuses?.[0]?.state?.terminated : undefined
  if (terminated) throw new Exit(`pod ${namespace}/${name} terminated (${terminated.reason})\n`, terminated.exitCode)
}
const isOver = (pod: any): boolean => ['Succeeded', 'Failed'].includes(pod?.status?.phase)

function checkAttached(session: Session, flags: Flags, command: string, words: readonly string[]): void {
  if (dryRunOf(flags) !== 'none') {
    throw usage(command, "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)")
  }
  const told = knows(words)
  if (told && !flags.on('rm')) throw new NotModelled(`${command} of a program whose pod stays: with --rm its answer is told and the pod is gone`)
  if (flags.on('stdin') && session.environment.stdin !== undefined) throw new NotModelled(`${command} --stdin: what a program reads`)
  if (flags.on('expose') || flags.given('output') || flags.on('save-config')) throw new NotModelled(`${command} with --expose, --output or --save-config`)
  if (!told && (flags.on('tty') || words.length > 0)) {
    throw new NotModelled(`${command}: ${words.length ? `what \`${words[0]}\` does in a container` : 'a shell in a container'}`)
  }
  if (told && !isThere(flags.text('image'), words[0])) throw new NotModelled(`${command}: a container whose program its image lacks`)
}

/** By itself kubectl asks for no grace period, and a pod that has ended gets none; here its container still runs, as nothing ended it. */
async function removed(session: Session, name: string): Promise<void> {
  await session.send({ verb: 'delete', ...session.of(kindOf('pods')), name, body: { propagationPolicy: 'Background', gracePeriodSeconds: 0 } })
  session.print(`pod ${JSON.stringify(name)} deleted from ${session.namespace} namespace`)
}
