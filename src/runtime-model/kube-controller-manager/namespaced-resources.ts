import { customKindsOf, definitionsResource, registry, storageName } from '../kinds/index.ts'
import type { View } from './controller.ts'
import type { KindDefinition } from '../kinds/kind.ts'

const can = (kind: KindDefinition, ...verbs: string[]): boolean => verbs.every(v => kind.verbs.includes(v))
/** Does discovery tell that it can be deleted? As far as it is modelled. */
export const isDeletable = (kind: KindDefinition): boolean => kind.modelled && !kind.storedAs && can(kind, 'delete', 'list')
/** storage names of what is deleted with a namespace, in the order of discovery; custom resources last */
export const namespacedResources = (view?: View): readonly { readonly resource: string; readonly version: string }[] =>
  registry.all.filter(k => isDeletable(k) && k.namespaced).map(k => ({ resource: storageName(k.group, k.resource), version: k.version }))
  .concat((view?.list(definitionsResource) ?? []).flatMap(d => customKindsOf(d).slice(0, 1))
    .filter(k => k.namespaced)
    .map(k => ({ resource: storageName(k.group, k.resource), version: k.version })))
