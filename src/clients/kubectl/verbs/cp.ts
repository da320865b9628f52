import { NotModelled } from '../../errors.ts'
import { writeFile } from '../../written-files.ts'
import { isFolder } from '../containers/folders.ts'
import type { Ended, Place } from '../containers/process.ts'
import { put, unwritable } from '../containers/shell.ts'
import { madeFirst, notThere, readOnly, stripped } from '../containers/tar.ts'
import { entriesAt } from '../containers/tree.ts'
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
  const place = await placeOf(session, flags, to, unpack, true), target = trimmed(to.file)
  if (!to.file.startsWith('/')) throw new NotModelled(`${command} to a path that begins in the folder in which a container of ${place.container.image} starts`)
  // what is copied comes to lie in a folder that stands there already. Source: cp.go (checkDestinationIsDir)
  const isThere = isFolder(place, target), path = isThere ? `${target}/${base(source)}`.replace('//', '/') : target
  if (unwritable(place, isThere ? madeFirst(path) : path)) throw ended(session, readOnly(place, [base(path)]))
  for (const part of below?.map(file => file.slice(trimmed(source).length)) ?? ['']) put(place, path + part, alone ?? readFile(trimmed(source) + part)!)
}

/** Each message of tar comes where its archive would have gone: kubectl tells all that it says on stdout. Source: cp.go (initReadFrom, untarAll) */
async function fromPod(session: Session, flags: Flags, command: string, from: Spec, target: string): Promise<void> {
  const place = await placeOf(session, flags, from, ['tar', 'cf', '-', from.file]), path = from.file.startsWith('/') ? from.file : `/${from.file}`
  const entries = entriesAt(place, trimmed(path)), destination = trimmed(target)
  if (from.file.startsWith('/')) session.stdout += stripped(place)
  if (!entries) {
    const { stderr, code } = notThere(place, from.file)
    session.stdout += stderr
    throw ended(session, { code })
  }
  const how = `${command.replace(/ cp$/, '')} exec -n ${JSON.stringify(from.namespace ?? '')} ${JSON.stringify(from.pod)} -- tar cf - ${JSON.stringify(trimmed(from.file))}`
  let isWarned = false
  for (const { path: below, content, link } of entries) {
    const file = below === '' ? destination : `${destination}/${below}`
    if (link !== undefined) {
      session.complain(`warning: skipping symlink: ${JSON.stringify(file)} -> ${JSON.stringify(link)}${isWarned ? '' : ` (consider using "${how} | tar xf -")`}`)
      isWarned = true
    } else if (content !== undefined) writeHere(session, file, content)
  }
}
function writeHere(session: Session, file: string, content: string): void {
  const folder = file === '.' || file === '..' || session.environment.listFiles?.(file, false) !== undefined
  if (folder) throw failure(`open ${file}: is a directory`)
  writeFile(session.driver, file, content)
}
/** tar said why, and kubectl how it ended. */
function ended(session: Session, { stderr = '', code = 0 }: Ended): Exit {
  session.stderr += stderr
  return new Exit(`command terminated with exit code ${code}\n`, code)
}
