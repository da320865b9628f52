import type { CompletionItem } from 'vscode-languageserver'
import type { Entry } from '../cli/catalogue.ts'
import { statusWords } from '../dsl/slots.ts'
import { keywordsOf, lineAt } from './lines.ts'
import type { Services } from './services.ts'

/** The numbers of the protocol, which is all that would be needed of its library here. */
const KIND = { text: 1, function: 3, property: 10, keyword: 14, snippet: 15, file: 17 } as const
const SNIPPET = 2

export interface Asked {
  readonly text: string
  readonly line: number
  readonly character: number
  readonly files: () => readonly string[]
  readonly checklist: () => readonly { readonly id: string; readonly text: string }[]
}

const TAGS: readonly (readonly [string, string])[] = [
  ['@skip', 'is not run; `@skip:why` says why'], ['@only', 'only scenarios with this tag are run'], ['@seed:', 'the seed of everything that is left to chance'],
  ['@explore:', 'run under so many different schedules'], ['@expect-failure', 'passes when it fails, at the step that `@expect-failure:words` names'],
  ['@checklist:', 'covers an item of checklist.yaml'],
  ['@model-only', 'not for real clusters'], ['@real-only', 'not for the model'],
]

export function completions(asked: Asked, services: Services): CompletionItem[] {
  const { text, line: number, character } = asked, line = lineAt(text, number), before = (text.split(/\r?\n/)[number] ?? '').slice(0, character)
  if (line.is === 'tags') return tags(before, asked)
  if (line.is === 'step' && character >= line.start) return inStep(before.slice(line.start), line.type, asked, services)
  if (line.is === 'other' || line.is === 'step') {
    return keywordsOf(text).map(k => ({
      label: k.word.trim(), kind: KIND.keyword, insertText: k.word,
      ...(k.step ? { command: { title: 'what can be said', command: 'editor.action.triggerSuggest' } } : {}),
    }))
  }
  return []
}

function tags(before: string, { checklist }: Asked): CompletionItem[] {
  if (/@checklist:\S*$/.test(before)) {
    return checklist().map(({ id, text }) => ({ label: `@checklist:${id}`, kind: KIND.property, detail: text, filterText: `@checklist:${id}` }))
  }
  return TAGS.map(([label, detail]) => ({ label, kind: KIND.property, detail }))
}

function inStep(said: string, type: string, asked: Asked, services: Services): CompletionItem[] {
  const quoted = /(?:^|\s)"([^"]*)$/.exec(said)
  if (quoted) return /\b(apply|create|replace|manifest|-f)\b/i.test(said) ? asked.files().map(label => ({ label, kind: KIND.file })) : []
  if (/\$[\w-]*$/.test(said)) return bindings(asked)
  const complete = said.slice(0, said.length - (/\S*$/.exec(said)?.[0].length ?? 0)), items: CompletionItem[] = []
  if (complete.trim() === '') {
    items.push(
      ...phrases(type, services),
      ...services.kindWords.filter(w => !w.includes('.')).slice(0, 40).map(label => ({ label, kind: KIND.text, detail: 'a subject', sortText: `~${label}` }))
    )
  }
  const { words, parts } = services.parser.next(complete)
  items.push(...words.filter(w => complete.trim() !== '' || !/^\W/.test(w)).map(label => ({ label, kind: KIND.keyword })))
  if (parts.some(p => p.startsWith('a predicate'))) {
    items.push(
      ...predicates(services),
      ...['eventually', 'always', 'never', 'stays', 'is', 'has'].filter(w => !complete.includes(w)).map(label => ({ label, kind: KIND.keyword }))
    )
  }
  if (parts.some(p => /name/.test(p))) items.push(...namesIn(asked.text).map(label => ({ label, kind: KIND.text, detail: 'named in this file' })))
  if (complete.trim() !== '' && services.parser.knows(complete.trim())) {
    items.push(...['within', 'for', 'while', 'until', 'after', 'before'].map(label => ({ label, kind: KIND.keyword, detail: 'a window' })))
  }
  const seen = new Set<string>()
  return items.filter(i => !seen.has(i.label) && seen.add(i.label))
}

const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  Context: ['world', 'own', 'action', 'fault', 'time'], Action: ['action', 'fault', 'time', 'own', 'world'], Outcome: ['sentence', 'own'],
}
const entriesOf = (section: string, { sections }: Services): readonly Entry[] => sections.find(s => s.id === section)?.entries ?? []

/** Every predicate, in all its forms; a STATUS word stands for itself. */
const predicates = (services: Services): CompletionItem[] => entriesOf('predicate', services).flatMap(entry => entry.phrases.flatMap(phrase =>
  phrase === '{status}' ? statusWords.map(label => ({ label, kind: KIND.text, detail: 'as kubectl says' })) : [snippet({ ...entry, phrases: [phrase] })]))

/** What fits the keyword comes first. */
function phrases(type: string, services: Services): CompletionItem[] {
  const wanted = SECTIONS[type] ?? [...SECTIONS.Context, 'sentence']
  return [
    'world', 'action', 'fault', 'time', 'sentence', 'own',
  ].flatMap(section => entriesOf(section, services).flatMap(entry =>
    entry.phrases.map(phrase => ({ ...snippet({ ...entry, phrases: [phrase] }), sortText: `${wanted.includes(section) ? 'a' : 'b'}${phrase}` }))))
}

/** `I cordon node {node}` → `I cordon node ${1:node}`; `(s)` and `a/b` become one of their forms. */
export function snippet({ phrases: [phrase], doc, takes }: Entry): CompletionItem {
  let n = 0
  const plain = phrase.replace(/\\(.)/g, '$1').replace(/(^|\s)\(([^()]*)\)(?=\s|$)/g, '').replace(/\(([^()]*)\)/g, '$1')
  const text = plain.split(' ').map(word => word.includes('{') ? word : word.split('/')[0]).join(' ').trim()
  const body = text.replace(/[$}\\](?![^{]*\})/g, '\\$&').replace(/\{([\w-]*)\}/g, (_, name: string) =>
    name === 'text' || name === 'string' ? `"\${${++n}}"` : `\${${++n}:${name || 'value'}}`)
  return {
    label: text.replace(/\{text\}|\{string\}/g, '"…"'), kind: KIND.snippet, insertText: body, insertTextFormat: SNIPPET,
    documentation: { kind: 'markdown', value: doc + (takes ? `\n\nTakes ${takes}.` : '') },
  }
}

const bindings = ({ text, line }: Asked): CompletionItem[] =>
  [...new Set([...text.split('\n').slice(0, line).join('\n').matchAll(/\bas "([^"]+)"/g)].map(m => `$${m[1]}`))].map(label => ({ label, kind: KIND.property }))

/** Names that stand in the file behind a kind, most used first. */
function namesIn(text: string): readonly string[] {
  const counts = new Map<string, number>()
  for (const [, name] of text.matchAll(
    /\b(?:pod|deployment|service|node|job|configmap|secret|statefulset|daemonset|namespace)s? ([a-z0-9][a-z0-9.-]*[a-z0-9])/g
  )) {
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 50).map(([name]) => name)
}
