import { sortedKeys } from '../../../base/sorted-keys.ts'
import { jsonSyntax } from '../../../runtime-model/api/json-syntax.ts'

/**
 * The documents of a file, between lines that begin with `---`; the first such line belongs to the document behind it. `separator`: what stands behind one
 * of them and may not, which takes the document in front of it along. Source: apimachinery pkg/util/yaml/decoder.go (YAMLReader).
 */
export function documentsOf(text: string): { readonly documents: readonly string[]; readonly separator?: string } {
  const documents: string[] = []
  let read = ''
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const behind = line.startsWith('---') ? line.slice(3).trim() : ''
    if (behind !== '' && !behind.startsWith('#')) return { documents, separator: behind }
    if (line.startsWith('---') && read !== '') { documents.push(read); read = '' }
    else read += `${line}\n`
  }
  return { documents: read === '' ? documents : [...documents, read] }
}

/** The JSON that a file begins with; `rest`: what is YAML then, `wrong`: why it is no JSON, `cut`: it ends within an object. */
export function jsonValues(text: string): {
  readonly objects: readonly any[]; readonly rest: string; readonly ended?: true; readonly wrong?: string; readonly cut?: true
} {
  const objects: any[] = []
  let rest = text
  while (/^\s*\{/.test(rest)) {
    const { end, error, offset } = jsonSyntax(rest)
    if (end === undefined) {
      return error === 'unexpected end of JSON input' ? { objects, rest, cut: true } : { objects, rest, wrong: `json: offset ${offset}: ${error}` }
    }
    objects.push(sortedKeys(JSON.parse(rest.slice(0, end))))
    rest = rest.slice(end)
  }
  return { objects, rest, ...rest.trim() === '' && objects.length > 0 ? { ended: true } : {} }
}
