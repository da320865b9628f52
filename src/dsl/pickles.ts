import { countingIds } from './parse-document.ts'
import type {
  DataTable,
  DocString,
  Examples,
  GherkinDocument,
  Pickle,
  PickleDocString,
  PickleStep,
  PickleStepArgument,
  PickleTable,
  Scenario,
  Step,
  TableRow,
  Tag,
} from './gherkin-document.ts'

/** `<name>` → the row's value, everywhere at once per column, in the order of the columns. */
type Values = readonly (readonly [placeholder: string, value: string])[]

interface Around {
  readonly tags: readonly Tag[]
  readonly background: readonly Step[]
}

/**
 * Scenarios ready to run: one for each scenario or row of its Examples, backgrounds in front, tags inherited, placeholders
 * replaced. Source: cucumber/gherkin, pickles/compile (the official pickles, ids included).
 */
export function pickles(document: GherkinDocument, uri: string, newId: () => string = countingIds()): Pickle[] {
  const { feature } = document
  if (!feature) return []
  const found: Pickle[] = []
  // rows may be a hundred thousand, too many for the arguments of one push
  const add = (more: readonly Pickle[]): void => { for (const pickle of more) found.push(pickle) }
  const walk = (children: readonly { background?: { steps: readonly Step[] }; scenario?: Scenario }[], around: Around): Around => {
    for (const child of children) {
      if (child.background) around = { ...around, background: [...around.background, ...child.background.steps] }
      else if (child.scenario) add(ofScenario(child.scenario, around, { uri, language: feature.language, newId }))
    }
    return around
  }
  const outer = walk(
    feature.children.filter(c => !c.rule),
    { tags: feature.tags, background: [] },
  )
  for (const { rule } of feature.children) if (rule) walk(rule.children, { ...outer, tags: [...outer.tags, ...rule.tags] })
  return found
}

interface Origin {
  readonly uri: string
  readonly language: string
  readonly newId: () => string
}

function ofScenario(scenario: Scenario, around: Around, origin: Origin): Pickle[] {
  if (scenario.examples.length === 0) return [pickleOf(scenario, undefined, undefined, around, origin)]
  return scenario.examples.flatMap(examples =>
    examples.tableHeader ? examples.tableBody.map(row => pickleOf(scenario, examples, row, around, origin)) : [],
  )
}

function pickleOf(
  scenario: Scenario,
  examples: Examples | undefined,
  row: TableRow | undefined,
  around: Around,
  { uri, language, newId }: Origin,
): Pickle {
  const values: Values =
    row && examples?.tableHeader ? examples.tableHeader.cells.map((cell, i) => [`<${cell.value}>`, row.cells[i].value] as const) : []
  let last: PickleStep['type'] = 'Unknown'
  const step = (source: Step, replaced: Values, rowId: string | undefined): PickleStep => {
    last = source.keywordType === 'Conjunction' ? last : source.keywordType
    const argument = argumentOf(source, replaced), id = newId(), text = replace(source.text, replaced), astNodeIds = rowId ? [source.id, rowId] : [source.id]
    return argument ? { id, text, type: last, argument, astNodeIds } : { id, text, type: last, astNodeIds }
  }
  const before = scenario.steps.length > 0 ? around.background.map(s => step(s, [], undefined)) : []
  const steps = [...before, ...scenario.steps.map(s => step(s, values, row?.id))]
  const tags = [...around.tags, ...scenario.tags, ...(examples?.tags ?? [])].map(t => ({ name: t.name, astNodeId: t.id }))
  return {
    id: newId(),
    uri,
    location: row?.location ?? scenario.location,
    astNodeIds: row ? [scenario.id, row.id] : [scenario.id],
    tags,
    name: replace(scenario.name, values),
    language,
    steps,
  }
}

function argumentOf(step: Step, values: Values): PickleStepArgument | undefined {
  const { dataTable, docString } = step
  if (!dataTable && !docString) return undefined
  const both = dataTable && docString
  const tableFirst = both && docString.location.line > dataTable.location.line
  return {
    ...(docString ? { docString: docStringOf(docString, values, both ? (tableFirst ? 2 : 1) : undefined) } : {}),
    ...(dataTable ? { dataTable: tableOf(dataTable, values, both ? (tableFirst ? 1 : 2) : undefined) } : {}),
  }
}

const index = (argumentIndex: number | undefined): { argumentIndex?: number } => (argumentIndex === undefined ? {} : { argumentIndex })

const docStringOf = (docString: DocString, values: Values, argumentIndex?: number): PickleDocString => ({
  ...index(argumentIndex),
  content: replace(docString.content, values),
  ...(docString.mediaType ? { mediaType: replace(docString.mediaType, values) } : {}),
})

const tableOf = (table: DataTable, values: Values, argumentIndex?: number): PickleTable => ({
  ...index(argumentIndex),
  rows: table.rows.map(row => ({ cells: row.cells.map(cell => ({ value: replace(cell.value, values) })) })),
})

/** Values may hold placeholders of later columns, so that a text can double with every column: nothing grows by more than this. */
const growthLimit = 1 << 20

function replace(text: string, values: Values): string {
  let done = text
  for (const [placeholder, value] of values) {
    const parts = done.split(placeholder)
    if (parts.length === 1) continue
    if (done.length + (parts.length - 1) * (value.length - placeholder.length) > text.length + growthLimit) return done
    done = parts.join(value)
  }
  return done
}
