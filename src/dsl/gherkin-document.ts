/**
 * The official GherkinDocument, as anything made for Cucumber reads it.
 * Source: cucumber/messages, GherkinDocument.schema.json and Pickle.schema.json.
 */
export interface Location {
  readonly line: number
  readonly column?: number
}
export interface GherkinDocument {
  readonly feature?: Feature
  readonly comments: readonly Comment[]
}
export interface Comment {
  readonly location: Location
  readonly text: string
}
export interface Tag {
  readonly location: Location
  readonly name: string
  readonly id: string
}
interface Titled {
  readonly location: Location
  readonly keyword: string
  readonly name: string
  readonly description: string
}
export interface Feature extends Titled {
  readonly tags: readonly Tag[]
  readonly language: string
  readonly children: readonly FeatureChild[]
}
export interface FeatureChild {
  readonly background?: Background
  readonly scenario?: Scenario
  readonly rule?: Rule
}
export interface Rule extends Titled {
  readonly id: string
  readonly tags: readonly Tag[]
  readonly children: readonly RuleChild[]
}
export interface RuleChild {
  readonly background?: Background
  readonly scenario?: Scenario
}
export interface Background extends Titled {
  readonly id: string
  readonly steps: readonly Step[]
}
export interface Scenario extends Titled {
  readonly id: string
  readonly tags: readonly Tag[]
  readonly steps: readonly Step[]
  readonly examples: readonly Examples[]
}
export interface Examples extends Titled {
  readonly id: string
  readonly tags: readonly Tag[]
  readonly tableHeader?: TableRow
  readonly tableBody: readonly TableRow[]
}
export type StepKeywordType = 'Unknown' | 'Context' | 'Action' | 'Outcome' | 'Conjunction'
export interface Step {
  readonly id: string
  readonly location: Location
  /** with its trailing blank, where it has one */
  readonly keyword: string
  readonly keywordType: StepKeywordType
  readonly text: string
  readonly dataTable?: DataTable
  readonly docString?: DocString
}
export interface DataTable {
  readonly location: Location
  readonly rows: readonly TableRow[]
}
export interface TableRow {
  readonly id: string
  readonly location: Location
  readonly cells: readonly TableCell[]
}
export interface TableCell {
  readonly location: Location
  readonly value: string
}
export interface DocString {
  readonly location: Location
  readonly content: string
  readonly delimiter: string
  readonly mediaType?: string
}

export interface Pickle {
  readonly id: string
  readonly uri: string
  /** of the scenario, or of the row of its Examples table */
  readonly location: Location
  readonly name: string
  readonly language: string
  readonly steps: readonly PickleStep[]
  readonly tags: readonly { readonly name: string; readonly astNodeId: string }[]
  readonly astNodeIds: readonly string[]
}
export interface PickleStep {
  readonly id: string
  readonly text: string
  readonly type: 'Unknown' | 'Context' | 'Action' | 'Outcome'
  readonly argument?: PickleStepArgument
  readonly astNodeIds: readonly string[]
}
export interface PickleStepArgument {
  readonly dataTable?: PickleTable
  readonly docString?: PickleDocString
}
export interface PickleTable {
  readonly argumentIndex?: number
  readonly rows: readonly { readonly cells: readonly { readonly value: string }[] }[]
}
export interface PickleDocString {
  readonly argumentIndex?: number
  readonly content: string
  readonly mediaType?: string
}
