import { plural, span } from '../../../base/clock.ts'
import type { Status } from '../../../runner/events.ts'
import type { ChecklistData, ScenarioData } from '../model.ts'
import { data, good, signs, tone } from './data.ts'
import { h } from './dom.ts'

const shown: readonly Status[] = ['failed', 'vacuous', 'undefined', 'ambiguous', 'inconclusive', 'passed', 'skipped']
export const linkTo = (index: number): string => `#${index + 1}`

/** What a reader wants to know first: did it pass, what did not, what of the checklist is shown. */
export function overview(): HTMLElement {
  const { counts, scenarios, exitCode } = data
  const bad = scenarios.map((s, i) => [s, i] as const).filter(([s]) => !good(s.status))
  const verdict = exitCode === 0 ? 'good' : exitCode === 3 ? 'warn' : 'bad'
  return h('section.overview', {},
    h(`div.verdict.${verdict}`, {},
      h('div.verdict-sign', { 'aria-hidden': 'true' }, exitCode === 0 ? '✓' : exitCode === 3 ? '!' : '✗'),
      h('div', {},
        h('h1', {}, headline()),
        h(
          'p.facts', {},
          [`${span(data.virtualMs)} of cluster time`, `seed ${data.seed}`, `exit code ${exitCode}`, `kscenario ${data.version}`].map(f => h('span', {}, f))
        ))),
    h(
      'div.bar', { role: 'img', 'aria-label': headline() },
      shown.filter(s => counts[s]).map(s => h(`span.${tone(s)}`, { style: `flex-grow:${counts[s]}`, title: `${counts[s]} ${s}` }))
    ),
    h('p.legend', {}, shown.filter(s => counts[s]).map(s => h(`span.${tone(s)}`, {}, h('b', {}, `${signs[s]} ${counts[s]}`), ` ${s}`))),
    data.problems.length > 0 && h('section', {}, h('h2', {}, 'What is wrong with files'), data.problems.map(p => h('pre.problem', {}, p))),
    bad.length > 0 && h('section', {}, h('h2', {}, 'What did not pass'), bad.map(([s, i]) => failureCard(s, i))),
    data.checklists.map(checklist),
    h('section', {}, h('h2', {}, 'Features'), h('div.features', {}, features().map(feature))))
}

function headline(): string {
  const { passed } = data.counts, total = data.scenarios.length
  return total === 0 ? 'Nothing ran' : passed === total ? `All ${plural(total, 'scenario')} passed` : `${passed} of ${plural(total, 'scenario')} passed`
}

const failureCard = (s: ScenarioData, index: number): HTMLElement => h(`a.card.${tone(s.status)}`, { href: linkTo(index) },
  h('b', {}, `${signs[s.status]} ${s.name}`), h('small', {}, `${s.file}:${s.line}`), h('p', {}, s.failure?.message ?? s.reason ?? s.status))

function checklist(list: ChecklistData): HTMLElement {
  return h('section.checklist', {},
    h('h2', {}, list.title, h('span.score', {}, `${list.points} of ${plural(list.of, 'point')}`)),
    h(
      'div.meter', { role: 'img', 'aria-label': `${list.points} of ${list.of} points` },
      h('span', { style: `width:${list.of ? 100 * list.points / list.of : 0}%` })
    ),
    h('ul', {}, list.items.map(item => h(`li.${tone(item.status)}`, {},
      h('span.sign', { title: item.status }, signs[item.status]),
      h('div', {},
        h(
          'p', {}, h('b.id', {}, item.id), ' ', h(`span.level.${item.level.toLowerCase()}`, {}, item.level), ' ', item.text,
          item.points !== 1 && h('span.points', {}, ` ${plural(item.points, 'point')}`)
        ),
        item.status !== 'passed'
          && h(
            'p.why', {},
            item.status === 'not covered' ? 'not covered: no scenario of this run speaks of it' : `${item.status}${item.why ? `: ${item.why}` : ''}`
          ),
        h(
          'p.more', {}, item.scenarios.map(i => h('a', { href: linkTo(i) }, `${signs[data.scenarios[i].status]} ${data.scenarios[i].name}`)),
          item.links.map(l => l.link ? h('a.out', { href: l.link, rel: 'noopener' }, `${l.name} ↗`) : h('span', {}, l.name))
        ),
        item.status !== 'passed'
          && item.hints.map((hint, i) => h('details', {}, h('summary', {}, `Hint ${i + 1} of ${item.hints.length}`), h('p', {}, hint))))))))
}

function features(): (readonly [name: string, file: string, members: readonly (readonly [ScenarioData, number])[]])[] {
  const groups = new Map<string, (readonly [ScenarioData, number])[]>()
  data.scenarios.forEach((s, i) => groups.set(s.file, [...(groups.get(s.file) ?? []), [s, i]]))
  return [...groups].map(([file, members]) => [members[0][0].feature || file, file, members] as const)
}

const feature = ([name, file, members]: ReturnType<typeof features>[number]): HTMLElement => h('div.feature', {},
  h('h3', {}, name), h('p', {}, h('small', {}, file)),
  h(
    'div.cells', {},
    members.map(([s, i]) =>
      h(`a.cell.${tone(s.status)}`, { href: linkTo(i), title: `${s.status}: ${s.name}`, 'aria-label': `${s.status}: ${s.name}` }, signs[s.status]))
  ),
  h('p.count', {}, `${members.filter(([s]) => s.status === 'passed').length} of ${members.length} passed`))
