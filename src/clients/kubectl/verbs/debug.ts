import { hashString } from '../../../base/hash.ts'
import { isImageReference } from '../../../runtime-model/api/image-names.ts'
import { NotModelled } from '../../errors.ts'
import { failure } from '../errors.ts'
import { array, bool, list, text, type Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import type { Session } from '../session.ts'
import { follow } from '../waiting.ts'
import { greet } from './sessions.ts'
import { parseTargets } from '../targets.ts'
import { copyPod, debugNode, warnOfUser, type DebugContainer } from './debug-pods.ts'
import type { Verb } from '../verb.ts'

/**
 * `kubectl debug`: an ephemeral container that joins a pod, a copy of the pod, a pod on a node. What needs a terminal is not modelled. Source: kubectl
 * pkg/cmd/debug/{debug,profiles}.go
 */
const onlyWithCopy: readonly [flag: string, says: string][] = [
  ['replace', '--replace may only be used with --copy-to.'], ['same-node', '--same-node may only be used with --copy-to.'],
  ['set-image', '--set-image may only be used with --copy-to.'],
]
const pullPolicies = ['', 'Always', 'IfNotPresent', 'Never']
const legacyWarning =
  '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".'

/** What a profile lets the new container do; undefined: nothing of its own. */
const profiles: Readonly<Record<string, any>> = {
  legacy: undefined, baseline: undefined, general: { capabilities: { add: ['SYS_PTRACE'] } }, netadmin: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
  sysadmin: { privileged: true },
  restricted: { capabilities: { drop: ['ALL'] }, runAsNonRoot: true, allowPrivilegeEscalation: false, seccompProfile: { type: 'RuntimeDefault' } },
}

export const debug: Verb = {
  flags: {
    filename: list('f'), container: text('c'), image: text(), target: text(), profile: text(undefined, 'legacy'), env: array(), 'image-pull-policy': text(),
    'arguments-only': bool(), quiet: bool('q'), stdin: bool('i'), tty: bool('t'), attach: bool(),
    'copy-to': text(), replace: bool(), 'same-node': bool(), 'set-image': array(), 'share-processes': bool(undefined, 'true'), custom: text(),
    'keep-labels': bool(), 'keep-annotations': bool(), 'keep-liveness': bool(), 'keep-readiness': bool(), 'keep-startup': bool(),
    'keep-init-containers': bool(undefined, 'true'),
  },
  async run(session, flags, command) {
    const names = flags.args.slice(0, flags.dashAt ?? flags.args.length)
    if (!(flags.text('profile') in profiles)) throw failure(`unknown profile: ${flags.text('profile')}`)
    check(session, flags, names)
    if (flags.given('custom')) throw new NotModelled(`${command} --custom`)
    if (flags.given('filename')) throw new NotModelled(`${command} --filename`)
    for (const { kind, name } of names.some(n => n.includes('/')) ? parseTargets(names, session.kinds) : names.map(n => ({ kind: kindOf('pods'), name: n }))) {
      const object = await session.get(kind, name!)
      if (kind.kind === 'Node' && attaches(flags)) throw noTerminal(command)
      if (kind.kind === 'Node') { await debugNode(session, flags, object, containerOf(flags), lettersOf); continue }
      if (kind.kind !== 'Pod') throw failure(`"${kind.group ? `${kind.group}/` : '/'}${kind.version}, Kind=${kind.kind}" not supported by debug`)
      if (attaches(flags)) await attached(session, flags, command, object)
      else if (flags.given('copy-to')) await copyPod(session, flags, object, containerOf(flags), pod => freeName(session, flags, pod))
      else await join(session, flags, object)
    }
  },
}

const attaches = (flags: Flags): boolean => flags.given('attach') ? flags.on('attach') : flags.on('stdin')
const noTerminal = (command: string): Error =>
  new NotModelled(`${command}: what somebody types in a container; --attach=false makes it and ends, and a few programs by themselves are known (\`-- nslookup web\`)`)
/** A program that is known is run in the new container, as if that were to end with it; its exit code is nobody's. Source: debug.go (handleAttachPod) */
async function attached(session: Session, flags: Flags, command: string, pod: any): Promise<void> {
  const words = flags.dashAt === undefined ? [] : flags.args.slice(flags.dashAt), { knows, isThere, runProgram } = await import('../containers/programs.ts')
  if (flags.given('copy-to') || !knows(words) || !isThere(flags.text('image'), words[0])) throw noTerminal(command)
  if (flags.on('stdin') && session.environment.stdin !== undefined) throw new NotModelled(`${command} --stdin: what a program reads`)
  const pods = kindOf('pods'), { namespace, name } = pod.metadata, called = await join(session, flags, pod)
  const runs = (seen: any): boolean => seen?.status?.ephemeralContainerStatuses?.some((c: any) => c.name === called && c.state.running) ?? false
  if (await follow(session, pods, namespace, name, undefined, waitMs, seen => seen === undefined || runs(seen)) === 'timeout') {
    throw failure('timed out waiting for the condition')
  }
  if (flags.on('tty')) session.complain('Unable to use a TTY - input is not a terminal or the right kind of file')
  greet(session, flags.on('quiet'))
  const { driver } = session, now = driver.stored('pods', namespace, name), container = now?.spec.ephemeralContainers?.find((c: any) => c.name === called)
  if (!container) throw new NotModelled(`${command}: pod ${name} went before its program ran`)
  const ended = await runProgram({ driver, pod: now, container, startedAt: driver.now() }, words)
  session.stdout += ended.stdout ?? ''
  session.stderr += ended.stderr ?? ''
}
/** so long it is waited for a container that is to be attached to; by itself kubectl waits for ever */
const waitMs = 600_000

/** What is refused before anything is asked, in kubectl's order. */
function check(session: Session, flags: Flags, names: readonly string[]): void {
  const image = flags.text('image')
  if (!flags.given('copy-to')) {
    const alone = onlyWithCopy.find(([flag]) => flags.given(flag))
    if (alone) throw failure(alone[1])
    if (!image) throw failure('you must specify --image when not using --copy-to.')
  }
  if (image && !isImageReference(image)) throw failure(`invalid image name ${JSON.stringify(image)}: invalid reference format`)
  if (names.length === 0 && !flags.given('filename')) throw failure('NAME or filename is required for debug')
  if (!pullPolicies.includes(flags.text('image-pull-policy'))) throw failure(`invalid image pull policy: ${flags.text('image-pull-policy')}`)
  if (!flags.on('quiet') && flags.text('target')) {
    session.print(
      `Targeting container ${JSON.stringify(flags.text('target'))}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.`
    )
  }
  if (flags.on('tty') && !flags.on('stdin')) throw failure('-i/--stdin is required for containers with -t/--tty=true')
  // it is known by then in which namespace that is
  void session.namespace
  if (flags.text('profile') === 'legacy') session.complain(legacyWarning)
}

/** `known`: a container that has its name already. */
function containerOf(flags: Flags, known?: any): DebugContainer {
  const words = flags.dashAt === undefined ? [] : flags.args.slice(flags.dashAt), security = withAdded(profiles[flags.text('profile')], known)
  const env = flags.list('env')
    .flatMap(pairs => pairs.split(','))
    .map(pair => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }))
  return {
    ...flags.text('image') ? { image: flags.text('image') } : {},
    ...flags.given('image-pull-policy') ? { imagePullPolicy: flags.text('image-pull-policy') } : {},
    ...words.length ? { [flags.on('arguments-only') ? 'args' : 'command']: words } : {}, ...env.length ? { env } : {},
    ...security ? { securityContext: security } : {}, ...flags.on('stdin') ? { stdin: true } : {}, ...flags.on('tty') ? { tty: true } : {},
  }
}

