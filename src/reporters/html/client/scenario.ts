import { moment, plural, span } from '../../../base/clock.ts'
import type { ScenarioData, StepData } from '../model.ts'
import { signs, text, tone } from './data.ts'
import { h } from './dom.ts'
import { command, marked, story } from './failure.ts'
import { journeys } from './journey.ts'
import { timeline } from './timeline.ts'

/** One scenario: its steps with what they changed, when everything happened, and who asked whom. */
export function scenarioPage(s: ScenarioData): HTMLElement {
  const at = s.failure?.step
  return h('article.scenario', {},
    h('p.crumbs', {}, h('a', { href: '#', title: 'Esc' }, '← all scenarios'), h('span', {}, s.feature), s.rule && h('span', {}, s.rule)),
    h('h1', {}, h(`span.badge.${tone(s.status)}`, {}, `${signs[s.status]} ${s.status}`), ' ', s.name || '(no name)'),
    h(
      'p.facts', {}, h('span', {}, `${s.file}:${s.line}`), h('span', {}, `seed ${s.seed}`), h('span', {}, `${span(s.virtualMs)} of cluster time`),
      s.tags.map(t => h('span.tag', {}, t))
    ),
    s.reason && h('p.reason', {}, s.reason),
    h('ol.steps', {}, s.steps.map((step, i) => stepItem(s, step, i))),
    s.failure && at === undefined && h('section', {}, h('h2', {}, s.failure.verdict), story(s.failure)),
    s.status === 'passed' && command(`kscenario run ${s.file}:${s.line} --seed ${s.seed}`),
    s.moments.length > 0 && timeline(s),
    s.journeys.length > 0 && journeys(s))
}

function stepItem(s: ScenarioData, step: StepData, index: number): HTMLElement {
  const broken = s.failure?.step === index ? s.failure : undefined
  const changes = s.changes.filter(c => c.step === index)
  const took = step.untilMs - step.atMs
  return h(`li.step.${broken && s.status !== 'passed' ? tone(s.status) : tone(step.status)}`, { id: `step-${index}` },
    h('span.sign', { title: step.status }, signs[step.status]),
    h('div', {},
      h(
        'p.sentence', {}, h('span', {}, h('b', {}, step.keyword), ' ', ...(broken ? marked(step.text, broken) : [step.text])),
        h('span.when', {}, step.status === 'skipped' ? '' : `${moment(step.atMs)}${took ? ` … +${span(took)}` : ''}`)
      ),
      step.argument && h('pre.argument', {}, step.argument.join('\n')),
      broken && h('p.verdict-line', {}, broken.verdict), broken && story(broken),
      step.output && h('details', {}, h('summary', {}, 'what it printed'), h('pre', {}, step.output)),
      changes.length > 0 && changed(changes)))
}

function changed(changes: ScenarioData['changes']): HTMLElement {
  const count = (what: string): string => { const n = changes.filter(c => c.what === what).length; return n ? `${n} ${what}` : '' }
  return h(
    'details.changes', {}, h('summary', {}, `${plural(changes.length, 'object')}: ${['created', 'changed', 'deleted'].map(count).filter(Boolean).join(', ')}`),
    changes.map(c => c.lines.length === 0 ? h('p.object', {}, h(`span.what.${c.what}`, {}, c.what), ' ', text(c.object))
      : folded([h(`span.what.${c.what}`, {}, c.what), ' ', text(c.object), h('small', {}, ` ${plural(c.lines.length, 'line')}`)], () => diff(c.lines)))
  )
}

/** Its content is drawn when it is first opened. */
function folded(title: readonly (HTMLElement | string)[], draw: () => HTMLElement): HTMLElement {
  const element = h('details', { toggle: () => { if (element.childElementCount === 1) element.append(draw()) } }, h('summary', {}, title))
  return element
}

const diff = (lines: readonly number[]): HTMLElement => h('pre.diff', {}, lines.map(at => {
  const line = text(at), sign = line[0]
  return h(sign === '+' ? 'ins' : sign === '-' ? 'del' : 'span', {}, line + '\n')
}))
