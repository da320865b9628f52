import { moment as at } from '../../../base/clock.ts'
import type { ScenarioData } from '../model.ts'
import { momentsOf } from './data.ts'
import type { Moment } from './data.ts'
import { h } from './dom.ts'
import { chart } from './timeline-chart.ts'
import type { Chart, Cluster } from './timeline-chart.ts'

/** what most readers look for last */
const hiddenAtFirst = new Set(['request', 'proxy', 'schedule'])
const fewLanes = 36

/** The time axis: a lane for each component and object, faults shaded, and for each moment what led to it. */
export function timeline(s: ScenarioData): HTMLElement {
  const moments = momentsOf(s), present = [...new Set(moments.map(m => m.sort))]
  const hidden = new Set([...hiddenAtFirst].filter(sort => present.includes(sort)))
  let squeezed = true, allLanes = false, drawn: Chart | undefined, selected: Cluster | undefined
  const tip = h('div.tip', { hidden: true, role: 'status' }), detail = h('div.detail', { hidden: true })
  const holder = h('div.chart', {
    tabindex: 0, role: 'application', 'aria-label': 'time axis: arrow keys move from moment to moment, Enter shows what led to it',
  })

  const show = (cluster: Cluster | undefined, x = 0, y = 0): void => {
    tip.hidden = !cluster
    if (!cluster) return
    tip.replaceChildren(...told(cluster, moments, 5))
    tip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - tip.offsetWidth - 8))}px`
    tip.style.top = `${y + 18 + tip.offsetHeight > innerHeight ? Math.max(8, y - tip.offsetHeight - 12) : y + 18}px`
  }
  const select = (cluster: Cluster | undefined): void => {
    selected = cluster
    detail.hidden = !cluster
    if (cluster) detail.replaceChildren(...told(cluster, moments, 40))
    drawn?.chain(cluster ? chainOf(cluster.moments.at(-1)!, moments) : [])
  }
  const draw = (): void => {
    const scrolled = holder.querySelector('.lanes')?.scrollLeft ?? 0
    drawn = chart(s, moments, { squeezed, hidden, limit: allLanes ? Infinity : fewLanes, width: holder.clientWidth }, { over: show, pick: select })
    holder.replaceChildren(drawn.element)
    holder.querySelector('.lanes')!.scrollLeft = scrolled
    select(undefined)
    more.hidden = allLanes || s.lanes.length <= fewLanes
  }
  const more = h('button', { type: 'button', click: () => { allLanes = true; draw() } }, `all ${s.lanes.length} lanes`)
  const scale = h(
    'button',
    {
      type: 'button', 'aria-pressed': 'true', title: 'long pauses are drawn short',
      click: () => { squeezed = !squeezed; scale.setAttribute('aria-pressed', String(squeezed)); draw() },
    },
    'squeeze pauses'
  )
  const chips = present.map(sort => h(
    `button.chip.sort-${sort}`,
    {
      type: 'button', 'aria-pressed': String(!hidden.has(sort)),
      click: (e: MouseEvent) => {
        if (!hidden.delete(sort)) hidden.add(sort)
        ;(e.currentTarget as Element).setAttribute('aria-pressed', String(!hidden.has(sort)))
        draw()
      },
    },
    `${sort} ${moments.filter(m => m.sort === sort).length}`
  ))

  holder.addEventListener('keydown', (e: KeyboardEvent) => {
    const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
    if (by && drawn?.clusters.length) {
      const next = drawn.clusters[Math.max(
        0, Math.min(drawn.clusters.length - 1, (selected ? drawn.clusters.indexOf(selected) : by > 0 ? -1 : drawn.clusters.length) + by)
      )]
      select(next); drawn.reveal(next); e.preventDefault()
    } else if (e.key === 'Escape' && selected) { select(undefined); e.stopPropagation() }
  })
  let width = 0
  new ResizeObserver(() => { requestAnimationFrame(() => { if (holder.clientWidth !== width) { width = holder.clientWidth; draw() } }) }).observe(holder)
  return h(
    'section.time', {}, h('h2', {}, 'What happened'), h('div.controls', {}, chips, scale, more), holder, tip, detail,
    s.left > 0 && h('p.left', {}, `${s.left} moments and changes are left out: the run is very long.`)
  )
}

/** The moment and what led to it, latest cause first. */
function chainOf(moment: Moment, all: readonly Moment[]): Moment[] {
  const chain = [moment]
  for (let m = moment; m.cause !== undefined; m = all[m.cause]) chain.push(all[m.cause])
  return chain
}

function told(cluster: Cluster, all: readonly Moment[], most: number): HTMLElement[] {
  const shown = cluster.moments.slice(0, most), last = cluster.moments.at(-1)!, chain = chainOf(last, all).slice(1)
  return [
    ...shown.map(m =>
      h('p', {}, h('b', {}, at(m.atMs)), ' ', m.text, m.state !== undefined && !m.text.includes(m.state) ? h('small', {}, ` ${m.state || 'gone'}`) : '')),
    ...(cluster.moments.length > shown.length ? [h('p', {}, `and ${cluster.moments.length - shown.length} more`)] : []),
    ...(chain.length
      ? [
        h('p.because', {}, 'because'),
        h('ol', {}, chain.slice(0, most + 2).map(m => h('li', {}, h('b', {}, at(m.atMs)), ' ', m.text)), chain.length > most + 2 ? h('li', {}, '…') : ''),
      ]
      : []),
  ]
}
