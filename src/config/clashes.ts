import { builtin } from '../builtin.ts'
import type { Extension } from '../extension.ts'

type Named = readonly (readonly [name: string, own: unknown])[]

/**
 * Names that a config gives twice, or that are built in: what is built in always wins, so a clash can only be a mistake. Built-in lists load only where they
 * are asked.
 */
export async function clashesOf(extensions: readonly Extension[]): Promise<readonly string[]> {
  const of = <T>(list: (e: Extension) => readonly T[] | undefined, name: (item: T) => string): Named =>
    extensions.flatMap(e => (list(e) ?? []).map(item => [name(item), item] as const))
  const ids = (list: readonly { readonly id: string }[] | undefined): readonly string[] => (list ?? []).map(d => d.id)
  return (await Promise.all([
    clash('step', of(e => e.steps, s => s.id), async () => ids(builtin.steps)),
    clash('predicate', of(e => e.predicates, p => p.id), async () => ids(builtin.predicates)),
    clash('phrase', of(e => [...e.steps ?? [], ...e.predicates ?? []].flatMap(d => d.phrases), p => p), async () =>
      [...builtin.steps ?? [], ...builtin.predicates ?? []].flatMap(d => d.phrases)),
    clash('parameter type', of(e => e.parameterTypes, t => t.name), async () => []),
    clash('controller', of(e => e.controllers, c => c.name), async () =>
      (await import('../runtime-model/kube-controller-manager/controllers/index.ts')).controllers.map(c => c.name)),
    clash('admission plugin', of(e => e.admissionPlugins, p => p.name), async () =>
      (await import('../runtime-model/kube-apiserver/admission/index.ts')).admissionPlugins.map(p => p.name)),
    clash('scheduler plugin', of(e => e.schedulerPlugins, p => p.name), async () =>
      (await import('../runtime-model/kube-scheduler/plugins/index.ts')).plugins.map(p => p.name)),
    clash('fault', of(e => e.faults, f => f.id), async () => ids((await import('../runtime-model/faults/index.ts')).faults)),
    clash('reporter', of(e => e.reporters, r => r.name), async () => (await import('../reporters/index.ts')).reporters.map(r => r.name)),
    clash('kind', of(e => e.kinds, k => `${k.resource}.${k.group}`), async () => []),
  ])).flat()
}

async function clash(what: string, own: Named, builtIn: () => Promise<readonly string[]>): Promise<readonly string[]> {
  if (own.length === 0) return []
  const known = new Set(await builtIn()), seen = new Map<string, unknown>(), found: string[] = []
  for (const [name, item] of own) {
    if (known.has(name)) found.push(`the ${what} \`${name}\` is built in; give yours another name`)
    else if (seen.has(name) && seen.get(name) !== item) found.push(`two ${what}s are called \`${name}\``)
    seen.set(name, item)
  }
  return [...new Set(found)]
}
