import { following } from '../../clients/kubectl/containers/log.ts'
import { kubeletUrl, noSession, placeIn, unreached } from '../../clients/kubectl/containers/kubelet.ts'
import { runProgram } from '../../clients/kubectl/containers/programs.ts'
import { NotModelled } from '../../clients/errors.ts'
import type { Driver } from '../../drivers/driver.ts'
import { isTrue } from '../../runtime-model/api/paths.ts'
import { rawError, type Status } from '../../runtime-model/api/status.ts'
import type { End, Streams } from './streams.ts'

/** A session with a container: who asked for what. */
export interface ContainerSession {
  readonly kind: 'exec' | 'attach'
  readonly pod: any
  readonly container: string
  readonly words: readonly string[]
  readonly tty: boolean
  /** the streams that the client wants: `stdin`, `stdout`, `stderr` */
  readonly wanted: readonly string[]
}

/** Source: k8s.io/api core/v1 (PodExecOptions, PodAttachOptions), with the defaults of their conversion; pkg/registry/core/pod/strategy.go (streamParams) */
export function sessionOf(url: string, kind: 'exec' | 'attach', pod: any): ContainerSession {
  const { searchParams } = new URL(url, 'http://server'), on = (name: string): boolean => isTrue(searchParams.get(name) ?? undefined)
  const tty = on('tty'), container = searchParams.get('container') || pod.spec.containers[0].name
  return {
    kind, pod, container, words: searchParams.getAll('command'), tty, wanted: ['stdin', 'stdout', 'stderr'].filter(name => on(name) && !(tty && name === 'stderr')),
  }
}

const asked: Readonly<Record<string, string>> = { stdin: 'input', stdout: 'output', stderr: 'error' }
/** Why the kubelet does not take the session, where nobody has translated for the client. */
export function refusal(driver: Driver, { pod, container, kind }: ContainerSession): Status | { readonly code: number; readonly text: string } | undefined {
  const why = unreached(driver, pod)
  if (why !== undefined) return rawError(`error dialing backend: ${why}`)
  const none = noSession(driver, pod, container, kind)
  return none === undefined ? undefined : { code: kind === 'exec' ? 500 : 404, text: `${none}\n` }
}

/** Goes through with it. `follow`: has the function called from time to time, until it answers false. */
export async function runSession(
  driver: Driver, session: ContainerSession, streams: Streams, follow: (goOn: () => boolean) => () => void
): Promise<void> {
  try {
    const end = await begun(driver, session, streams, follow)
    if (end) streams.end(end)
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error
    streams.end({ lacks: error.message })
  }
}
async function begun(
  driver: Driver, session: ContainerSession, streams: Streams, follow: (goOn: () => boolean) => () => void
): Promise<End | undefined> {
  const { pod, container, kind, words, tty, wanted } = session, why = unreached(driver, pod)
  if (why !== undefined) {
    const query = [...words.map(word => ['command', word] as const), ...wanted.map(name => [asked[name], '1'] as const), ...tty ? [['tty', '1'] as const] : []]
    return { refused: `error sending request: Post "${kubeletUrl(driver, pod, kind, container, query)}": ${why}` }
  }
  const none = noSession(driver, pod, container, kind)
  if (none !== undefined) return { refused: `unable to upgrade connection: ${none}` }
  const shown = (text: string): string => tty ? text.replace(/\n/g, '\r\n') : text
  const out = (text: string): void => { if (text !== '' && wanted.includes('stdout')) streams.out(shown(text)) }
  if (kind === 'attach') {
    const log = following(driver, pod, container)
    const stop = follow(() => {
      const lines = log.next()
      if (lines) out(lines.map(p => `${p.line}\n`).join(''))
      else streams.end({ code: 0, words: [] })
      return lines !== undefined
    })
    streams.onGone(stop)
    return undefined
  }
  if (words.length === 0) return { failed: 'error executing command in container: failed to exec in container: command is empty' }
  const place = placeIn(driver, pod, container, words[0])
  if (typeof place === 'string') return { failed: place }
  const { stdout = '', stderr = '', code = 0 } = await runProgram(wanted.includes('stdin') ? { ...place, read: () => streams.read() } : place, words)
  // who has an archive whole may go before it is told what tar has said
  if (!tty && stderr !== '' && wanted.includes('stderr')) streams.err(stderr)
  out(stdout)
  if (tty) out(stderr)
  return { code, words }
}
