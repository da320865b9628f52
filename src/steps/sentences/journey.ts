import { moment } from '../../base/clock.ts'
import { suggest } from '../../base/suggest.ts'
import { arrowsOf, concerns, journeyProblem, leadsTo } from '../../assertions/journey.ts'
import type { Arrow, JourneyRow } from '../../assertions/journey.ts'
import { actorName } from '../../assertions/narrate.ts'
import { everStored } from '../../assertions/predicates/support.ts'
import { referenceOf } from '../../assertions/subjects/index.ts'
import { mustBeAble } from '../../drivers/driver.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import type { Stage } from '../../runtime-model/kernel/observation.ts'

/** Rows of the table; a first row that only names the columns is none. */
function rowsOf(table: readonly (readonly string[])[]): readonly JourneyRow[] | string {
  const [first = [], ...rest] = table.map(r => r.map(c => c.trim())), named = first.map(c => c.toLowerCase())
  const columns = named.includes('from') ? ['from', 'to', 'what'].map(c => named.indexOf(c)) : [0, 1, 2]
  if (columns.some(c => c < 0 || c >= first.length)) return 'a journey is a table with the columns from, to and what'
  return (named.includes('from') ? rest : [first, ...rest]).map(r => ({ from: r[columns[0]], to: r[columns[1]], what: r[columns[2]] }))
}
const shown = (a: { readonly from: string; readonly to: string; readonly what: string }): string => `${actorName(a.from)} → ${actorName(a.to)}: ${a.what}`

const journey = defineStep({
  id: 'journey', kind: 'sentence', phrases: ['the journey of {what} is:', 'the journey of {what} is exactly:', 'exactly the journey of {what} is:'], parameters: { what: 'subject' },
  argument: 'table',
  doc:
    'Who did what to whom, as a table of from | to | what, in this order, perhaps with others in between (what is simultaneous and independent has no order); `exactly`: these and no others.',
  examples: ['the journey of pod catalog is:', 'the journey of pod catalog is exactly:'], source: 'https://kubernetes.io/docs/concepts/overview/components/',
  run(context, { what }, { argument, text }): StepOutcome {
    const driver = context.driver(), rows = rowsOf(argument.table ?? [])
    mustBeAble(driver, 'calls')
    if (typeof rows === 'string') return { cannotRun: rows }
    if (rows.length === 0) return { vacuous: 'a journey without rows is any journey' }
    const empty = rows.findIndex(r => [r.from, r.to, r.what].every(cell => (cell ?? '') === ''))
    if (empty >= 0) return { vacuous: `row ${empty + 1} of the journey says nothing: anything is such a row` }
    const { ref, label } = referenceOf(what, { driver, context })
    const arrows = arrowsOf(driver).filter(a => concerns(a, ref.name))
    // whoever lists or watches all of a kind belongs to every journey, but makes none
    if (!everStored({ driver }, ref) && !arrows.some(a => concerns({ ...a, what: '' }, ref.name) && a.about !== '*')) {
      return { vacuous: `${label} has no journey: it never was, and nobody has spoken of it` }
    }
    const exactly = /^exactly | exactly:$/.test(text)
    const problem = journeyProblem(rows, arrows, exactly, leadsTo(driver))
    if (!problem) return
    const row = rows[problem.row]
    const early = row && problem.nearest
    const message = early ? `row ${problem.row + 1} of the journey of ${label} comes before the rows above it: ${shown(early)} was at ${moment(early.at)}`
      : row === undefined ? `the journey of ${label} goes on: ${shown(problem.instead!)}`
      : `row ${problem.row + 1} of the journey of ${label} is not there${problem.row ? ' after the rows above it' : ''}: ${shown(row)}`
    return { failed: message, notes: notesOf(problem.instead, row && !early ? arrows.filter(a => a.what.split(' ')[0] === row.what.split(' ')[0]) : []) }
  },
})
function notesOf(instead: Arrow | undefined, similar: readonly Arrow[]): string[] {
  return [
    ...(instead ? [`in its place: ${shown(instead)} at ${moment(instead.at)}`] : []),
    ...similar.slice(0, 5).map(a => `there was: ${shown(a)} at ${moment(a.at)}`),
  ]
}

