import { directoryOf, namesIn } from '../runner/files.ts'
import type { Files } from '../runner/files.ts'

/** so many files are offered, and so deep */
const mostFiles = 200, deepest = 3

/** The files that a step could mean, as it would name them. Folders that nobody may look into have none to offer. */
export function manifestsBeside(file: string, files: Files): readonly string[] {
  const walk = (folder: string, below: string, depth: number): readonly string[] =>
    (namesIn(folder, files) ?? []).filter(n => !n.startsWith('.') && n !== 'node_modules').flatMap(name => {
      const path = `${folder}/${name}`, shown = below ? `${below}/${name}` : name
      return files.kind(path) === 'directory' ? depth > 0 ? walk(path, shown, depth - 1) : [] : /\.(ya?ml|json)$/.test(name) ? [shown] : []
    })
  return walk(directoryOf(file), '', deepest).slice(0, mostFiles)
}
