import { NotModelled } from '../../errors.ts'
import { Exit, failure } from '../errors.ts'
import { list, type Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import { begin, open } from '../kubelet-calls.ts'
import { readManifests } from '../manifests.ts'
import type { Session } from '../session.ts'
import { parseTargets } from '../targets.ts'
import type { Place } from '../containers/process.ts'
import type { Verb } from '../verb.ts'
import { attachablePod } from './attachable-pod.ts'
import { defaultContainer } from './logs.ts'
import { attaching } from './sessions.ts'

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
    if (flags.on('tty')) session.complain('Unable to use a TTY - input is not a terminal or the right kind of file')
    const { exec } = session.driver, { stdin } = session.environment
    if (exec) {
      if (flags.on('stdin') && stdin !== undefined) throw new NotModelled(`${command} --stdin: what a program reads`)
      const how = await exec({ namespace: pod.metadata.namespace, name: pod.metadata.name, container: name }, words)
      if ('error' in how) throw failure(how.error)
      return ended(session, how)
    }
    const place = await enter(session, pod, name, words, flags.on('stdin'))
    await runIn(session, flags.on('stdin') && stdin !== undefined ? { ...place, read: async () => stdin } : place, words)
  },
}

/** Goes into a container to start a program there; what stands in the way is thrown in the words of the API server, the kubelet and the runtime. */
export async function enter(session: Session, pod: any, name: string, words: readonly string[], stdin = false): Promise<Place> {
  const protocol = await open(session, pod, 'exec', name)
  const query = [...words.map(word => ['command', word] as const), ['error', '1'], ['output', '1'], ...stdin ? [['input', '1'] as const] : []] as const
  begin(session, pod, 'exec', name, query, protocol)
  const { placeIn } = await import('../containers/kubelet.ts'), place = placeIn(session.driver, pod, name, words[0])
  // the kubelet's words, which an API server that translates takes for a mistake once more
  if (typeof place === 'string') throw failure(`${protocol === 'websocket' ? 'Internal error occurred: ' : ''}Internal error occurred: ${place}`)
  return place
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
  const { runProgram } = await import('../containers/programs.ts')
  ended(session, await runProgram(place, words))
}
function ended(session: Session, { stdout = '', stderr = '', code = 0 }: { readonly stdout?: string; readonly stderr?: string; readonly code?: number }): void {
  session.stdout += stdout
  session.stderr += stderr
  if (code) throw new Exit(`command terminated with exit code ${code}\n`, code)
}
