import { milliOf, unitsOf } from '../../../runtime-model/api/quantity.ts'
import type { Place } from './process.ts'

const MAP = /^metadata\.(labels|annotations)$/, KEYED = /^metadata\.(labels|annotations)\['(.*)'\]$/
const inLines = (map: Readonly<Record<string, string>> = {}): string => Object.keys(map).sort().map(key => `${key}=${JSON.stringify(map[key])}`).join('\n')

/**
 * A field of a pod as its containers see it. Source: pkg/fieldpath/fieldpath.go (ExtractFieldPathAsString), pkg/kubelet/kubelet_pods.go
 * (podFieldSelectorRuntimeValue).
 */
export function podField(pod: any, path: string, ip: string | undefined): string {
  const map = MAP.exec(path), keyed = KEYED.exec(path)
  if (map) return inLines(pod.metadata[map[1]])
  if (keyed) return pod.metadata[keyed[1]]?.[keyed[2]] ?? ''
  if (path === 'status.podIP' || path === 'status.podIPs') return ip ?? ''
  if (path === 'spec.serviceAccountName') return pod.spec.serviceAccountName ?? 'default'
  return String(path.split('.').reduce((value, key) => value?.[key], pod) ?? '')
}

/** In units of the divisor, rounded up; no limit is what the node can give. Source: pkg/api/v1/resource/helpers.go (ExtractContainerResourceValue). */
export function resourceField({ driver, pod, container }: Place, { containerName, resource, divisor }: any): string {
  const of = containerName ? [...pod.spec.containers, ...pod.spec.initContainers ?? []].find((c: any) => c.name === containerName) : container
  const [kind, name] = resource.split('.'), node = driver.stored('nodes', '', pod.spec.nodeName)
  const own = of?.resources?.[kind]?.[name] ?? (kind === 'limits' ? node?.status.allocatable?.[name] : undefined) ?? '0'
  const amount = (quantity: string): number => name === 'cpu' ? milliOf(quantity) : unitsOf(quantity)
  return String(Math.ceil(amount(own) / amount(divisor && divisor !== '0' ? divisor : '1')))
}
