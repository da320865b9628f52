import { fileText, givenBelow, isOfObjects, madeFolder, mountOf, writtenBelow } from './files.ts'
import type { Place } from './process.ts'

/** What lies at a path, or below it: a file with its content, a link with where it leads to, or a folder. `path`: from there on; '' is the path itself. */
export interface Entry { readonly path: string; readonly content?: string; readonly link?: string }

/** All that `tar` would find at a path, in the order in which it writes that down; undefined: nothing is there. What an image brings is not known. */
export function entriesAt(place: Place, path: string): readonly Entry[] | undefined {
  const mounted = mountOf(place, path), isLinked = mounted && !mounted.mount.subPath && isOfObjects(mounted.volume)
  if (isLinked && mounted.rest === '') return volumeOf(place, path, givenBelow(place, path, mounted)!)
  const folder = mounted ? undefined : madeFolder(place, path)
  if (folder) return [{ path: '' }, ...filesOf(place, path, folder)]
  const content = fileText(place, path)
  if (isLinked && !mounted.rest.includes('/')) {
    return content !== undefined || givenBelow(place, path, mounted) ? [{ path: '', link: `..data/${mounted.rest}` }] : undefined
  }
  if (content !== undefined) return [{ path: '', content }]
  // one that was removed
  if (place.driver.nodeTruth.file(place.pod.metadata.uid, place.container.name, path) === null) return undefined
  const below = mounted && isOfObjects(mounted.volume) ? givenBelow(place, path, mounted) : writtenBelow(place, path)
  return below && [{ path: '' }, ...filesOf(place, path, below)]
}
/** Files and the folders in between, each folder in front of what it holds. */
function filesOf(place: Place, path: string, files: readonly string[]): readonly Entry[] {
  const seen = new Set<string>()
  return [...files].sort().flatMap(file => {
    const parts = file.split('/'), folders = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/')).filter(folder => !seen.has(folder))
    for (const folder of folders) seen.add(folder)
    return [...folders.map(folder => ({ path: folder })), { path: file, content: fileText(place, `${path}/${file}`)! }]
  })
}
/**
 * A volume made of objects: a folder with the files, named by the time of its making, a link to it, and one to each of what is at its top. The number behind
 * the time is left to chance. Source: pkg/volume/util/atomic_writer.go (Write)
 */
function volumeOf(place: Place, path: string, files: readonly string[]): readonly Entry[] {
  const { driver, startedAt, pod } = place, at = new Date(driver.epochMs + Math.max(0, startedAt)).toISOString().slice(0, 19).replace(/[-T:]/g, '_')
  const folder = `..${at}.${parseInt(String(pod.metadata.uid).replace(/\W/g, '').slice(0, 8), 16)}`, tops = [...new Set(files.map(file => file.split('/')[0]))]
  return [
    { path: '' }, { path: folder }, ...filesOf(place, path, files).map(entry => ({ ...entry, path: `${folder}/${entry.path}` })), { path: '..data', link: folder },
    ...tops.map(top => ({ path: top, link: `..data/${top}` })),
  ]
}
