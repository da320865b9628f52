import type { Language, Miss } from './language.ts'
import { statusWords } from './slots.ts'

const modalities = ['is', 'has', 'should be', 'eventually', 'always', 'never', 'stays', 'not']
const windows = ['while', 'until', 'after', 'before', 'within', 'for']
const components = [
  'control plane', 'kube-apiserver', 'etcd', 'kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager', 'kubelet', 'kube-proxy', 'coredns',
]
const subjects = [...components, 'control', 'the', 'running', 'all', 'container', 'requests', 'traffic']

/** What could have stood at the farthest place that a reading of the text came to. */
export interface Farthest {
  /** 0-based offset in the text */
  readonly at: number
  /** names of slots and parts: `a node name` */
  readonly parts: readonly string[]
  /** literal words of phrases */
  readonly words: readonly string[]
}

export function farthestOf(misses: readonly Miss[]): Farthest {
  const at = misses.reduce((far, miss) => Math.max(far, miss.at), 0)
  const there = misses.filter(m => m.at === at)
  const parts = [...new Set(there.flatMap(m => (typeof m.what === 'string' ? [m.what] : [])))]
  const words = [...new Set(there.flatMap(m => (typeof m.what === 'string' ? [] : m.what)))]
  return { at, parts, words }
}

/** Every word that may stand there, for the search of the nearest. */
export function vocabularyAt({ parts, words: literal }: Farthest, language: Language): Set<string> {
  const words = new Set(literal)
  const add = (more: readonly string[]): void => more.forEach(w => words.add(w))
  if (parts.includes('a subject')) add([...language.kindWords, ...subjects])
  if (parts.includes('the end of the sentence')) add(windows)
  if (parts.some(p => p.startsWith('a kind'))) add(language.kindWords)
  if (parts.some(p => p.startsWith('a component'))) add(components)
  if (parts.some(p => p.startsWith('a status'))) for (const status of statusWords) { words.delete(status.toLowerCase()); words.add(status) }
  // where a predicate may begin, a modality may stand too
  if (parts.some(p => p.startsWith('a status')) || words.size > 20) add(modalities)
  return words
}
