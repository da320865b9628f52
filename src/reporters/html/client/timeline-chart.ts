import { moment as at, span } from '../../../base/clock.ts'
import { open } from '../model.ts'
import type { ScenarioData } from '../model.ts'
import { look, text } from './data.ts'
import type { Moment } from './data.ts'
import { h, svg } from './dom.ts'
import { createScale } from './scale.ts'
import type { Scale } from './scale.ts'

const row = 26, top = 46, near = 8, edge = 14
const groups = ['scenario', 'component', 'node', 'object', 'traffic']
const components = [
  'kube-apiserver', 'etcd', 'kube-controller-manager', 'cloud-controller-manager', 'kube-scheduler', 'coredns', 'kubelet', 'container runtime', 'kube-proxy',
]
const rank = (name: string): number => { const at = components.findIndex(c => name.startsWith(c)); return at < 0 ? components.length : at }

/** sorts that come again and again need no room of their own */
const even = new Set(['traffic', 'probe'])

/** Moments of one lane that would be drawn over each other. */
export interface Cluster { readonly moments: Moment[]; readonly x: number; readonly y: number }
export interface ChartOptions { readonly squeezed: boolean; readonly hidden: ReadonlySet<string>; readonly limit: number; readonly width: number }
export interface ChartEvents { over(cluster: Cluster | undefined, x?: number, y?: number): void; pick(cluster: Cluster | undefined): void }
export interface Chart {
  readonly element: HTMLElement
  readonly clusters: readonly Cluster[]
  chain(moments: readonly Moment[]): void
  reveal(cluster: Cluster): void
}

