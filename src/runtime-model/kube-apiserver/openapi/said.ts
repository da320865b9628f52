import { descriptionsText } from '../../api/generated/descriptions.ts'
import { openapiText } from '../../api/generated/openapi.ts'

/** What of the documents of a 1.35.4 API server does not follow from its types. */
interface Said {
  /** of a type: what is said of its list, of the list's items and of its metadata */
  readonly lists: Readonly<Record<string, readonly [string, string, string]>>
  /** schemas of what is no type of `api/schema.ts`, by their whole names */
  readonly schemas: Readonly<Record<string, any>>
  /** fields that have other defaults, values or types, and types that say more of themselves */
  readonly fields: Readonly<Record<string, Readonly<Record<string, any>>>>
  readonly more: Readonly<Record<string, any>>
  /** of a query: type and description */
  readonly parameters: Parameters
  /** the same of connections and logs, by `pods/exec` */
  readonly options: Readonly<Record<string, Parameters>>
  /** paths of no group */
  readonly paths: Readonly<Record<string, any>>
}
type Parameters = Readonly<Record<string, readonly [type: string, description: string]>>
type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>

let said: Said | undefined, descriptions: Descriptions | undefined
export const whatIsSaid = (): Said => said ??= JSON.parse(openapiText) as Said
/** of a type ('') or of one of its fields; undefined: nothing is said of it */
export const descriptionOf = (type: string, field = ''): string | undefined => (descriptions ??= JSON.parse(descriptionsText) as Descriptions)[type]?.[field]
