import type { YamlError } from '../../base/manifest-yaml.ts'

/**
 * What is wrong with a document, as Go's parser says it: its scanner counts lines from 1, its parser from 0. Source: the messages of goyaml.v2 (scannerc.go,
 * parserc.go) and its way to count (yaml.go, fail). What has no counterpart stays in the words of the library that read it.
 */
export function yamlWords(text: string, { line = 1, message }: YamlError): string {
  const lines = text.split('\n'), at = (n: number, words: string): string => `line ${n}: ${words}`
  if (/^Nested mappings/.test(message)) return at(lineOfColon(lines, line), 'mapping values are not allowed in this context')
  if (/^Implicit keys need/.test(message)) return at(line + 1, "could not find expected ':'")
  if (/^Missing closing ["']quote/.test(message)) return at(line, 'found unexpected end of stream')
  if (/^Invalid escape sequence/.test(message)) return at(line, 'found unknown escape character')
  if (/^Plain value cannot start with/.test(message)) return at(line, 'found character that cannot start any token')
  if (/^Flow map in block/.test(message)) return at(line - 1, "did not find expected ',' or '}'")
  if (/^Flow sequence in block/.test(message)) {
    return at(
      line - 1,
      /[[,]\s*$/.test(lines.slice(0, line).join(' ').replace(/\s*[}\]]\s*$/, '')) ? 'did not find expected node content' : "did not find expected ',' or ']'"
    )
  }
  if (/^Sequence item without - indicator|^All (sequence|mapping) items must start at the same column/.test(message)) {
    return at(line - 1, `did not find expected ${standsByItems(lines, line) ? "'-' indicator" : 'key'}`)
  }
  return at(line, message)
}
/** A text that goes over several lines becomes a key only at its colon. */
function lineOfColon(lines: readonly string[], from: number): number {
  if ((lines[from - 1]?.match(/:(\s|$)/g) ?? []).length > 1) return from
  for (let n = from + 1; n <= lines.length; n++) if (/:(\s|$)/.test(lines[n - 1])) return n
  return from
}
/** A key in the very column of the dashes above it. */
function standsByItems(lines: readonly string[], line: number): boolean {
  const indent = /^ */.exec(lines[line - 1] ?? '')![0].length
  if (/^\s*-/.test(lines[line - 1] ?? '')) return false
  for (let n = line - 2; n >= 0; n--) { const dash = /^( *)- /.exec(lines[n]); if (dash) return dash[1].length === indent }
  return false
}

/** The documents of a file: what stands between lines that begin with `---`. Source: apimachinery pkg/util/yaml/decoder.go. */
export const documentsOf = (text: string): readonly string[] => text.split(/^---.*\n?/m)

/** `{{ .Values.name }}` is no text but a map whose key is a map: the inner key of the first such, undefined if there is none. */
export function mapAsKey(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = /^\{ (.*) \}$/.exec(key)?.[1] ?? mapAsKey(inner)
    if (found !== undefined) return found
  }
  return undefined
}
