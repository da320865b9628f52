import type { PersistentMap } from '../../base/persistent-map.ts'
import { BEHAVIOUR_ANNOTATION, parseBehaviour, used, type Behaviour } from '../api/behaviour.ts'
import { fullName } from '../api/image-names.ts'
import { usageMatches, type UsageRule } from '../api/pod-usage.ts'
import { milliOf, unitsOf } from '../api/quantity.ts'
import type { KubeObject } from '../api/request.ts'
import { parseTime } from '../api/time.ts'

export interface TimedRule extends UsageRule { readonly fromMs: number }

/** --metric-resolution of the released manifests */
export const scrapeMs = 15_000
/** an approximation: what a container uses that nothing was said of */
const idle = { cpuMilli: 1, memoryBytes: 16 * 1024 * 1024 }

export interface PodUsage {
  readonly atMs: number
  readonly windowMs: number
  readonly containers: readonly { readonly name: string; readonly cpuMilli: number; readonly memoryBytes: number }[]
}

/**
 * What the last two scrapes tell of a pod; undefined: it has not been there for both. The pod's use is shared evenly by the containers that
 * run. Source: kubernetes-sigs/metrics-server pkg/storage/pod.go
 */
export function usageOf(pod: KubeObject, rules: readonly TimedRule[], wallMs: number, declared: Declared): PodUsage | undefined {
  const running: readonly any[] = (pod.status?.containerStatuses ?? []).filter((c: any) => c.state?.running)
  if (running.length === 0) return undefined
  const latest = Math.floor(wallMs / scrapeMs) * scrapeMs, since = Math.max(...running.map(c => parseTime(c.state.running.startedAt)))
  if (knownAt(since) > wallMs) return undefined
  const said = rules.filter(r => r.fromMs <= latest && usageMatches(r, pod)), cpu = said.findLast(r => r.cpu !== undefined)?.cpu
  const memory = said.findLast(r => r.memory !== undefined)?.memory
  const share = (total: number | undefined, one: number): number => total === undefined ? one : Math.floor(total / running.length)
  const own = (c: any, what: 'cpu' | 'memory'): number | undefined => {
    const behaviour = behaviourOf(pod, c.name, declared)
    return behaviour?.uses?.[what] && used(behaviour, what, latest - parseTime(c.state.running.startedAt))
  }
  return {
    atMs: latest, windowMs: scrapeMs,
    containers: running.map(c => ({
      name: c.name, cpuMilli: share(cpu === undefined ? undefined : milliOf(cpu), own(c, 'cpu') ?? idle.cpuMilli),
      memoryBytes: share(memory === undefined ? undefined : unitsOf(memory), own(c, 'memory') ?? idle.memoryBytes),
    })),
  }
}

/** image → what its containers do */
export type Declared = Pick<PersistentMap<Behaviour>, 'get'>
/** What was declared of a container: by its pod's annotation, else for its image. */
export function behaviourOf({ metadata, spec }: KubeObject, container: string, declared: Declared): Behaviour | undefined {
  const text = metadata.annotations?.[BEHAVIOUR_ANNOTATION + container]
  return text === undefined ? declared.get(fullName(spec!.containers.find((c: any) => c.name === container)?.image ?? '')) : parseBehaviour(text).behaviour
}
/** ms after a container's start at which what it uses is another */
export const turnsOf = ({ uses }: Pick<Behaviour, 'uses'>): readonly number[] => [...uses?.cpu ?? [], ...uses?.memory ?? []].map(u => u.fromMs)

/** When two scrapes have seen what started then: calendar ms. */
export const knownAt = (startedMs: number): number => Math.ceil(startedMs / scrapeMs) * scrapeMs + scrapeMs
