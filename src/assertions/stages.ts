import type { ResolvedSubject } from '../extension.ts'
import type { Place } from './subjects/index.ts'

export interface Diagnosis { readonly stage: string; readonly component: string; readonly why: readonly string[] }
export function diagnose(_subject: ResolvedSubject, _place: Place): Diagnosis | undefined { return undefined }