const requestStages: readonly string[] = [
  'authentication', 'authorization', 'mutating admission', 'validation', 'validating admission', 'storage',
] satisfies Stage[]
/** No request ever comes by a stage that is misspelt, and all of them have passed none. */
function stageProblem(named: readonly string[]): { readonly cannotRun: string } | undefined {
  const wrong = named.length === 0 ? 'none' : named.find(stage => !requestStages.includes(stage))
  if (wrong === undefined) return undefined
  const [near] = suggest(wrong, requestStages, 1)
  return { cannotRun: `${wrong} is no stage of a request${near ? `; did you mean ${near}?` : ''}; there are ${requestStages.join(', ')}` }
}
const passed = defineStep({
  id: 'request-passed', kind: 'sentence', phrases: ['the request {request} passed: {stages}', 'the request {request} passed {stages}'],
  parameters: { request: 'text', stages: 'rest' },
  doc: 'The stages that a request went through in the API server, in order.',
  examples: ['the request "create pod catalog" passed: authentication, authorization, mutating admission, validation, validating admission, storage'],
  source: 'https://kubernetes.io/docs/concepts/security/controlling-access/',
  run(context, { request, stages }): StepOutcome {
    const wanted = (stages as string).replace(/^:\s*/, '').split(',').map(s => s.trim()).filter(Boolean), wrong = stageProblem(wanted)
    if (wrong) return wrong
    const seen = stagesOf(context, request)
    if (!seen) return { failed: `no request "${request}" has reached an API server` }
    const through = seen.filter(s => !s.refused).map(s => s.stage as string)
    let at = 0
    for (const stage of wanted) {
      at = through.indexOf(stage, at) + 1
      if (at === 0) {
        return {
          failed: `the request "${request}" did not pass ${stage}${through.includes(stage) ? ' in this order' : ''}`,
          notes: [`it passed: ${through.join(', ') || 'nothing'}`, ...seen.filter(s => s.refused).map(s => `${s.stage} refused it: ${s.refused}`)],
        }
      }
    }
  },
})
const refusedAt = defineStep({
  id: 'request-refused', kind: 'sentence', phrases: ['the request {request} was refused at/by {stage}'], parameters: { request: 'text', stage: 'rest' },
  doc: 'The stage of the API server that turned the request down.', examples: ['the request "create pod catalog" was refused at authorization'],
  source: 'https://kubernetes.io/docs/concepts/security/controlling-access/',
  run(context, { request, stage }): StepOutcome {
    const wrong = stageProblem([stage])
    if (wrong) return wrong
    const seen = stagesOf(context, request)
    if (!seen) return { failed: `no request "${request}" has reached an API server` }
    const refusing = seen.find(s => s.refused)
    if (refusing?.stage !== stage) {
      return { failed: refusing ? `${refusing.stage} refused the request "${request}": ${refusing.refused}` : `nobody refused the request "${request}"` }
    }
  },
})
/** The stages of the latest request of this description. */
function stagesOf(context: ScenarioContext, description: string): { readonly stage: string; readonly refused?: string }[] | undefined {
  mustBeAble(context.driver(), 'calls')
  let request: number | undefined
  const stages = new Map<number, { stage: string; refused?: string }[]>()
  for (const o of context.driver().history()) {
    if (o.type === 'request' && o.what === description) request = o.request
    if (o.type === 'stage') stages.set(o.request, [...(stages.get(o.request) ?? []), { stage: o.stage, refused: o.refused }])
  }
  return request === undefined ? undefined : stages.get(request) ?? []
}
export const journeys: readonly StepDefinition[] = [journey, passed, refusedAt]
