import descriptions from './data/column-descriptions.json' with { type: 'json' }
import { storageName } from './kind-from-data.ts'
import type { KindDefinition } from './kind.ts'

const known: Readonly<Record<string, Readonly<Record<string, string>>>> = descriptions

/** What a Table says of a column: its own words, those of the field that it shows. Source: Tables of a 1.35.4 API server. */
export const columnDescription = (kind: KindDefinition, { name, description }: KindDefinition['columns'][number]): string =>
  description ?? known[storageName(kind.group, kind.resource)]?.[name] ?? known[''][name] ?? ''