export function chart(s: ScenarioData, moments: readonly Moment[], options: ChartOptions, events: ChartEvents): Chart {
  const seen = new Set(moments.filter(m => !options.hidden.has(m.sort) || m.state !== undefined).map(m => m.lane))
  const lanes = s.lanes.map((lane, index) => ({ index, name: text(lane[0]), group: lane[1], before: text(lane[2]) }))
    .filter(l => seen.has(l.index))
    .sort((a, b) =>
      groups.indexOf(a.group) - groups.indexOf(b.group)
        || (a.group === 'component' ? rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1) : a.index - b.index))
    .slice(0, options.limit)
  const rowOf = new Map(lanes.map((l, i) => [l.index, i])), height = top + lanes.length * row + 8
  const visible = moments.filter(m => !options.hidden.has(m.sort) && rowOf.has(m.lane))
  const times = [
    ...moments.filter(m => (visible.includes(m) && !even.has(m.sort)) || m.state !== undefined).map(m => m.atMs),
    ...s.faults.flatMap(f => f[3] > 0 ? [f[2], f[3]] : [f[2]]),
  ]
  const distinct = new Set(times).size, narrow = innerWidth < 700, names = narrow ? 126 : 210
  const room = Math.max(options.width - names - 2 - 2 * edge, 200)
  const plain = createScale(times, s.virtualMs, options.squeezed ? Math.max(room, 460, Math.min(distinct * 11, 6000)) : room, options.squeezed)
  const scale: Scale = { ...plain, x: ms => edge + plain.x(ms) }
  const y = (lane: number): number => top + rowOf.get(lane)! * row + row / 2
  const clusters = clustersOf(visible, scale, y)
  const path = svg('g.chain')
  const width = scale.width + 2 * edge
  const drawing = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}` },
    svg(
      'defs', {},
      svg(
        'pattern', { id: 'hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
        svg('rect.hatch', { width: 2.4, height: 7 })
      )
    ),
    lanes.map((_, i) => i % 2 ? svg('rect.stripe', { x: 0, y: top + i * row, width, height: row }) : undefined),
    faults(s, scale, height), axis(s, scale, height),
    lanes.map(l => bars(l, moments, scale, y(l.index), s.virtualMs, clusters.filter(c => c.moments[0].lane === l.index).map(c => c.x))), path,
    clusters.map(c => dot(c, events)))
  const scroller = h('div.lanes', {}, drawing)
  return {
    clusters,
    element: h(
      'div.grid', { style: `grid-template-columns:${names}px 1fr` },
      h(
        'div.names', { style: `padding-top:${top}px` },
        lanes.map((l, i) => h(
          `div.name.${l.group}${i > 0 && lanes[i - 1].group !== l.group ? '.first' : ''}`, { title: l.name, style: `height:${row}px` },
          shortened(l.name, Math.floor((names - 16) / (narrow ? 6.9 : 7.7)))
        ))
      ),
      scroller
    ),
    chain(chain) {
      const points = chain.filter(m => rowOf.has(m.lane)).map(m => `${scale.x(m.atMs)},${y(m.lane)}`)
      path.replaceChildren(
        ...(points.length
          ? [
            svg('polyline', { points: points.join(' ') }),
            ...points.map((p, i) => svg(i === 0 ? 'circle.end' : 'circle', { cx: p.split(',')[0], cy: p.split(',')[1], r: i === 0 ? 8 : 5 })),
          ]
          : [])
      )
      drawing.classList.toggle('chained', points.length > 0)
    },
    reveal(cluster) {
      if (cluster.x < scroller.scrollLeft + 20 || cluster.x > scroller.scrollLeft + scroller.clientWidth - 20) {
        scroller.scrollLeft = cluster.x - scroller.clientWidth / 2
      }
    },
  }
}

/** Names of pods differ at their ends, so a long one loses its middle. */
const shortened = (name: string, most: number): string =>
  name.length <= most ? name : `${name.slice(0, Math.ceil(most / 2) - 1)}…${name.slice(-Math.floor(most / 2))}`

function clustersOf(visible: readonly Moment[], scale: Scale, y: (lane: number) => number): Cluster[] {
  const latest = new Map<number, Cluster>(), all: Cluster[] = []
  for (const m of visible) {
    const x = scale.x(m.atMs), before = latest.get(m.lane)
    if (before && x - before.x < near) { before.moments.push(m); continue }
    const cluster = { moments: [m], x, y: y(m.lane) }
    latest.set(m.lane, cluster); all.push(cluster)
  }
  return all
}

function dot(cluster: Cluster, events: ChartEvents): SVGElement {
  const n = cluster.moments.length, worst = cluster.moments.find(m => m.sort === 'fault' || m.sort === 'refusal') ?? cluster.moments[0]
  return svg(`circle.dot.sort-${worst.sort}`, {
    cx: cluster.x, cy: cluster.y, r: 3.6 + Math.min(2.4, Math.log2(n)),
    mouseenter: (e: MouseEvent) => { events.over(cluster, e.clientX, e.clientY) }, mouseleave: () => { events.over(undefined) },
    click: () => { events.pick(cluster) },
  })
}

/** Fault windows from top to bottom; one that is over at once is a line. Those that begin together share a label; one without room is told by its title. */
function faults(s: ScenarioData, scale: Scale, height: number): SVGElement[] {
  const ends = (until: number): number => until === open ? s.virtualMs : until
  const windows = s.faults.map(([told, fault, from, until]) => {
    const x = scale.x(from), w = Math.max(2, scale.x(ends(until)) - x)
    return svg(
      'g.fault', {},
      svg(
        'title', {},
        `${text(told)} (${text(fault)}) ${at(from)}${until === from ? '' : until === open ? ' to the end' : ` to ${at(until)} (${span(until - from)})`}`
      ),
      svg('rect.shade', { x, y: 22, width: w, height: height - 22 }), svg('rect.hatched', { x, y: 22, width: w, height: height - 22, fill: 'url(#hatch)' }),
      svg('line', { x1: x, x2: x, y1: 22, y2: height })
    )
  })
  let free = -Infinity
  const labels = [...new Set(s.faults.map(f => f[2]))].sort((a, b) => a - b).map(from => {
    const all = s.faults.filter(f => f[2] === from).map(f => text(f[0])), label = `⚡ ${all[0]}${all.length > 1 ? ` and ${all.length - 1} more` : ''}`
    const length = label.length * 6.8 + 6
    const place = Math.max(4, Math.min(scale.x(from) + 5, scale.width + 2 * edge - length))
    if (place < free) return undefined
    free = place + length
    return svg('g.fault', {}, svg('title', {}, all.join('\n')), svg('text', { x: place, y: 36 }, label))
  })
  return [...windows, ...labels.flatMap(l => l ?? [])]
}

const axis = (s: ScenarioData, scale: Scale, height: number): SVGElement => svg('g.axis', {},
  scale.ticks.map((t, i) => [
    svg('line', { x1: scale.x(t), x2: scale.x(t), y1: 16, y2: height }),
    svg('text', { x: Math.min(scale.x(t) + 3, scale.width + 2 * edge - span(t).length * 6.6 - 4), y: 13 }, i === 0 ? `t+${span(t)}` : span(t)),
  ]),
  svg('line.end', { x1: scale.x(s.virtualMs), x2: scale.x(s.virtualMs), y1: 16, y2: height }))

/** The states of a lane, one after the other. */
function bars(
  lane: { readonly index: number; readonly before: string }, moments: readonly Moment[], scale: Scale, y: number, untilMs: number, dots: readonly number[]
): SVGElement[] {
  const changes = moments.filter(m => m.lane === lane.index && m.state !== undefined)
  const states = [...(lane.before ? [{ atMs: 0, state: lane.before }] : []), ...changes.map(m => ({ atMs: m.atMs, state: m.state! }))]
  return states.flatMap(({ atMs, state }, i) => {
    const x = scale.x(atMs), w = scale.x(states[i + 1]?.atMs ?? untilMs) - x
    if (state === '' || w <= 0) return []
    const place = labelPlace(x, x + w, state.length * 6.4, dots)
    return [svg(
      `g.state.look-${look(state)}`, {}, svg('title', {}, `${state} from ${at(atMs)}`),
      svg('rect', { x, y: y - 9, width: Math.max(w - 1, 1), height: 18, rx: 3 }), place !== undefined && svg('text', { x: place, y: y + 4 }, state)
    )]
  })
}

/** Where a label of this length fits into its bar without a dot upon it. */
function labelPlace(from: number, to: number, length: number, dots: readonly number[]): number | undefined {
  const inside = dots.filter(d => d > from - 6 && d < to + 6)
  for (const start of [from - 2, ...inside]) {
    const place = start + 9, next = inside.find(d => d > start + 0.5) ?? to + 6
    if (place + length < next - 6) return place
  }
  return undefined
}
