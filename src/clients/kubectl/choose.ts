import { suggest } from '../../base/suggest.ts'
import type { CommandProblem } from '../command-line.ts'
import { everyVerb } from './global-flags.ts'
import type { FlagTable } from './flags.ts'
import type { Verb } from './verb.ts'
import { verbs } from './verbs/index.ts'

/** `stray`: a word where only a verb below can stand. */
export interface Chosen { readonly verb: Verb; readonly command: string; readonly words: readonly string[]; readonly stray?: CommandProblem }
/** kubectl's own words for a first word that it does not know; undefined: there is no word at all, which is no mistake of its own. */
export interface Unchosen { readonly problem: CommandProblem; readonly said?: string }

/** Finds the verb that the words name (`rollout status`), and takes its name off. Source: github.com/spf13/cobra, command.go (Find, stripFlags). */
export function choose(words: readonly string[]): Chosen | Unchosen {
  const first = firstWord(words, everyVerb), name = words[first]
  if (first < 0) return { problem: { message: `kubectl needs a verb: ${names(verbs)}`, supported: Object.keys(verbs) } }
  if (!Object.hasOwn(verbs, name)) return { problem: misnamed('kubectl', name, verbs), said: unknown(words, name) }
  let verb = verbs[name], command = `kubectl ${verb.name ?? name}`, rest = without(words, first)
  while (verb.under) {
    const at = firstWord(rest, { ...everyVerb, ...verb.flags }), below = rest[at]
    if (at < 0) break
    if (!Object.hasOwn(verb.under, below)) return { verb, command, words: rest, ...verb.takesWords ? {} : { stray: misnamed(command, below, verb.under) } }
    verb = verb.under[below]
    command += ` ${verb.name ?? below}`
    rest = without(rest, at)
  }
  return { verb, command, words: rest }
}
const without = (words: readonly string[], at: number): readonly string[] => [...words.slice(0, at), ...words.slice(at + 1)]
const names = (table: Readonly<Record<string, unknown>>): string => Object.keys(table).join(', ')
function misnamed(command: string, name: string, under: Readonly<Record<string, Verb>>): CommandProblem {
  const near = suggest(name, Object.keys(under))
  return {
    message: `${command} has no verb \`${name}\` here${near.length ? `, did you mean ${near.join(' or ')}?` : ''}; known are ${names(under)}`,
    supported: Object.keys(under), refusal: true,
  }
}

/** The place of the first word that is no flag, nor what may be the value of one: a flag without `=` takes the next word with it, known or not. */
function firstWord(words: readonly string[], flags: FlagTable): number {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (word === '--') return -1
    if (!word.startsWith('-')) { if (word !== '') return i; continue }
    const long = word.startsWith('--'), spec = long ? flags[word.slice(2)] : Object.values(flags).find(f => f.short === word[1])
    if (!word.includes('=') && (long || word.length === 2) && spec?.alone === undefined) i++
  }
  return -1
}

/** Words that people mean a verb by. Source: SuggestFor in kubectl pkg/cmd/{get,delete,wait}. */
const meant: Readonly<Record<string, readonly string[]>> = { get: ['list', 'ps'], delete: ['rm'], wait: ['list', 'ps'] }
/** Source: cobra command.go (SuggestionsFor), kubectl pkg/cmd/cmd.go (HandlePluginCommand: what is no command may be a plugin). */
function unknown(words: readonly string[], name: string): string {
  if (words[0].startsWith('-')) return `Error: flags cannot be placed before plugin name: ${words[0]}\n`
  const typed = name.toLowerCase(), near = suggested.filter(verb => apart(typed, verb) <= 2 || verb.startsWith(typed) || meant[verb]?.includes(typed))
  return `error: unknown command ${JSON.stringify(name)} for "kubectl"\n${near.length ? `\nDid you mean this?\n${near.map(n => `\t${n}\n`).join('')}` : ''}`
}
/** in the order in which kubectl adds its commands. Source: kubectl pkg/cmd/cmd.go (NewKubectlCommand). */
const suggested = [
  'create', 'expose', 'run', 'set', 'explain', 'get', 'edit', 'delete', 'rollout', 'scale', 'autoscale', 'certificate', 'cluster-info', 'top', 'cordon',
  'uncordon', 'drain', 'taint', 'describe', 'logs', 'attach', 'exec', 'port-forward', 'proxy', 'cp', 'auth', 'debug', 'events', 'diff', 'apply', 'patch',
  'replace', 'wait', 'kustomize', 'label', 'annotate', 'completion', 'alpha', 'config', 'plugin', 'version', 'api-versions', 'api-resources', 'options',
]
/** Levenshtein's distance, in which a swap of neighbours is two edits */
function apart(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]
}
