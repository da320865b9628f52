import type { Diagnostic } from '../base/diagnostic.ts'
import { builtin } from '../builtin.ts'
import { bind } from '../dsl/bind.ts'
import { checks } from '../dsl/checks/index.ts'
import type { StepParser } from '../dsl/parse-step.ts'
import { parseDocument } from '../dsl/parse-document.ts'
import { pickles } from '../dsl/pickles.ts'
import { findings, type Linted } from '../lint/index.ts'
import { once } from '../lint/rule.ts'
import { checklistsOf } from '../runner/checklist.ts'
import { directoryOf, namesIn } from '../runner/files.ts'
import type { Files } from '../runner/files.ts'
import type { Language } from '../runner/run-suite.ts'
import { parserFor } from './custom-kinds.ts'
import type { Host } from './host.ts'
import { commandProblems, createReader, report } from './language.ts'

export interface Linter {
  /** all that is wrong with a feature file, in the order of its lines */
  lint(file: string, text: string): readonly Diagnostic[]
}

/** Everything that can be known of a file before it runs: syntax, sentences, command lines, and what the rules find. */
export async function createLinter(host: Host, manifests: readonly string[]): Promise<Linter> {
  const [{ parser }, { checkCommandLine }] = await Promise.all([createReader(host), import('../clients/index.ts')])
  const surroundings = surroundingsOf(host, manifests)
  return {
    lint(file, text) {
      const { document, diagnostics } = parseDocument(text, file)
      if (!document) return diagnostics
      const scenarios = bind(document, pickles(document, file), parserFor(parser, file, text, host.files, manifests), text)
      const lines = scenarios.flatMap(s =>
        s.steps.flatMap((step, at) =>
          (step.ast && step.diagnostics.length === 0 ? commandProblems(step, s.steps.slice(at + 1), file, checkCommandLine) : [])))
      const linted = surroundings({ file, text, document, scenarios })
      const found = [...checks.flatMap(c => c.file?.(document, file, text) ?? []), ...scenarios.flatMap(s => s.diagnostics), ...lines, ...findings(linted)]
      return once(found).sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column)
    },
  }
}

type Read = Pick<Linted, 'file' | 'text' | 'document' | 'scenarios'>
/** What the rules know beside the file. */
function surroundingsOf(host: Host, manifests: readonly string[]): (read: Read) => Linted {
  const ours = new Set([...(builtin.steps ?? []), ...(builtin.predicates ?? [])].map(d => d.id))
  const existence = new Set((builtin.predicates ?? []).filter(p => p.existence).map(p => p.id))
  return read =>
    ({ ...read, existence, builtin: id => ours.has(id), ...filesAround(read.file, host.files, manifests), ...checklistAbove(read.file, host.files) })
}

/** what is not there, or not what a cluster takes: worth a word before a run that will trip over it */
const worthAWord = new Set(['file-not-found', 'manifest-syntax', 'manifest-kind', 'object-unknown'])

/** The language of a run, which also warns of what the run itself could only tell in kubectl's words. A large suite is for `kscenario lint` to warn of. */
export function withWarnings(language: Language, parser: StepParser, host: Host, manifests: readonly string[]): Language {
  const surroundings = surroundingsOf(host, manifests)
  return {
    read(file, text, many) {
      const read = language.read(file, text, many)
      if (!read.document || many) return read
      const scenarios = bind(read.document, read.pickles ?? pickles(read.document, file), parser, text)
      const found = findings(surroundings({ file, text, document: read.document, scenarios })).filter(d => worthAWord.has(d.code))
      return { ...read, diagnostics: [...read.diagnostics, ...found.map(d => report({ ...d, severity: 'warning' }, file, text))] }
    },
  }
}

function checklistAbove(file: string, files: Files): Pick<Linted, 'checklist'> {
  const [checklist] = checklistsOf([file], files).checklists
  return checklist ? { checklist: { file: checklist.file, ids: checklist.items.map(i => i.id) } } : {}
}

/** so many files are looked through for one that was meant, so deep */
const mostFiles = 2000, deepest = 3

function filesAround(file: string, files: Files, manifests: readonly string[]): Pick<Linted, 'read' | 'nearby'> {
  const roots = [directoryOf(file), ...manifests]
  let listed: readonly string[] | undefined
  return {
    read(path) {
      for (const place of path.startsWith('/') ? [path] : roots.map(root => `${root}/${path}`)) {
        const kind = files.kind(place)
        if (kind) return kind === 'directory' ? 'folder' : files.read(place)
      }
      return undefined
    },
    nearby: () => (listed ??= roots.flatMap(root => filesIn(root, '', files, deepest)).slice(0, mostFiles)),
  }
}

function filesIn(root: string, below: string, files: Files, depth: number): string[] {
  return (namesIn(below ? `${root}/${below}` : root, files) ?? []).slice(0, mostFiles).flatMap(name => {
    if (name.startsWith('.') || name === 'node_modules') return []
    const path = below ? `${below}/${name}` : name
    return files.kind(`${root}/${path}`) === 'directory' ? (depth > 0 ? filesIn(root, path, files, depth - 1) : [])
      : /\.(ya?ml|json|db)$/.test(name) ? [path]
      : []
  })
}