/** Answers its name. */
async function join(session: Session, flags: Flags, pod: any): Promise<string> {
  const name = flags.text('container') || freeName(session, flags, pod), joined: readonly any[] = pod.spec.ephemeralContainers ?? []
  const container = {
    name, ...containerOf(flags, joined.find(c => c.name === name)), resources: {}, terminationMessagePolicy: 'File',
    ...flags.text('target') ? { targetContainerName: flags.text('target') } : {},
  }
  if (!joined.some(c => c.name === name)) warnOfUser(session, pod, container)
  // one of that name is there already: kubectl finds nothing that its patch would change
  if (joined.some(c => c.name === name) && profiles[flags.text('profile')] === undefined) return name
  const order = [...new Set([...joined.map(c => c.name), name])]
  await session.send({
    verb: 'patch', ...session.of(kindOf('pods'), pod.metadata.namespace), name: pod.metadata.name, subresource: 'ephemeralcontainers',
    body: { spec: { '$setElementOrder/ephemeralContainers': order.map(n => ({ name: n })), ephemeralContainers: [container] } },
    patchType: 'application/strategic-merge-patch+json',
  })
  return name
}

/** A profile is given to the first container of that name, which may be one that is there. */
function withAdded(security: any, known: any): any {
  const before: readonly string[] = known?.securityContext?.capabilities?.add ?? [], add: readonly string[] | undefined = security?.capabilities?.add
  return add && before.length > 0 ? { ...security, capabilities: { add: [...before, ...add] } } : security
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'
const lettersOf = (seed: string): string => Array.from({ length: 5 }, (_, i) => letters[(hashString(seed, i) >>> 0) % letters.length]).join('')
/** kubectl draws five letters; here they follow from the pod, so that a run is the same each time. */
function freeName(session: Session, flags: Flags, pod: any): string {
  const taken: readonly string[] = [...pod.spec.containers, ...pod.spec.initContainers ?? [], ...pod.spec.ephemeralContainers ?? []].map((c: any) => c.name)
  for (let salt = taken.length; ; salt++) {
    const name = `debugger-${lettersOf(`${pod.metadata.uid} ${salt}`)}`
    if (taken.includes(name)) continue
    if (!flags.on('quiet')) session.print(`Defaulting debug container name to ${name}.`)
    return name
  }
}
