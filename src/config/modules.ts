import type { Extension } from '../extension.ts'
import { declaredBy, isOwnStep, isParameterType } from '../own-steps/own-step.ts'
import type { Config } from './config.ts'

/** What loading needs of the machine. Paths are relative to the working directory. */
export interface ConfigHost {
  readonly exists: (path: string) => boolean
  readonly read: (path: string) => string | undefined
  /** names in a folder; undefined: it is none */
  readonly list: (path: string) => readonly string[] | undefined
  /** a module by its path, or by the name of a package */
  readonly import: (path: string) => Promise<unknown>
}

/** The lists of a config whose entries may be files. */
export const LISTS = [
  'extensions', 'steps', 'parameterTypes', 'predicates', 'controllers', 'kinds', 'admissionPlugins', 'schedulerPlugins', 'faults', 'reporters',
] as const
type List = typeof LISTS[number]

/** How an export shows what it is. */
const IS: Readonly<Record<List, (value: any) => boolean>> = {
  extensions: value => typeof value?.name === 'string' && LISTS.some(list => Array.isArray(value[list])) || Array.isArray(value?.ownSteps),
  steps: value => isOwnStep(value) || typeof value?.run === 'function' && Array.isArray(value.phrases),
  parameterTypes: isParameterType,
  predicates: value => Array.isArray(value?.phrases) && typeof value.test === 'function',
  controllers: value => typeof value?.name === 'string' && Array.isArray(value.watches) && typeof value.reconcile === 'function',
  kinds: value => typeof value?.kind === 'string' && typeof value.resource === 'string' && typeof value.cells === 'function',
  admissionPlugins: value =>
    typeof value?.name === 'string' && Array.isArray(value.operations) && (typeof value.mutate === 'function' || typeof value.validate === 'function'),
  schedulerPlugins: value => typeof value?.name === 'string' && (typeof value.preFilter === 'function' || typeof value.preScore === 'function'),
  faults: value => typeof value?.id === 'string' && typeof value.inject === 'function',
  reporters: value => typeof value?.name === 'string' && typeof value.open === 'function',
}
const MADE_BY: Readonly<Record<List, string>> = {
  extensions: '{ name, steps, … }', steps: 'step', parameterTypes: 'parameterType', predicates: 'definePredicate', controllers: 'defineController',
  kinds: 'defineKind',
  admissionPlugins: 'defineAdmissionPlugin', schedulerPlugins: 'defineSchedulerPlugin', faults: 'defineFault', reporters: 'defineReporter',
}

/** Loads every file that the config names, and sorts what it finds: the config's own extension first, then the whole ones that it names. */
export async function collect(config: Config & { readonly name: string }, directory: string, host: ConfigHost): Promise<readonly Extension[]> {
  const found = {} as Record<List, any[]>, declared = new Set<any>()
  for (const list of LISTS) {
    const entries = (config[list] ?? []) as readonly unknown[]
    found[list] = []
    for (const entry of entries) {
      if (typeof entry !== 'string') {
        if (!IS[list](entry)) throw new Error(`${list}: an entry is not what ${MADE_BY[list]} makes`)
        found[list].push(entry)
      } else for (const file of filesOf(entry, directory, host)) found[list].push(...await exportsOf(file, list, host, declared))
    }
  }
  const { steps, extensions, parameterTypes, ...rest } = found
  const types = [...new Set([...parameterTypes, ...[...declared].filter(isParameterType)])]
  const own: Extension = {
    name: config.name, ...rest, ownSteps: [...new Set(steps.filter(isOwnStep))], steps: steps.filter(s => !isOwnStep(s)), parameterTypes: types,
  }
  return [own, ...extensions.map(tidied)].filter(e => Object.values(e).some(v => Array.isArray(v) && v.length > 0))
}

/** Files of a folder are taken in order of name; a name without a path is a package. */
function filesOf(entry: string, directory: string, host: ConfigHost): readonly string[] {
  if (!/^\.{0,2}\//.test(entry) && !/\.[cm]?[jt]s$/.test(entry) && !host.list(`${directory}/${entry}`)) return [entry]
  const path = entry.startsWith('/') ? entry : `${directory}/${entry.replace(/^\.\//, '')}`
  const names = host.list(path)
  if (names) return [...names].filter(n => /\.m?[jt]s$/.test(n) && !n.endsWith('.d.ts')).sort().map(n => `${path}/${n}`)
  if (!host.exists(path)) throw new Error(`no such file or folder: ${entry}`)
  return [path]
}

/** Exports that are of the list, arrays of them too; and what the module declared by calling `step` or `parameterType`. */
async function exportsOf(file: string, list: List, host: ConfigHost, declared: Set<any>): Promise<readonly unknown[]> {
  let module: Readonly<Record<string, unknown>> = {}
  const calls = await declaredBy(async () => { module = await host.import(file) as typeof module })
  for (const call of calls) declared.add(call)
  const exported = Object.values(module).flatMap(value => Array.isArray(value) ? value : [value]).filter(IS[list])
  const all = [...new Set([...exported, ...list === 'steps' ? calls.filter(isOwnStep) : []])]
  if (list === 'steps') for (const value of Object.values(module)) if (isParameterType(value)) declared.add(value)
  if (all.length === 0 && !calls.length) throw new Error(`${file} exports nothing for \`${list}\` (what ${MADE_BY[list]} makes)`)
  return all
}

/** An extension written by hand may have own steps among its steps. */
function tidied(extension: Extension): Extension {
  const steps: readonly any[] = extension.steps ?? []
  return { ...extension, steps: steps.filter(s => !isOwnStep(s)), ownSteps: [...extension.ownSteps ?? [], ...steps.filter(isOwnStep)] }
}
