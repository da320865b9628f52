import type { Status } from '../../../runner/events.ts'
import { data, good, signs, tone } from './data.ts'
import { h } from './dom.ts'
import { linkTo } from './overview.ts'

/** All scenarios by feature; search and filters narrow it, and moving on (`j`, `k`) keeps to what is left. */
export function createList(): {
  readonly element: HTMLElement; show(query: string, statuses: ReadonlySet<Status>): void; mark(index: number | undefined): void;
  next(from: number | undefined, by: 1 | -1, onlyBad: boolean): number | undefined
} {
  const haystacks = data.scenarios.map(s =>
    [s.name, s.feature, s.rule ?? '', s.file, ...s.tags, s.status, s.failure?.message ?? '', ...s.steps.map(t => t.text)].join('\n').toLowerCase())
  const groups = new Map<string, HTMLElement>(), entries: HTMLElement[] = []
  const element = h('nav.list', { 'aria-label': 'scenarios' })
  const empty = h('p.empty', { hidden: true }, 'No scenario matches.')
  data.scenarios.forEach((s, i) => {
    let group = groups.get(s.file)
    if (!group) { group = h('section', {}, h('h2', {}, s.feature || s.file)); groups.set(s.file, group); element.append(group) }
    const entry = h(
      `a.entry.${tone(s.status)}`, { href: linkTo(i) }, h('span.sign', { 'aria-label': s.status }, signs[s.status]),
      h('span', {}, s.rule ? h('small', {}, s.rule) : '', s.name || '(no name)')
    )
    entries.push(entry); group.append(entry)
  })
  element.append(empty)
  return {
    element,
    show(query, statuses) {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean)
      let left = 0
      entries.forEach((entry, i) => {
        const there = words.every(w => haystacks[i].includes(w)) && (statuses.size === 0 || statuses.has(data.scenarios[i].status))
        entry.hidden = !there
        if (there) left++
      })
      for (const group of groups.values()) group.hidden = !group.querySelector('.entry:not([hidden])')
      empty.hidden = left > 0
    },
    mark(index) {
      entries.forEach((entry, i) => { entry.toggleAttribute('aria-current', i === index) })
      if (index !== undefined) entries[index]?.scrollIntoView({ block: 'nearest' })
    },
    next(from, by, onlyBad) {
      for (let i = (from ?? (by > 0 ? -1 : entries.length)) + by; i >= 0 && i < entries.length; i += by) {
        if (!entries[i].hidden && !(onlyBad && good(data.scenarios[i].status))) return i
      }
      return undefined
    },
  }
}
