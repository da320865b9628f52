import { splitCommand } from '../base/command-words.ts'
import type { BoundStep } from '../dsl/bind.ts'

/** Where a step gets objects from: files that it names, or the YAML below it. Offsets are columns of the feature file, 1-based. */
export type Source =
  | { readonly type: 'file'; readonly path: string; readonly column: number; readonly manifest: boolean }
  | { readonly type: 'inline'; readonly content: string; readonly line: number }

const fromFile = new Set(['apply', 'create', 'replace', 'manifest'])
const inline = new Set(['apply-inline', 'create-inline', 'replace-inline'])
/** verbs whose -f is a manifest to be sent; `delete -f` only names what it deletes */
const sending = new Set(['apply', 'create', 'replace'])

export function sourcesOf(step: BoundStep): Source[] {
  const { ast, definition = '', argument } = step
  if (!ast || ast.type === 'assertion') return []
  if (fromFile.has(definition)) {
    return [{ type: 'file', path: String(ast.phrase.args.file), column: step.column + (ast.phrase.argSpans.file?.start ?? 0), manifest: true }]
  }
  if (inline.has(definition) && argument.docString) return [{ type: 'inline', content: argument.docString.content, line: argument.docString.line }]
  if (definition === 'run') return ofCommand(String(ast.phrase.args.command), step.column + (ast.phrase.argSpans.command?.start ?? 0))
  if (definition === 'run-lines') return (argument.docString?.content ?? '').split('\n').flatMap(line => ofCommand(line, step.column))
  return []
}

function ofCommand(command: string, column: number): Source[] {
  const split = splitCommand(command)
  if ('error' in split || split.words[0] !== 'kubectl') return []
  // what stands behind `--` is for a container
  const [, verb, ...all] = split.words, rest = all.includes('--') ? all.slice(0, all.indexOf('--')) : all
  return rest.flatMap((word, i): Source[] => {
    const path = word === '-f' || word === '--filename' ? rest[i + 1] : /^(?:--filename=|-f=?)(.+)$/.exec(word)?.[1]
    return path === undefined || path === '-' || /^https?:|[$*]/.test(path) ? [] : [{ type: 'file', path, column, manifest: sending.has(verb) }]
  })
}
