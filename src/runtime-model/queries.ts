/** Questions to a cluster that are answered by looking at its traffic: who was served. */
import type { TrafficCount } from '../drivers/driver.ts'
import type { Kernel } from './kernel/kernel.ts'
import { countsNow, TRAFFIC_ID, type Counts, type Open, type TrafficState } from './traffic/index.ts'

const toCount = ({ served, lost, ...rest }: Counts): TrafficCount => ({ sent: served + lost, served, lost, ...rest })
const sources = (kernel: Kernel): [string, Open][] => kernel.stateOf<TrafficState>(TRAFFIC_ID).sources.sorted()

export function trafficCount(kernel: Kernel, name: string): TrafficCount | undefined {
  const found = kernel.stateOf<TrafficState>(TRAFFIC_ID).sources.get(name)
  return found && toCount(countsNow(found, kernel.now))
}

/** All requests that a pod's sources have sent to a Service; undefined: it has none. */
export function trafficCountBetween(kernel: Kernel, fromPod: string, toService: string, namespace: string): TrafficCount | undefined {
  const meant = sources(kernel).map(([, open]) => open).filter(({ source }) =>
    source.pod?.name === fromPod && source.service === toService && source.namespace === namespace)
  return meant.length === 0 ? undefined : meant.map(open => toCount(countsNow(open, kernel.now))).reduce(plus)
}
const sum = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> => {
  const all: Record<string, number> = { ...a }
  for (const [key, n] of Object.entries(b)) all[key] = (all[key] ?? 0) + n
  return all
}
const plus = (a: TrafficCount, b: TrafficCount): TrafficCount => ({
  sent: a.sent + b.sent, served: a.served + b.served, lost: a.lost + b.lost, why: sum(a.why, b.why), servedBy: sum(a.servedBy, b.servedBy),
  servedByUnready: a.servedByUnready + b.servedByUnready,
})
