import { LineCounter, parseDocument } from 'yaml'
import type { Checklist, ChecklistItem, DiagnosticsFound } from './events.ts'
import { directoryOf } from './files.ts'
import type { Files } from './files.ts'
import type { PlannedScenario } from './plan.ts'
import { readTags } from './tags.ts'
import { validate } from './generated/validate-checklist.js'

/** The nearest `checklist.yaml` of each feature: beside it, or in a folder above it. */
export function checklistsOf(
  features: readonly string[], files: Files
): { readonly checklists: readonly Checklist[]; readonly broken: readonly { readonly file: string; readonly message: string }[] } {
  const paths = new Set<string>()
  for (const feature of features) {
    const path = nearest(directoryOf(feature), files)
    if (path) paths.add(path)
  }
  const read = [...paths].map(file => ({ file, ...readChecklist(file, files.read(file) ?? '') }))
  return {
    checklists: read.flatMap(r =>
      r.checklist ?? []), broken: read.flatMap(r => r.messages.map(message => ({ file: r.file, message: `${r.file}: ${message}` }))),
  }
}

function nearest(directory: string, files: Files): string | undefined {
  for (let at = directory; ; at = directoryOf(at)) {
    const path = at === '.' ? 'checklist.yaml' : `${at}/checklist.yaml`
    if (files.kind(path) === 'file') return path
    if (at === '.' || at === '/' || at.endsWith('..') || directoryOf(at) === at) return undefined
  }
}

export function readChecklist(file: string, text: string): { readonly checklist?: Checklist; readonly messages: readonly string[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length) return { messages: document.errors.map(e => e.message.split('\n')[0].replace(/:$/, '')) }
  const value = document.toJS() as { title?: string; items: readonly any[] }
  if (!validate(value)) {
    return {
      messages: ((validate as any).errors ?? []).map((e: any) =>
        `${e.instancePath || 'the file'} ${e.message}${e.params?.additionalProperty ? ` '${e.params.additionalProperty}'` : ''}`),
    }
  }
  const items: readonly ChecklistItem[] = value.items.map(item => ({
    id: item.id, text: item.text, level: item.level ?? 'MUST',
    concepts: (item.concepts ?? []).map((c: any) => typeof c === 'string' ? { name: c } : c),
    points: item.points ?? 1, hints: item.hints ?? [],
    links: (item.links ?? []).map((l: any) => typeof l === 'string' ? { name: l, link: l } : l),
  }))
  const twice = items.find((item, i) => items.findIndex(other => other.id === item.id) !== i)
  return { checklist: { file, title: value.title ?? 'Checklist', items }, messages: twice ? [`two items have the id ${twice.id}`] : [] }
}

/** A tag that names no item is a warning: perhaps misspelt. Without any checklist the tags are free. */
export function unknownItems(
  scenarios: readonly Pick<PlannedScenario, 'file' | 'line' | 'tags'>[], checklists: readonly Checklist[]
): readonly DiagnosticsFound[] {
  if (checklists.length === 0) return []
  const known = new Set(checklists.flatMap(c => c.items.map(i => i.id)))
  return scenarios.flatMap(s => readTags(s.tags).checklist.filter(id => !known.has(id)).map(id => {
    const message = `@checklist:${id} names no item of ${checklists.map(c => c.file).join(', ')}`
    return {
      type: 'diagnostics' as const, file: s.file,
      diagnostics: [{
        severity: 'warning' as const, code: 'unknown-checklist-item', file: s.file, line: s.line, column: 1, message,
        text: `${s.file}:${s.line}: warning: ${message}`,
      }],
    }
  }))
}
