import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import type { Page } from './page.ts'

/** Writes what `kubectl describe` says of one object of a kind. */
export type Describer = (page: Page, kind: KindDefinition, object: any) => Promise<void>
