import { Chalk } from 'chalk'
import { moment, plural, span } from '../base/clock.ts'
import type { Lane, Moment, MomentSort } from '../runner/events.ts'
import type { Inspected } from './inspect.ts'

export interface ShowFilter { readonly component?: string; readonly object?: string }
/** too many to read unless one component is asked for */
const quiet = new Set<MomentSort>(['request', 'proxy'])

/** `kscenario show`: what happened, step by step, a line each; undefined: nothing is left of it by the filter. */
export function showText({ finished, record }: Inspected, filter: ShowFilter, colourLevel: 0 | 1 | 2 | 3): string | undefined {
  const chalk = new Chalk({ level: colourLevel }), { scenario } = finished
  const head =
    `${(finished.status === 'passed' ? chalk.green : chalk.red)(finished.status)}  ${chalk.bold(scenario.name)}   ${chalk.dim(`${scenario.file}:${scenario.line}  seed ${scenario.seed}  ${span(finished.virtualMs)}`)}\n`
  if (!record) return `${head}  it was not begun${finished.reason ? `: ${finished.reason}` : ''}\n`
  const wanted = lanesOf(record.lanes, filter), rows: string[] = []
  let told = 0, step = -1
  const width = Math.min(34, Math.max(...record.lanes.map(l => l.name.length), 8))
  for (const row of folded(record.moments.filter(m => m.sort === 'step' || (wanted(m) && (filter.component !== undefined || !quiet.has(m.sort)))))) {
    if (row.moment.sort === 'step') {
      step++
      const result = finished.steps[step], keyword = scenario.steps[step]?.keyword ?? ''
      rows.push(
        `\n${chalk.dim(moment(row.moment.atMs).padEnd(10))} ${(result?.status === 'passed' ? chalk.cyan : chalk.red)(`${keyword}${row.moment.text}`)}\n`
      )
      continue
    }
    told++
    rows.push(
      `${chalk.dim(moment(row.moment.atMs).padEnd(10))}   ${chalk.dim(record.lanes[row.moment.lane].name.slice(0, width).padEnd(width))} ${textOf(row.moment, record.lanes)}${row.count > 1 ? chalk.dim(` (${row.count} times, until ${moment(row.untilMs)})`) : ''}\n`
    )
  }
  if (told === 0 && (filter.component !== undefined || filter.object !== undefined)) return undefined
  return `${head}${rows.join('')}${finished.failure ? `\n${chalk.red(`${finished.failure.verdict}: ${finished.failure.message}`)}\n` : ''}${record.left ? chalk.dim(`\n(${plural(record.left, 'more moment')}: too many to tell)\n`) : ''}`
}

/** What is said already by the lane's name is not said again. */
const textOf = ({ text, lane }: Moment, lanes: readonly Lane[]): string => {
  const { name } = lanes[lane]
  return text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text.startsWith(`${name} `) ? text.slice(name.length + 1) : text
}

function lanesOf(lanes: readonly Lane[], { component, object }: ShowFilter): (m: Moment) => boolean {
  if (component === undefined && object === undefined) return () => true
  const name = object?.toLowerCase().replace(/^([a-z.]+)\//, (_, kind: string) => `${kind} `)
  const is = (lane: Lane): boolean =>
    (component !== undefined && lane.group === 'component'
      && (lane.name === component || lane.name.startsWith(`${component} on `) || lane.name.replace(/ on .*/, '') === component))
    || (name !== undefined && ['object', 'node'].includes(lane.group) && (lane.name === name || lane.name.includes(name)))
  const wanted = lanes.map(is)
  return m => wanted[m.lane]
}

interface Row { readonly moment: Moment; readonly count: number; readonly untilMs: number }
/** What the same lane says again, with nothing else in between, is one row. */
function folded(moments: readonly Moment[]): readonly Row[] {
  const rows: { moment: Moment; count: number; untilMs: number }[] = []
  for (const m of moments) {
    const last = rows.at(-1)
    if (last && m.sort !== 'step' && last.moment.lane === m.lane && last.moment.text === m.text) {
      last.count++
      last.untilMs = m.atMs
    } else rows.push({ moment: m, count: 1, untilMs: m.atMs })
  }
  return rows
}
