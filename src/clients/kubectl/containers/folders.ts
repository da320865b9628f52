import { NotModelled } from '../../errors.ts'
import { fileText, namesBelow } from './files.ts'
import type { Ended, Place } from './process.ts'
import { hasFolder } from './shell.ts'

/** Folders that every image has which has a shell. Source: https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html */
const folders = ['/', '/bin', '/dev', '/etc', '/proc', '/sys', '/tmp', '/usr', '/var']
/** Of `test` what `kubectl cp` asks: whether a path is a folder, a file, or there at all. Source: POSIX.1-2017, test */
export function test(place: Place, words: readonly string[]): Ended {
  const [what, path = ''] = words
  if (words.length !== 2 || !['-d', '-e', '-f'].includes(what) || !path.startsWith('/')) throw new NotModelled(`test ${words.join(' ')} in a container`)
  const folder = isFolder(place, path), file = (): boolean => fileText(place, path) !== undefined
  return { code: (what === '-d' ? folder : what === '-f' ? !folder && file() : folder || file()) ? 0 : 1 }
}
/** Is it a folder? What an image has beside those is not known. */
export function isFolder(place: Place, path: string): boolean {
  const plain = path.replace(/(.)\/+$/, '$1'), { driver, pod, container } = place
  if (folders.includes(plain) || hasFolder(place, `${plain}/`) || container.volumeMounts?.some((m: any) => m.mountPath === plain && !m.subPath)) return true
  if (typeof driver.nodeTruth.file(pod.metadata.uid, container.name, plain) === 'string') return false
  if (driver.nodeTruth.filesBelow(pod.metadata.uid, container.name, plain).length > 0) return true
  // of what was made below /tmp, or in a folder that is known, everything is
  return /^\/tmp\/./.test(plain) || hasFolder(place, plain) ? false : namesBelow(place, plain) !== undefined
}
