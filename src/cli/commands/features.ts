import { findFeatures } from '../../runner/files.ts'
import type { Host } from '../host.ts'
import { UsageError } from '../usage-error.ts'

/** Where scenarios are looked for when nobody says. */
export const defaultPaths = (host: Host): readonly string[] => [['scenarios', 'features'].find(d => host.files.kind(d) === 'directory') ?? '.']

/** The feature files of the paths with their texts (undefined: it cannot be read, and hides no other); none at all is a mistake of the user's. */
export function features(paths: readonly string[], host: Host): readonly { readonly file: string; readonly text: string | undefined }[] {
  const { files, missing } = findFeatures(paths.length > 0 ? paths : defaultPaths(host), host.files)
  if (missing.length > 0) throw new UsageError(`no such file or folder: ${missing.join(', ')}`)
  if (files.length === 0) throw new UsageError(`no .feature file in ${(paths.length > 0 ? paths : defaultPaths(host)).join(', ')}; \`kscenario init\` makes a project`)
  return files.map(({ path }) => ({ file: path, text: host.files.read(path) }))
}
