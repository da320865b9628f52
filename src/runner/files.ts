import { byCodeUnit, parseTarget } from './select.ts'

/** What the runner needs of a file system. Paths are as the user wrote them, with `/`. */
export interface Files {
  kind(path: string): 'file' | 'directory' | undefined
  /** names in a directory, unsorted; throws if it cannot be looked into */
  list(directory: string): readonly string[]
  read(path: string): string | undefined
  /** one name for a place that links lead to by several; absent: there are no links */
  real?(path: string): string
}

export interface FoundFile { readonly path: string; readonly lines: readonly number[] }

/** Feature files of the targets, each once: directories recursively, sorted by code unit; hidden folders and node_modules are passed over. */
export function findFeatures(targets: readonly string[], files: Files): { readonly files: readonly FoundFile[]; readonly missing: readonly string[] } {
  const found = new Map<string, readonly number[]>(), missing: string[] = []
  const add = (path: string, lines: readonly number[]): void => {
    const before = found.get(path)
    found.set(path, before === undefined ? lines : before.length && lines.length ? [...before, ...lines] : [])
  }
  for (const target of targets) {
    const whole = files.kind(target) ? { path: target, lines: [] } : parseTarget(target)
    const path = normalise(whole.path)
    const kind = files.kind(path)
    if (kind === 'file') add(path, whole.lines)
    else if (kind === 'directory') for (const file of featuresIn(path, files)) add(file, [])
    else missing.push(target)
  }
  return { files: [...found].map(([path, lines]) => ({ path, lines })), missing }
}

/** Sorted; undefined: nobody may look into it. */
export function namesIn(directory: string, files: Files): readonly string[] | undefined {
  try { return [...files.list(directory)].sort(byCodeUnit) } catch { return undefined }
}

/** `above`: the folders that lead here; a link back to one of them is not followed. */
function featuresIn(directory: string, files: Files, above: readonly string[] = []): string[] {
  const out: string[] = [], own = files.real?.(directory) ?? directory
  if (above.includes(own)) return out
  const names = namesIn(directory, files)
  // told as what cannot be read
  if (names === undefined) return [directory]
  for (const name of names) {
    if (name.startsWith('.') || name === 'node_modules') continue
    const path = directory === '.' ? name : `${directory}/${name}`
    if (files.kind(path) === 'directory') out.push(...featuresIn(path, files, [...above, own]))
    else if (name.endsWith('.feature')) out.push(path)
  }
  return out
}

const normalise = (path: string): string => path.replaceAll('\\', '/').replace(/^(\.\/)+(?=.)/, '').replace(/(?<=.)\/+$/, '')
export const directoryOf = (path: string): string => path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.'

/** Looks a file up beside the feature, then under each of --manifests. An absolute path is itself. */
export function fileReader(files: Files, feature: string, manifests: readonly string[]): (path: string) => string | undefined {
  return path => {
    const places = path.startsWith('/') ? [path] : [directoryOf(feature), ...manifests].map(directory => `${directory}/${path}`)
    for (const place of places) if (files.kind(place) === 'file') return files.read(place)
    return undefined
  }
}

/** The same for a folder: its files, and those below it if `deep`, as paths that the reader takes; sorted by code unit, as kubectl walks. */
export function fileLister(files: Files, feature: string, manifests: readonly string[]): (folder: string, deep: boolean) => readonly string[] | undefined {
  const walk = (place: string, shown: string, deep: boolean): string[] => (namesIn(place, files) ?? []).flatMap(name => {
    const kind = files.kind(`${place}/${name}`)
    return kind === 'file' ? [`${shown}/${name}`] : kind === 'directory' && deep ? walk(`${place}/${name}`, `${shown}/${name}`, deep) : []
  })
  return (folder, deep) => {
    const shown = folder.replace(/(?<=.)\/+$/, '')
    const places = shown.startsWith('/') ? [shown] : [directoryOf(feature), ...manifests].map(directory => shown === '.' ? directory : `${directory}/${shown}`)
    const place = places.find(p => files.kind(p) === 'directory')
    return place === undefined ? undefined : walk(place, shown, deep)
  }
}
