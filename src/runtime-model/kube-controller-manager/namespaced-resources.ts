import { registry, storageName } from '../kinds/index.ts'
import type { KindDefinition } from '../kinds/kind.ts'

const can = (kind: KindDefinition, ...verbs: string[]): boolean => verbs.every(v => kind.verbs.includes(v))
/** What discovery tells that can be deleted, as far as it is modelled. */
export const deletableKinds: readonly KindDefinition[] = registry.all.filter(k => k.modelled && !k.storedAs && can(k, 'delete', 'list'))
/** storage names of what is deleted with a namespace, in the order of discovery */
export const namespacedResources: readonly { readonly resource: string; readonly version: string }[] = deletableKinds.filter(k => k.namespaced).map(k => ({ resource: storageName(k.group, k.resource), version: k.version }))
