/**
 * How many requests a priority level may serve at a time, its seats: its share of what a server takes in at all, and what others lend it, which is settled anew
 * every ten seconds. Source: k8s.io/apiserver pkg/util/flowcontrol (apf_controller.go, conc_alloc.go); numbers compared with the metrics of a 1.35.4 API
 * server.
 */
export interface Level {
  readonly name: string
  readonly exempt: boolean
  /** it refuses what finds no seat, instead of letting it wait */
  readonly rejects: boolean
  /** seats by its shares alone, those that it never lends, and the most that it may have */
  readonly nominal: number
  readonly least: number
  readonly most: number
  /** requests of one flow that may wait */
  readonly room: number
}

/** --max-requests-inflight and --max-mutating-requests-inflight of kube-apiserver, as they are by default */
const serverSeats = 400 + 200
/** how often the seats of levels are settled, and how long a request may wait for one: a quarter of the 60 s that requests have */
export const settledEveryMs = 10_000, longestWaitMs = 15_000

export function levelsOf(configurations: readonly any[]): ReadonlyMap<string, Level> {
  const limits = configurations.map(({ spec }) => spec.limited ?? spec.exempt ?? {}), shares = limits.map(l => l.nominalConcurrencyShares ?? 0)
  const all = shares.reduce((sum, n) => sum + n, 0)
  return new Map(configurations.map(({ metadata: { name }, spec }, i): [string, Level] => {
    const nominal = all === 0 ? 0 : Math.ceil(serverSeats * shares[i] / all), { lendablePercent = 0, borrowingLimitPercent, limitResponse } = limits[i]
    const queuing = limitResponse?.type === 'Queue' ? limitResponse.queuing : undefined
    return [name, {
      name, exempt: spec.type === 'Exempt', rejects: !queuing, nominal, least: nominal - Math.round(nominal * lendablePercent / 100),
      most: nominal + (borrowingLimitPercent === undefined ? serverSeats : Math.round(nominal * borrowingLimitPercent / 100)),
      room: queuing ? queuing.handSize * queuing.queueLengthLimit : 0,
    }]
  }))
}

/** The seats of every level, where each wants so many (`wanted`; 0: it is idle). */
export function seatsOf(levels: ReadonlyMap<string, Level>, wanted: (level: string) => number): ReadonlyMap<string, number> {
  const items = [...levels.values()].filter(l => !l.exempt).map(l => {
    const low = Math.max(l.least, Math.min(l.nominal, Math.ceil(wanted(l.name))))
    return { name: l.name, low, high: Math.max(low, l.most), target: Math.max(low, wanted(l.name)) }
  })
  const total = items.reduce((sum, i) => sum + levels.get(i.name)!.nominal, 0), given = (part: number, i: typeof items[number]): number =>
    Math.min(i.high, Math.max(i.low, part * i.target))
  // the part of what everybody wants that can be had: found by halving, as what is given grows with it
  let [from, to] = [0, serverSeats]
  for (let i = 0; i < 60; i++) {
    const part = (from + to) / 2
    if (items.reduce((sum, item) => sum + given(part, item), 0) > total) to = part; else from = part
  }
  return new Map(items.map(i => [i.name, Math.max(1, Math.round(given(from, i)))]))
}
