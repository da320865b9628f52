import { NotModelled } from '../../errors.ts'
import { Exit, bare, failure } from '../errors.ts'
import { list, type Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import { callKubelet, mayOpen } from '../kubelet-calls.ts'
import { readManifests } from '../manifests.ts'
import type { Session } from '../session.ts'
import { parseTargets } from '../targets.ts'
import type { Place } from '../containers/process.ts'
import type { Verb } from '../verb.ts'
import { attachablePod } from './attachable-pod.ts'
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
    await runIn(session, await enter(session, pod, name, words[0]), words)
  },
}

/** Goes into a container to start a program there; what stands in the way is thrown in the words of the API server, the kubelet and the runtime. */
export async function enter(session: Session, pod: any, name: string, program: string): Promise<Place> {
  await mayOpen(session, pod, 'exec')
  if (!namesOf(pod).includes(name)) throw bare(`Error from server (BadRequest): container ${name} is not valid for pod ${pod.metadata.name}`)
  if (!pod.spec.nodeName) throw bare(`Error from server (BadRequest): pod ${pod.metadata.name} does not have a host assigned`)
  callKubelet(session, pod, 'session')
  const { driver } = session, truth = driver.nodeTruth.pod(pod.metadata.uid, pod.spec.nodeName)?.containers.find(c => c.name === name)
  if (truth?.state !== 'running') throw failure(`Internal error occurred: unable to upgrade connection: container not found (${JSON.stringify(name)})`)
  const [{ isThere }, { startOf }] = await Promise.all([import('../containers/programs.ts'), import('../containers/past.ts')])
  const container = [...pod.spec.containers, ...pod.spec.initContainers ?? [], ...pod.spec.ephemeralContainers ?? []].find((c: any) => c.name === name)
  if (!isThere(container.image, program)) {
    throw failure(
      `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(program)}: ${program.includes('/') ? `stat ${program}: no such file or directory` : 'executable file not found in $PATH'}: unknown`
    )
  }
  return { driver, pod, container, startedAt: startOf(driver, pod.metadata.uid, name) }
}

/** A pod, or one of what an object stands for. */
async function podOf(session: Session, flags: Flags, before: number): Promise<any> {
  const pods = kindOf('pods')
  if (flags.given('filename')) {
    const [manifest] = readManifests(session, flags).manifests
    return session.get(manifest.kind, manifest.name!, manifest.namespace)
  }
  if (before === 0) throw failure('pod, type/name or --filename must be specified')
  const [target] = flags.args[0].includes('/') ? parseTargets([flags.args[0]], session.kinds) : [{ kind: pods, name: flags.args[0] }]
  const object = await session.get(target.kind, target.name!)
  return attachablePod(session, target.kind, object, flags.duration('pod-running-timeout'))
}

async function runIn(session: Session, place: Place, words: readonly string[]): Promise<void> {
  const { runProgram } = await import('../containers/programs.ts'), ended = await runProgram(place, words)
  session.stdout += ended.stdout ?? ''
  session.stderr += ended.stderr ?? ''
  if (ended.code) throw new Exit(`command terminated with exit code ${ended.code}\n`, ended.code)
}
