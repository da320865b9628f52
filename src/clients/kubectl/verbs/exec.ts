import { NotModelled } from '../../errors.ts'
import { Exit, bare, failure } from '../errors.ts'
import { list, type Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import { callKubelet } from '../kubelet-calls.ts'
import { readManifests } from '../manifests.ts'
import { selectorText } from '../selector.ts'
import type { Session } from '../session.ts'
import { parseTargets } from '../targets.ts'
import type { Verb } from '../verb.ts'
import { defaultContainer } from './logs.ts'
import { attaching, namesOf } from './sessions.ts'

/**
 * Runs a program in a container, of the few whose answer follows from what the model knows (containers/programs.ts). Sources: kubectl pkg/cmd/exec/exec.go,
 * pkg/registry/core/pod/rest/subresources.go, pkg/kubelet/kubelet_pods.go (GetExec).
 */
export const exec: Verb = {
  flags: { ...attaching, filename: list('f') },
  async run(session, flags, command) {
    const before = flags.dashAt ?? flags.args.length, ofFile = flags.given('filename')
    if (flags.args.length === 0 && !ofFile) throw failure('pod, type/name or --filename must be specified')
    if (flags.args.length <= 1 && before === flags.args.length && !ofFile) throw failure('you must specify at least one command for the container')
    if (flags.dashAt === undefined) {
      throw failure(`exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee '${command} -h' for help and examples`)
    }
    const words = flags.args.slice(before), pod = await podOf(session, flags, before)
    if (['Succeeded', 'Failed'].includes(pod.status?.phase)) {
      throw failure(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`)
    }
    const asked = flags.text('container'), name = asked || defaultContainer(session, pod, flags.on('quiet'))
    if (flags.on('stdin') && session.environment.stdin !== undefined) throw new NotModelled(`${command} --stdin: what a program reads`)
    if (flags.on('tty')) session.complain('Unable to use a TTY - input is not a terminal or the right kind of file')
    await mayEnter(session, pod)
    if (!namesOf(pod).includes(name)) throw bare(`Error from server (BadRequest): container ${name} is not valid for pod ${pod.metadata.name}`)
    if (!pod.spec.nodeName) throw bare(`Error from server (BadRequest): pod ${pod.metadata.name} does not have a host assigned`)
    callKubelet(session, pod, 'session')
    await runIn(session, pod, name, words)
  },
}

/** A pod, or the one of a controller's or Service's that has been ready longest. Source: pkg/polymorphichelpers/attachablepodforobject.go */
async function podOf(session: Session, flags: Flags, before: number): Promise<any> {
  const pods = kindOf('pods')
  if (flags.given('filename')) {
    const [manifest] = readManifests(session, flags).manifests
    return session.get(manifest.kind, manifest.name!, manifest.namespace)
  }
  if (before === 0) throw failure('pod, type/name or --filename must be specified')
  const [target] = flags.args[0].includes('/') ? parseTargets([flags.args[0]], session.kinds) : [{ kind: pods, name: flags.args[0] }]
  // a pod is read by itself, without a look at its namespace
  if (target.kind === pods) return session.send({ verb: 'get', ...session.of(pods), name: target.name! })
  const object = await session.get(target.kind, target.name!)
  const selector = object.spec?.selector
  if (!selector) {
    throw failure(`cannot attach to *${target.kind.version}.${target.kind.kind}: selector for *${target.kind.version}.${target.kind.kind} not implemented`)
  }
  const found = await session.list(pods, {
    namespace: session.namespace, labelSelector: selectorText(target.kind.kind === 'Service' ? { matchLabels: selector } : selector, ''),
  })
  const ready = (p: any): any => p.status?.conditions?.find((c: any) => c.type === 'Ready' && c.status === 'True')
  const since = (p: any): string => ready(p)?.lastTransitionTime ?? '~', running = (p: any): number => p.status?.phase === 'Running' ? 0 : 1
  const [best] = found.sort((a, b) => running(a) - running(b) || (since(a) < since(b) ? -1 : since(a) > since(b) ? 1 : 0))
  if (!best) throw failure('timed out waiting for the condition')
  return best
}

/** May the user? The API server then hands the connection on to the kubelet, which is no request of its own in the model. */
async function mayEnter(session: Session, { metadata }: any): Promise<void> {
  const request = { verb: 'create', ...session.of(kindOf('pods'), metadata.namespace), name: metadata.name, subresource: 'exec' } as const
  const answer = await session.quietly(request)
  if (answer.code !== 501) await session.send(request)
  session.requests.push({ what: `create pod/exec ${metadata.name}`, response: { code: 101 } })
}

async function runIn(session: Session, pod: any, name: string, words: readonly string[]): Promise<void> {
  const { driver } = session, truth = driver.nodeTruth.pod(pod.metadata.uid, pod.spec.nodeName)?.containers.find(c => c.name === name)
  if (truth?.state !== 'running') throw failure(`Internal error occurred: unable to upgrade connection: container not found (${JSON.stringify(name)})`)
  const [{ isThere, runProgram }, { startOf }] = await Promise.all([import('../containers/programs.ts'), import('../containers/past.ts')])
  const container = [...pod.spec.containers, ...pod.spec.initContainers ?? [], ...pod.spec.ephemeralContainers ?? []].find((c: any) => c.name === name)
  if (!isThere(container.image, words[0])) {
    throw failure(
      `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(words[0])}: ${words[0].includes('/') ? `stat ${words[0]}: no such file or directory` : 'executable file not found in $PATH'}: unknown`
    )
  }
  const ended = await runProgram({ driver, pod, container, startedAt: startOf(driver, pod.metadata.uid, name) }, words)
  session.stdout += ended.stdout ?? ''
  session.stderr += ended.stderr ?? ''
  if (ended.code) throw new Exit(`command terminated with exit code ${ended.code}\n`, ended.code)
}
