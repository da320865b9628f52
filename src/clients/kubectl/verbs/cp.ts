import { NotModelled } from '../../errors.ts'
import { writeFile } from '../../written-files.ts'
import { fileText, mountOf, namesBelow } from '../containers/files.ts'
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
 * Copies a file or a folder into a container, or a file out of it, as `tar` does there: of a volume, or of /tmp; what stands in an image is not known.
 * Source: kubectl pkg/cmd/cp/{cp,filespec}.go.
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

async function placeOf(session: Session, flags: Flags, { namespace, pod: name }: Spec, words: readonly string[], stdin = false): Promise<Place> {
  const pod = await session.send({ verb: 'get', ...session.of(kindOf('pods'), namespace), name })
  if (['Succeeded', 'Failed'].includes(pod.status?.phase)) {
    throw failure(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`)
  }
  return enter(session, pod, flags.text('container') || defaultContainer(session, pod), words, stdin)
}
const base = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1)!
const trimmed = (path: string): string => path.replace(/(.)\/+$/, '$1')

async function toPod(session: Session, flags: Flags, command: string, source: string, to: Spec): Promise<void> {
  const { readFile, listFiles } = session.environment, alone = readFile(source), below = alone === undefined ? listFiles?.(trimmed(source), true) : undefined
  if (alone === undefined && below === undefined) throw failure(`${source} doesn't exist in local filesystem`)
  const into = to.file.replace(/\/+$/, '').replace(/\/[^/]*$/, ''), unpack = ['tar', '-xmf', '-', ...into ? ['-C', into] : []]
  const place = await placeOf(session, flags, to, unpack, true), { pod, container, driver } = place
  if (!to.file.startsWith('/')) throw new NotModelled(`${command} to a path that begins in the folder in which a container of ${container.image} starts`)
  const parts = below?.map(path => path.slice(trimmed(source).length + 1)) ?? ['']
  const copied = wasCopied(place, trimmed(to.file), parts)
  const path = copied || isFolder(place, to.file) ? `${trimmed(to.file)}/${base(source)}` : trimmed(to.file)
  if (unwritable(place, copied ? trimmed(to.file) : path)) {
    const why = isBusybox(place) ? `tar: can't open '${base(path)}': Read-only file system\n`
      : `tar: ${base(path)}: Cannot open: Read-only file system\ntar: Exiting with failure status due to previous errors\n`
    session.stderr += why
    throw ended(isBusybox(place) ? 1 : 2)
  }
  const { namespace, name } = pod.metadata
  for (const part of parts) {
    const content = alone ?? readFile(`${trimmed(source)}/${part}`)!
    const refused = driver.operate('write-file', {
      namespace, pod: name, container: container.name, path: part === '' ? path : `${path}/${part}`, content,
    })
    if (refused) throw new NotModelled(refused)
  }
}
/** Whether a folder stands there already: what is copied comes to lie in it. Source: cp.go (checkDestinationIsDir) */
const isFolder = ({ container }: Place, path: string): boolean =>
  path.endsWith('/') || path === '/tmp' || container.volumeMounts?.some((m: any) => m.mountPath === path && !m.subPath)
/** the same folder went there before */
const wasCopied = ({ driver, pod, container }: Place, path: string, parts: readonly string[]): boolean =>
  parts.some(part => part !== '' && typeof driver.nodeTruth.file(pod.metadata.uid, container.name, `${path}/${part}`) === 'string')

/** Each message of tar comes where its archive would have gone: kubectl tells all that it says on stdout. Source: cp.go (initReadFrom, untarAll) */
async function fromPod(session: Session, flags: Flags, command: string, from: Spec, target: string): Promise<void> {
  const place = await placeOf(session, flags, from, ['tar', 'cf', '-', from.file]), path = from.file.startsWith('/') ? from.file : `/${from.file}`
  const content = fileText(place, path), busybox = isBusybox(place), destination = trimmed(target)
  if (from.file.startsWith('/')) session.print(busybox ? "tar: removing leading '/' from member names" : "tar: Removing leading `/' from member names")
  if (content === undefined && namesBelow(place, path) !== undefined) throw new NotModelled(`${command} of a whole folder out of a container`)
  if (content === undefined) {
    session.stdout += busybox ? `tar: ${from.file.slice(1)}: No such file or directory\ntar: error exit delayed from previous errors\n`
      : `tar: ${from.file}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n`
    throw ended(busybox ? 1 : 2)
  }
  const link = linkOf(place, path)
  if (link !== undefined) {
    const how = `${command.replace(/ cp$/, '')} exec -n ${JSON.stringify(from.namespace ?? '')} ${JSON.stringify(from.pod)} -- tar cf - ${JSON.stringify(from.file)}`
    session.complain(`warning: skipping symlink: ${JSON.stringify(destination)} -> ${JSON.stringify(link)} (consider using "${how} | tar xf -")`)
    return
  }
  const folder = destination === '.' || destination === '..' || session.environment.listFiles?.(destination, false) !== undefined
  if (folder) throw failure(`open ${destination}: is a directory`)
  writeFile(session.driver, destination, content)
}
/** What stands at the top of a volume made of objects are links to where its files are. Source: pkg/volume/util/atomic_writer.go (createUserVisibleFiles) */
function linkOf(place: Place, path: string): string | undefined {
  const mounted = mountOf(place, path)
  if (!mounted || mounted.mount.subPath || mounted.rest.includes('/')) return undefined
  const { volume } = mounted
  return volume?.configMap || volume?.secret || volume?.projected || volume?.downwardAPI ? `..data/${mounted.rest}` : undefined
}
/** tar said why, and kubectl how it ended. */
const ended = (code: number): Exit => new Exit(`command terminated with exit code ${code}\n`, code)
