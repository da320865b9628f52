import type { PatchType } from '../../api/request.ts'
import type { Status } from '../../api/status.ts'
import type { KindDefinition } from '../../kinds/kind.ts'

export interface PatchOptions { readonly manager: string; readonly force: boolean; readonly nowText: string; readonly subresource?: string }
export type PatchResult = { readonly object: any } | { readonly status: Status }

/** Applies a patch of any of the four types to `current` (undefined: an apply that creates). Neither defaulted nor validated. */
export function applyPatch(_kind: KindDefinition, _patchType: PatchType, _current: any, _patch: any, _options: PatchOptions): PatchResult { throw new Error('not yet written') }

/** The metadata.managedFields of `next`, which `manager` has just written over `old` (undefined: created). */
export function updateManagedFields(_kind: KindDefinition, _old: any, next: any, _by: { readonly manager: string; readonly operation: 'Update' | 'Apply'; readonly subresource?: string; readonly nowText: string }): any { return next }
