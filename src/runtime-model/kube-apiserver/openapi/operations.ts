import type { KindDefinition } from '../../kinds/index.ts'
import { meta, refTo } from './names.ts'
import { whatIsSaid } from './said.ts'

export type Gvk = Pick<KindDefinition, 'group' | 'version' | 'kind'>
/** Words that group and version are called by in operations: `AppsV1`, `apps_v1`. */
export interface Called { readonly operation: string; readonly tag: string }
export interface Operation { readonly parameters?: readonly any[]; readonly [field: string]: any }

export const capital = (word: string): string => word[0].toUpperCase() + word.slice(1)
export function calledBy(group: string, version?: string): Called {
  const [first, ...rest] = group === '' ? ['core'] : group.replace(/\.k8s\.io$/, '').split('.')
  const operation = [first, ...rest].map(capital).join(''), tag = first + rest.map(capital).join('')
  return version === undefined ? { operation, tag } : { operation: operation + capital(version), tag: `${tag}_${version}` }
}

// ---- media types
const written = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml']
const streamed = [written[0], `${written[0]};stream=watch`, written[1], `${written[1]};stream=watch`, written[2]]
const patches = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json']
const inForms = (types: readonly string[], schema: object): any => Object.fromEntries(types.map(type => [type, { schema }]))
const words: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' }
const answered = (codes: readonly number[], content: any): any =>
  ({ ...Object.fromEntries(codes.map(code => [code, { description: words[code], content }])), 401: { description: 'Unauthorized' } })
export const answers = (codes: readonly number[], name: string): any => answered(codes, inForms(written, refTo(name)))
export const streams = (name: string): any => answered([200], inForms(streamed, refTo(name)))
export const text = (types: readonly string[] = ['*/*']): any => answered([200], inForms(types, { type: 'string' }))
export const textForms = [...written, 'text/plain']
export const taken = (name: string): any => ({ content: inForms(['*/*'], refTo(name)), required: true })
export const patchTaken = (): any => ({ content: inForms(patches, refTo(meta('Patch'))), required: true })
export const deletionTaken = (): any => ({ content: inForms(['*/*'], refTo(meta('DeleteOptions'))) })

// ---- parameters, by name
const deleting = ['dryRun', 'gracePeriodSeconds', 'ignoreStoreReadErrorWithClusterBreakingPotential', 'orphanDependents', 'pretty', 'propagationPolicy']
const selecting = ['continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'resourceVersionMatch', 'sendInitialEvents', 'timeoutSeconds']
export const queries = {
  read: ['pretty'], list: [...selecting, 'allowWatchBookmarks', 'pretty', 'watch'], write: ['dryRun', 'fieldManager', 'fieldValidation', 'pretty'],
  patch: ['dryRun', 'fieldManager of apply', 'fieldValidation', 'force', 'pretty'], delete: deleting, deleteCollection: [...selecting, ...deleting],
} as const
const inPath = (name: string, description: string): any => ({ name, in: 'path', description, required: true, schema: { type: 'string', uniqueItems: true } })
export const NAMESPACE = inPath('namespace', 'object name and auth scope, such as for teams and projects'), PATH = inPath('path', 'path to the resource')
export const nameOf = (kind: string): any => inPath('name', `name of the ${kind}`)
export function inQuery(names: readonly string[], of = whatIsSaid().parameters): readonly any[] {
  return names.map(key => {
    const [type, description] = of[key]
    return { name: key.split(' ', 1)[0], in: 'query', description, schema: { type, uniqueItems: true } }
  })
}

/** What all operations of a path take is said once. */
export function pathItem(operations: Readonly<Record<string, Operation>>): any {
  const all = Object.values(operations), key = (p: any): string => `${p.name} ${p.description}`
  const common = (all[0].parameters ?? []).filter(p => all.every(o => o.parameters?.some(q => key(q) === key(p)))), shared = new Set(common.map(key))
  const own = Object.entries(operations).map(([method, { parameters = [], ...operation }]) => {
    const rest = parameters.filter(p => !shared.has(key(p)))
    return [method, { ...operation, ...rest.length ? { parameters: sorted(rest) } : {} }] as const
  })
  return { ...Object.fromEntries(own), ...common.length ? { parameters: sorted(common) } : {} }
}
const sorted = (parameters: readonly any[]): readonly any[] =>
  [...parameters].sort((a, b) => a.name === b.name ? (a.in < b.in ? -1 : 1) : a.name < b.name ? -1 : 1)
