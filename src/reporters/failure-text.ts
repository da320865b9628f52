import type { Failure, ScenarioFinished, StepInfo } from '../runner/events.ts'
import { moment } from './clock.ts'

/** How parts of the text look; without colour every function is the identity. */
export interface Paint {
  readonly bad: (text: string) => string
  readonly good: (text: string) => string
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
  readonly warn: (text: string) => string
}
const same = (text: string): string => text
export const PLAIN: Paint = { bad: same, good: same, dim: same, bold: same, warn: same }

const LABEL_WIDTH = 10

/** The story of a failed scenario, line by line, without its headline: steps up to the one that broke, then why. */
export function failureLines(finished: ScenarioFinished, paint: Paint = PLAIN): string[] {
  const { failure, scenario } = finished
  if (!failure) return finished.reason ? [`    ${finished.reason}`] : []
  if (failure.text) return [...failure.text.split('\n').map(l => l && `    ${l}`), ...replayLine(failure, '          ', paint)]
  const width = Math.min(70, Math.max(...scenario.steps.slice(0, (failure.step ?? -1) + 1).map(s => s.text.length), 20))
  const lines: string[] = []
  if (failure.step !== undefined) {
    for (let i = 0; i < failure.step; i++) {
      lines.push(stepLine(scenario.steps[i], width, '    ', finished.steps[i] ? paint.dim(moment(finished.steps[i].atMs)) : ''))
    }
    lines.push(
      stepLine(scenario.steps[failure.step], width, `  ${paint.bad('▸')} `, paint.bad(failure.verdict)),
      ...caretLine(failure, scenario.steps[failure.step], paint)
    )
  } else lines.push(`  ${paint.bad('▸')} ${paint.bad(failure.verdict)}`, `          ${failure.message}`)
  return [...lines, ...details(failure, paint)]
}

const keywordOf = (step: StepInfo): string => `${step.keyword.trimEnd()} `.padEnd(6)
const stepLine = (step: StepInfo, width: number, lead: string, right: string): string =>
  `${lead}${keywordOf(step)}${step.text}${right ? ' '.repeat(Math.max(2, width + 3 - step.text.length)) + right : ''}`

function caretLine(failure: Failure, step: StepInfo, paint: Paint): string[] {
  const indent = 4 + keywordOf(step).length
  if (!failure.caret) return [`${' '.repeat(indent)}${failure.message}`]
  const { start, end, says } = failure.caret
  return [`${' '.repeat(indent + start)}${paint.bad('^'.repeat(Math.max(1, end - start)))} ${says ?? failure.message}`]
}

function details(failure: Failure, paint: Paint): string[] {
  const lines: string[] = []
  const row = (label: string, text: string): void => {
    const [first, ...rest] = text.split('\n')
    lines.push(`          ${paint.dim(label.padEnd(LABEL_WIDTH))}${first}`, ...rest.map(l => ' '.repeat(10 + LABEL_WIDTH) + l))
  }
  if (failure.expected !== undefined && failure.seen !== undefined && !/\n/.test(failure.expected + failure.seen)
    && failure.expected.length + failure.seen.length < 60) {
    lines.push(
      `          ${paint.dim('expected'.padEnd(LABEL_WIDTH))}${failure.expected.padEnd(15)}${failure.expected.length > 14 ? '  ' : ''} ${paint.dim('seen')}      ${failure.seen}`
    )
  } else {
    if (failure.expected !== undefined) row('expected', failure.expected)
    if (failure.seen !== undefined) row('seen', failure.seen)
  }
  if (failure.why?.length) row('why', failure.why.join(' → '))
  if (failure.atFault) row('at fault', failure.atFault)
  if (failure.timeline?.length) row('timeline', timelineText(failure))
  for (const note of failure.notes ?? []) row('note', note)
  return [...lines, ...replayLine(failure, '          ', paint)]
}

/** Moments one per line; repeats are folded by who made them. */
function timelineText(failure: Failure): string {
  const entries = failure.timeline!.map(e =>
    `${moment(e.atMs).padEnd(9)} ${e.text}${e.count && e.count > 1 ? ` (${e.count} times${e.untilMs === undefined ? '' : `, until ${moment(e.untilMs)}`})` : ''}`)
  // what no seed repeats cannot be looked at again
  const again = failure.replay?.includes(' --seed ') ? `: ${failure.replay.replace(' run ', ' why ')}` : ''
  return [...entries, ...(failure.more ? [`(${failure.more} more${again})`] : [])].join('\n')
}

const replayLine = (failure: Failure, indent: string, paint: Paint): string[] =>
  failure.replay ? [`${indent}${paint.dim('replay'.padEnd(LABEL_WIDTH))}${failure.replay}`] : []
