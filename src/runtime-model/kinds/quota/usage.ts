import { storageName } from '../kind-from-data.ts'
import type { KindDefinition } from '../kind.ts'
import { addAmounts, podLimits, podRequests } from '../pod-spec/resources.ts'
import type { Amounts } from '../pod-spec/resources.ts'
import { parseTime } from '../../api/time.ts'

/**
 * What an object counts for in a ResourceQuota: `{ pods: '1', 'requests.cpu': '100m' }`.
 * Source: pkg/quota/v1/evaluator/core (pods.go, services.go, persistent_volume_claims.go), k8s.io/apiserver pkg/quota/v1/generic/evaluator.go.
 */
/** resources that are also counted under a name from before `count/RESOURCE.GROUP` */
const legacyCounts: Readonly<Record<string, string>> = {
  configmaps: 'configmaps', secrets: 'secrets', services: 'services', persistentvolumeclaims: 'persistentvolumeclaims',
  replicationcontrollers: 'replicationcontrollers', resourcequotas: 'resourcequotas',
}
export const countName = (resource: string): string => `count/${resource}`

/** `resource` is the storage name; `wallMs` decides which terminating pods are overdue and no longer count. */
export function quotaUsage(kind: Pick<KindDefinition, 'group' | 'resource'>, object: any, wallMs: number): Amounts {
  const resource = storageName(kind.group, kind.resource), counted: Record<string, string> = { [countName(resource)]: '1' }
  if (legacyCounts[resource]) counted[legacyCounts[resource]] = '1'
  if (resource === 'pods') {
    return isCharged(object, wallMs) ? { ...counted, pods: '1', ...computeUsage(podRequests(object.spec), podLimits(object.spec)) } : counted
  }
  if (resource === 'services') return { ...counted, ...serviceUsage(object) }
  if (resource === 'persistentvolumeclaims') return { ...counted, ...claimUsage(object) }
  return counted
}

/** Ended pods, and those whose node never confirmed their end in time, cost nothing. */
function isCharged(pod: any, wallMs: number): boolean {
  const phase = pod.status?.phase, { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata
  if (phase === 'Succeeded' || phase === 'Failed') return false
  return deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined
    || wallMs <= parseTime(deletionTimestamp) + deletionGracePeriodSeconds * 1000
}

const both = ['cpu', 'memory', 'ephemeral-storage']
/** Under all the names that a quota may use for them: `cpu`, `requests.cpu`, `limits.cpu`, `requests.example.com/gpu`. */
export function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const usage: Record<string, string> = {}
  for (const name in requests) {
    if (both.includes(name)) {
      usage[name] = requests[name]
      usage[`requests.${name}`] = requests[name]
    } else if (name.startsWith('hugepages-')) {
      usage[name] = requests[name]
      usage[`requests.${name}`] = requests[name]
    } else if (name.includes('/')) usage[`requests.${name}`] = requests[name]
  }
  for (const name in limits) if (both.includes(name)) usage[`limits.${name}`] = limits[name]
  return usage
}
function serviceUsage(service: any): Amounts {
  const { type, ports = [], allocateLoadBalancerNodePorts } = service.spec
  const nodePorts = type === 'NodePort' ? ports.length
    : type === 'LoadBalancer' ? allocateLoadBalancerNodePorts === false ? ports.filter((p: any) => p.nodePort).length : ports.length
    : 0
  return { 'services.nodeports': String(nodePorts), 'services.loadbalancers': type === 'LoadBalancer' ? '1' : '0' }
}
function claimUsage(claim: any): Amounts {
  const storageClass = claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? claim.spec.storageClassName
  const size = claim.spec.resources?.requests?.storage
  const usage: Record<string, string> = {}
  if (storageClass) usage[`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`] = '1'
  if (size === undefined) return usage
  usage['requests.storage'] = size
  if (storageClass) usage[`${storageClass}.storageclass.storage.k8s.io/requests.storage`] = size
  return usage
}

const podResources = ['pods', 'cpu', 'memory', 'ephemeral-storage']
/** Which of a quota's resources are used up by objects of this resource. */
export function matchingResources(resource: string, hard: readonly string[]): string[] {
  return hard.filter(name => {
    if (name === countName(resource) || legacyCounts[resource] === name) return true
    if (resource === 'pods') {
      return podResources.includes(name) || name.startsWith('hugepages-') || /^(requests|limits)\./.test(name) && name !== 'requests.storage'
    }
    if (resource === 'services') return name.startsWith('services.')
    return resource === 'persistentvolumeclaims'
      && (name === 'requests.storage' || /\.storageclass\.storage\.k8s\.io\/(requests\.storage|persistentvolumeclaims)$/.test(name))
  })
}
export const sumUsage = addAmounts
