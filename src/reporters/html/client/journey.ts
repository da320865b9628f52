import { span } from '../../../base/clock.ts'
import type { ScenarioData } from '../model.ts'
import { arrowsOf, text } from './data.ts'
import type { Arrow } from './data.ts'
import { h, svg } from './dom.ts'

const column = 152, row = 27, top = 48, left = 74

/** Who asked whom for what, as a sequence diagram. */
export function journeys(s: ScenarioData): HTMLElement {
  const holder = h('div.sequence', { tabindex: 0, 'aria-label': 'sequence diagram' }), note = h('p.left', {})
  const tabs = s.journeys.map((j, i) => h('button.chip', { type: 'button', 'aria-pressed': String(i === 0), click: () => { pick(i) } }, text(j.about)))
  const pick = (index: number): void => {
    tabs.forEach((tab, i) => { tab.setAttribute('aria-pressed', String(i === index)) })
    holder.replaceChildren(diagram(arrowsOf(s.journeys[index])))
    const { left: more } = s.journeys[index]
    note.textContent = more ? `${more} more are left out.` : ''
  }
  pick(0)
  return h('section.journey', {}, h('h2', {}, 'The journey'), h('div.controls', {}, tabs), holder, note)
}

function diagram(arrows: readonly Arrow[]): SVGElement {
  const parties = [...new Set(arrows.flatMap(a => [a.from, a.to]))], x = (party: string): number => left + column / 2 + parties.indexOf(party) * column
  const height = top + arrows.length * row + 56
  const width = left + parties.length * column + (arrows.some(a => a.from === a.to && a.from === parties.at(-1)) ? 130 : 10)
  const head = (y: number): SVGElement[] => parties.map(p => {
    const lines = p.length > 20 && !p.includes(' on ') ? p.split(/(?<=-)(?=[^-]*$)/) : p.split(/ (?=on )/)
    return svg(
      'g.party', {}, svg('title', {}, p), svg('rect', { x: x(p) - 72, y, width: 144, height: 32, rx: 5 }),
      lines.map((line, i) =>
        svg('text', { x: x(p), y: y + (lines.length > 1 ? 14 + 13 * i : 20), style: `font-size:${Math.min(12, 134 / (line.length * .64))}px` }, line))
    )
  })
  return svg('svg', { width, height, viewBox: `0 0 ${width} ${height}` },
    svg(
      'defs', {},
      svg(
        'marker', { id: 'tip', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' },
        svg('path', { d: 'M0 0 8 4 0 8z' })
      )
    ),
    parties.map(p => svg('line.life', { x1: x(p), x2: x(p), y1: 36, y2: height - 36 })), head(4), head(height - 38),
    arrows.map((a, i) => arrow(a, i, arrows[i - 1]?.atMs, x, width)))
}

function arrow(a: Arrow, index: number, before: number | undefined, x: (party: string) => number, width: number): SVGElement {
  const y = top + index * row + 18, from = x(a.from), to = x(a.to)
  const when = a.atMs === before ? undefined : svg('text.when', { x: 4, y: y + 4 }, `t+${span(a.atMs)}`)
  const kind = /^answers [45]|refuses/.test(a.what) ? '.bad' : a.what.startsWith('answers') ? '.answer' : a.what.startsWith('notifies') ? '.notify' : ''
  if (from === to) {
    const room = Math.floor((width - from - 20) / 5.9), what = a.what.length > room ? `${a.what.slice(0, room - 1)}…` : a.what
    return svg(
      `g.self${kind}`, {}, when, svg('title', {}, a.what), svg('rect', { x: from - 5, y: y - 8, width: 10, height: 16, rx: 2 }),
      svg('text', { x: from + 12, y: y + 4 }, what)
    )
  }
  const room = Math.max(Math.floor(Math.abs(to - from) / 5.9) - 2, 26), what = a.what.length > room ? `${a.what.slice(0, room - 1)}…` : a.what
  return svg(
    `g.arrow${kind}`, {}, when, svg('title', {}, `${a.from} → ${a.to}: ${a.what}`),
    svg('line', { x1: from, x2: to + (to > from ? -2 : 2), y1: y, y2: y, 'marker-end': 'url(#tip)' }), svg('text', { x: (from + to) / 2, y: y - 5 }, what)
  )
}
