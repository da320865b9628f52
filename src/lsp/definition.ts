import { directoryOf } from '../runner/files.ts'
import type { Files } from '../runner/files.ts'
import { definitionOf } from './hover.ts'
import { argumentBelow, lineAt } from './lines.ts'
import type { Services } from './services.ts'

/** A place in a file: the path as the command line would name it, 0-based line and character. */
export interface Place { readonly file: string; readonly line: number; readonly character: number }

/** From a quoted file name to the file, from `$name` to the step that binds it, from a step of one's own to where it is written. */
export function definition(file: string, text: string, line: number, character: number, files: Files, services: Services): Place | undefined {
  const source = text.split(/\r?\n/), whole = source[line] ?? ''
  const word = [...whole.matchAll(/"([^"]+)"|\$\{?([\w-]+)|(?<=\s-f\s+|=)([\w./-]+\.ya?ml)/g)].find(m =>
    m.index <= character && character <= m.index + m[0].length)
  if (word?.[2]) {
    const binds = source.slice(0, line).findLastIndex(l => l.includes(`as "${word[2]}"`))
    if (binds >= 0) return { file, line: binds, character: source[binds].indexOf(`as "${word[2]}"`) }
  }
  const path = word?.[3] ?? word?.[1]
  const named = path
    && [directoryOf(file), ...services.manifests].flatMap(folder =>
      [path, ...path.split(/\s+/).filter(p => /\.ya?ml$/.test(p))].map(p => p.startsWith('/') ? p : `${folder}/${p}`)).find(p =>
      files.kind(p) === 'file')
  if (named) return { file: named, line: 0, character: 0 }
  const step = lineAt(text, line), ast = step.is === 'step' ? services.parser.parse(step.text, argumentBelow(text, line)).value : undefined
  const [, at, row, column] = /^(.*):(\d+):(\d+)$/.exec((ast && services.declaredAt.get(definitionOf(ast))) ?? '') ?? []
  return at === undefined ? undefined : { file: at.replace(/\?\d[\d.]*$/, ''), line: Number(row) - 1, character: Number(column) - 1 }
}
