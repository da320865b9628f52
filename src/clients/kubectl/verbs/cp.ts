import { NotModelled } from '../../errors.ts'
import { writeFile } from '../../written-files.ts'
import { fileText, namesBelow } from '../containers/files.ts'
import { isBusybox, type Place } from '../containers/process.ts'
import { unwritable } from '../containers/shell.ts'
import { Exit, failure } from '../errors.ts'
import { bool, inert, int, text, type Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import type { Session } from '../session.ts'
import type { Verb } from '../verb.ts'
import { enter } from './exec.ts'
import { defaultContainer } from './logs.ts'

/**
 * Copies a file into a container or out of it, as `tar` does there: a file of a volume, or of /tmp; what stands in an image is not known. Source: kubectl
 * pkg/cmd/cp/{cp,filespec}.go.
 */
export const cp: Verb = {
  discovers: false, flags: { container: text('c'), 'no-preserve': inert(bool()), retries: inert(int('0')) },
  async run(session, flags, command) {
    if (flags.args.length !== 2) throw failure('source and destination are required')
    const [from, to] = flags.args.map(specOf)
    if (from.pod && to.pod) throw failure('one of src or dest must be a local file specification')
    if (from.file === '' || to.file === '') throw failure('filepath can not be empty')
    if (from.pod) return fromPod(session, flags, command, from, to.file)
    if (to.pod) return toPod(session, flags, command, from.file, to)
    throw failure('one of src or dest must be a remote file specification')
  },
}

interface Spec { readonly namespace?: string; readonly pod?: string; readonly file: string }
/** `[[namespace/]pod:]file`. Source: cp.go (extractFileSpec) */
function specOf(argument: string): Spec {
  const at = argument.indexOf(':')
  if (at < 0) return { file: argument }
  const file = argument.slice(at + 1), names = argument.slice(0, at).split('/'), bad = at === 0 || names.length > 2
  if (bad) throw failure('filespec must match the canonical format: [[namespace/]pod:]file/path')
  return names.length === 2 ? { namespace: names[0], pod: names[1], file } : { pod: names[0], file }
}

async function placeOf(session: Session, flags: Flags, { namespace, pod: name }: Spec): Promise<Place> {
  const pod = await session.send({ verb: 'get', ...session.of(kindOf('pods'), namespace), name })
  if (['Succeeded', 'Failed'].includes(pod.status?.phase)) {
    throw failure(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`)
  }
  return enter(session, pod, flags.text('container') || defaultContainer(session, pod), 'tar')
}
const base = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1)!

async function toPod(session: Session, flags: Flags, command: string, source: string, to: Spec): Promise<void> {
  const content = session.environment.readFile(source)
  if (content === undefined && session.environment.listFiles?.(source, true)) throw new NotModelled(`${command} of a whole folder`)
  if (content === undefined) throw failure(`${source} doesn't exist in local filesystem`)
  const place = await placeOf(session, flags, to), { pod, container, driver } = place
  if (!to.file.startsWith('/')) throw new NotModelled(`${command} to a path that begins in the folder in which a container of ${container.image} starts`)
  const isFolder = to.file.endsWith('/') || to.file === '/tmp' || container.volumeMounts?.some((m: any) => m.mountPath === to.file && !m.subPath)
  const path = isFolder ? `${to.file.replace(/\/+$/, '')}/${base(source)}` : to.file
  if (unwritable(place, path)) {
    const why = isBusybox(place) ? `tar: can't open '${base(path)}': Read-only file system\n`
      : `tar: ${base(path)}: Cannot open: Read-only file system\ntar: Exiting with failure status due to previous errors\n`
    throw ended(session, why, isBusybox(place) ? 1 : 2)
  }
  const { namespace, name } = pod.metadata, refused = driver.operate('write-file', { namespace, pod: name, container: container.name, path, content })
  if (refused) throw new NotModelled(refused)
}

async function fromPod(session: Session, flags: Flags, command: string, from: Spec, target: string): Promise<void> {
  const place = await placeOf(session, flags, from), path = from.file.startsWith('/') ? from.file : `/${from.file}`
  const content = fileText(place, path), busybox = isBusybox(place)
  if (from.file.startsWith('/')) session.complain(busybox ? "tar: removing leading '/' from member names" : "tar: Removing leading `/' from member names")
  if (content === undefined && namesBelow(place, path) !== undefined) throw new NotModelled(`${command} of a whole folder`)
  if (content === undefined) {
    throw ended(session, busybox
      ? `tar: ${from.file.slice(1)}: No such file or directory\ntar: error exit delayed from previous errors\n`
      : `tar: ${from.file}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n`, busybox ? 1 : 2)
  }
  const folder = session.environment.listFiles?.(target.replace(/\/+$/, ''), false) !== undefined || target === '.' || target.endsWith('/')
  writeFile(session.driver, folder ? `${target.replace(/\/+$/, '')}/${base(path)}` : target, content)
}
/** tar said why, and kubectl how it ended. */
function ended(session: Session, said: string, code: number): Exit {
  session.stderr += said
  return new Exit(`command terminated with exit code ${code}\n`, code)
}
