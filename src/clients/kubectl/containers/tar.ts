import { bytesOf, textOf } from '../../../base/text-of-bytes.ts'
import { NotModelled } from '../../errors.ts'
import { isBusybox, type Ended, type Place } from './process.ts'
import { put, unwritable } from './shell.ts'
import { entriesAt, type Entry } from './tree.ts'

/**
 * `tar` as `kubectl cp` calls it: `tar cf - PATH` writes an archive down, `tar -xmf - [-C FOLDER]` unpacks one. Sources: POSIX.1-2017, pax (ustar); kubectl
 * pkg/cmd/cp/cp.go; busybox archival/tar.c; GNU tar src/{create,extract}.c
 */
export async function tar(place: Place, words: readonly string[]): Promise<Ended> {
  const [how = '', ...more] = words, letters = how.replace(/^-/, '')
  if (letters === 'cf' && more[0] === '-' && more.length === 2) return packed(place, more[1])
  const rest = more.filter(word => word !== '--no-same-permissions' && word !== '--no-same-owner')
  const unpacks = /^-?xm?f$/.test(how) && rest[0] === '-' && (rest.length === 1 || rest.length === 3 && rest[1] === '-C')
  if (!unpacks) throw new NotModelled(`tar ${words.join(' ')} in a container`)
  return unpacked(place, rest[2] ?? '/', await place.read?.() ?? '')
}

export const stripped = (place: Place): string =>
  isBusybox(place) ? "tar: removing leading '/' from member names\n" : "tar: Removing leading `/' from member names\n"
/** What tar says of a path where nothing is, and how it ends. */
export const notThere = (place: Place, path: string): { readonly stderr: string; readonly code: number } => isBusybox(place)
  ? { stderr: `tar: ${path.replace(/^\//, '')}: No such file or directory\ntar: error exit delayed from previous errors\n`, code: 1 }
  : { stderr: `tar: ${path}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n`, code: 2 }

function packed(place: Place, path: string): Ended {
  const entries = entriesAt(place, `/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1')), stderr = path.startsWith('/') ? stripped(place) : ''
  // the end of an archive would be all that comes then, and kubectl go by whichever of that and the failure it hears of first
  if (!entries) { const none = notThere(place, path); return { stderr: stderr + none.stderr, code: none.code } }
  const name = path.replace(/^\/+|\/+$/g, '')
  const members = entries.map(entry => member([name, entry.path].filter(Boolean).join('/'), entry, place))
  return { stdout: textOf(Buffer.concat([...members, Buffer.alloc(2 * block)])), stderr }
}
const block = 512
/** A member of an archive: its header, and its content in whole blocks. */
function member(name: string, { content, link }: Entry, { driver, startedAt }: Place): Buffer {
  const isFolder = content === undefined && link === undefined, bytes = bytesOf(content ?? ''), head = Buffer.alloc(block)
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`
  const at = (offset: number, text: string): void => { head.write(text, offset, 'utf8') }
  const path = isFolder ? `${name}/` : name, cut = Buffer.byteLength(path) <= 100 ? 0 : path.lastIndexOf('/', path.length - 2)
  if (cut > 155 || path.length - cut > 100 || link !== undefined && link.length > 100) throw new NotModelled(`tar with a path as long as ${path}`)
  at(0, cut ? path.slice(cut + 1) : path)
  at(100, octal(link !== undefined ? 0o777 : isFolder ? 0o755 : 0o644, 8))
  at(108, octal(0, 8)); at(116, octal(0, 8)); at(124, octal(bytes.length, 12))
  at(136, octal(Math.floor((driver.epochMs + Math.max(0, startedAt)) / 1000), 12))
  at(148, '        '); at(156, link !== undefined ? '2' : isFolder ? '5' : '0'); at(157, link ?? ''); at(257, 'ustar\u000000root'); at(297, 'root')
  if (cut) at(345, path.slice(0, cut))
  at(148, `${octal(head.reduce((sum, byte) => sum + byte, 0), 7)} `)
  return Buffer.concat([head, bytes, Buffer.alloc((block - bytes.length % block) % block)])
}

/** The files of an archive. */
export function filesIn(archive: string): readonly { readonly path: string; readonly content: string; readonly type: string }[] {
  const bytes = Buffer.from(bytesOf(archive)), found: { path: string; content: string; type: string }[] = []
  let longer: string | undefined
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0;) {
    const text = (offset: number, length: number): string => bytes.toString('utf8', at + offset, at + offset + length).replace(/\0[\s\S]*$/, '')
    const size = parseInt(text(124, 12), 8) || 0, type = text(156, 1) || '0'
    const name = [text(257, 5) === 'ustar' ? text(345, 155) : '', text(0, 100)].filter(Boolean).join('/')
    const content = textOf(bytes.subarray(at + block, at + block + size))
    at += block + Math.ceil(size / block) * block
    if (type === 'g') continue
    // the path of the next one, where it is too long for a header
    if (type === 'x' || type === 'L') { longer = type === 'L' ? content.replace(/\0+$/, '') : /\d+ path=(.*)\n/.exec(content)?.[1]; continue }
    found.push({ path: (longer ?? name).replace(/\/$/, ''), content, type })
    longer = undefined
  }
  return found
}
function unpacked(place: Place, folder: string, archive: string): Ended {
  const files = filesIn(archive).filter(({ type }) => type !== '5'), below = folder.replace(/\/$/, '')
  const odd = files.find(({ type }) => type !== '0')
  if (odd) throw new NotModelled(`tar with a link, ${odd.path}, in a container`)
  if (!below.startsWith('/') && below !== '') throw new NotModelled(`tar in the folder in which a container of ${place.container.image} starts`)
  const refused = files.filter(({ path }) => unwritable(place, madeFirst(`${below}/${path}`)))
  if (refused.length > 0) return readOnly(place, refused.map(({ path }) => path))
  for (const { path, content } of files) put(place, `${below}/${path}`, content)
  return {}
}
/** Folders below /tmp are made on the way: whether the first of them can be is all that is asked. */
export const madeFirst = (path: string): string => path.startsWith('/tmp/') ? path.split('/').slice(0, 3).join('/') : path
/** Source: busybox archival/libarchive/data_extract_all.c, GNU tar src/extract.c (open_error) */
export const readOnly = (place: Place, paths: readonly string[]): Ended => isBusybox(place)
  ? { stderr: `tar: can't open '${paths[0]}': Read-only file system\n`, code: 1 }
  : { stderr: `${paths.map(path => `tar: ${path}: Cannot open: Read-only file system\n`).join('')}tar: Exiting with failure status due to previous errors\n`, code: 2 }
