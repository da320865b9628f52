import { milliOf, unitsOf } from '../api/quantity.ts'

/** Amounts the scheduler counts with: cpu in thousandths, everything else in whole units. */
export interface Resources {
  readonly cpu: number
  readonly memory: number
  readonly ephemeral: number
  readonly scalar: Readonly<Record<string, number>> | undefined
}
export const NOTHING: Resources = { cpu: 0, memory: 0, ephemeral: 0, scalar: undefined }

/** What a container without a request counts as when nodes are scored. Source: pkg/scheduler/util/pod_resources.go */
const defaultCpuMilli = 100, defaultMemoryBytes = 200 * 1024 * 1024

/** hugepages and everything with a domain: counted by name */
const isScalar = (name: string): boolean => name.includes('/') || name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')

export function resourcesOf(list: Readonly<Record<string, any>> | undefined): Resources {
  if (!list) return NOTHING
  let scalar: Record<string, number> | undefined
  for (const name in list) if (isScalar(name)) (scalar ??= {})[name] = unitsOf(list[name])
  return { cpu: milliOf(list.cpu), memory: unitsOf(list.memory), ephemeral: unitsOf(list['ephemeral-storage']), scalar }
}

const combine = (a: Resources, b: Resources, join: (x: number, y: number) => number): Resources => {
  let scalar = a.scalar
  if (b.scalar) {
    const all: Record<string, number> = { ...a.scalar }
    for (const name in b.scalar) all[name] = join(all[name] ?? 0, b.scalar[name])
    scalar = all
  }
  return { cpu: join(a.cpu, b.cpu), memory: join(a.memory, b.memory), ephemeral: join(a.ephemeral, b.ephemeral), scalar }
}
const sum = (a: number, b: number): number => a + b, larger = (a: number, b: number): number => a > b ? a : b
export const add = (a: Resources, b: Resources): Resources => b === NOTHING ? a : a === NOTHING ? b : combine(a, b, sum)
const most = (a: Resources, b: Resources): Resources => combine(a, b, larger)

type Measure = (container: any) => Resources
const requested: Measure = container => resourcesOf(container.resources?.requests)
const orDefault = (cpuMilli: number, memoryBytes: number): Measure => container => {
  const requests = container.resources?.requests
  return {
    cpu: requests?.cpu === undefined ? cpuMilli : milliOf(requests.cpu),
    memory: requests?.memory === undefined ? memoryBytes : unitsOf(requests.memory), ephemeral: 0, scalar: undefined,
  }
}
const usually = orDefault(defaultCpuMilli, defaultMemoryBytes)
/**
 * A pod that asks for something as a whole counts as asking by default only for what it and its containers say nothing of. Source:
 * getNonMissingContainerRequests
 */
function forScore(spec: any): Measure {
  const whole = spec.resources?.requests
  if (whole?.cpu === undefined && whole?.memory === undefined) return usually
  const says = (name: string): boolean => whole[name] !== undefined
    || [...spec.containers ?? [], ...spec.initContainers ?? []].some(c => c.resources?.requests?.[name] !== undefined)
  return orDefault(says('cpu') ? 0 : defaultCpuMilli, says('memory') ? 0 : defaultMemoryBytes)
}

/**
 * What a pod takes from a node: the sum of its containers and sidecars, or the largest init container with the sidecars before it.
 * Source: k8s.io/component-helpers resource/helpers.go (PodRequests)
 */
function total(spec: any, measure: Measure): Resources {
  let running = NOTHING, largestInit = NOTHING, sidecars = NOTHING
  for (const container of spec.containers ?? []) running = add(running, measure(container))
  for (const container of spec.initContainers ?? []) {
    const own = measure(container)
    if (container.restartPolicy === 'Always') { running = add(running, own); sidecars = add(sidecars, own); largestInit = most(largestInit, sidecars) }
    else largestInit = most(largestInit, add(own, sidecars))
  }
  const needed = largestInit === NOTHING ? running : most(running, largestInit)
  const whole = withPodLevel(needed, spec.resources?.requests)
  return spec.overhead ? add(whole, resourcesOf(spec.overhead)) : whole
}
function withPodLevel(needed: Resources, requests: any): Resources {
  if (!requests) return needed
  const { scalar: pages } = resourcesOf(Object.fromEntries(Object.entries(requests).filter(([name]) => name.startsWith('hugepages-'))))
  return {
    ...needed, scalar: pages ? { ...needed.scalar, ...pages } : needed.scalar, cpu: requests.cpu === undefined ? needed.cpu : milliOf(requests.cpu),
    memory: requests.memory === undefined ? needed.memory : unitsOf(requests.memory),
  }
}

export const podRequests = (spec: any): Resources => total(spec, requested)
export const podRequestsForScore = (spec: any): Resources => total(spec, forScore(spec))
