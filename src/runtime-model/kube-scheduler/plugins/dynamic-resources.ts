import { claimsResource, deviceClaimNames } from '../../api/device-claims.ts'
import type { KubeObject } from '../../api/request.ts'
import { allocate, classesResource, heldDevices } from '../devices/allocate.ts'
import { always, definePlugin, rejection } from '../plugin.ts'
import type { ClusterView, Cycle, Prepared } from '../plugin.ts'
import type { PodInfo } from '../pod-info.ts'
import { anyTerm } from '../terms.ts'

const NAME = 'DynamicResources'
const cannot = rejection(NAME, true, 'cannot allocate all claims'), elsewhere = rejection(NAME, true, 'resourceclaim not available on the node')
const reject = (text: string): Prepared => ({ reject: rejection(NAME, true, text) })

const none: readonly any[] = []
/** Source: dynamicresources.go (PreEnqueue): until all of its claims are there, a pod does not even come to the queue. */
export const hasAllClaims = (pod: KubeObject, cluster: ClusterView): boolean =>
  deviceClaimNames(pod).every(name => name !== undefined && cluster.get(claimsResource, pod.metadata.namespace!, name) !== undefined)

function preFilter({ pod, cluster }: Cycle): Prepared {
  const names = deviceClaimNames(pod.pod)
  if (names.length === 0) return 'skip'
  const claims: KubeObject[] = []
  for (const name of names) {
    const claim = name === undefined ? undefined : cluster.get(claimsResource, pod.namespace, name)
    if (!claim) return reject(`resourceclaim.resource.k8s.io "${name ?? ''}" not found`)
    if (claim.metadata.deletionTimestamp) return reject(`resourceclaim "${name}" is being deleted`)
    if (!claim.status?.allocation) {
      for (const { name: request, exactly, firstAvailable = none } of claim.spec.devices?.requests ?? none) {
        for (const [at, of] of exactly ? [[request, exactly]] : firstAvailable.map((sub: any) => [`${request}/${sub.name}`, sub])) {
          if (!cluster.get(classesResource, '', of.deviceClassName)) return reject(`request ${at}: device class ${of.deviceClassName} does not exist`)
        }
      }
    }
    claims.push(claim)
  }
  const open = claims.filter(c => !c.status?.allocation), bound = claims.filter(c => c.status?.allocation), held = heldDevices(cluster)
  return {
    filter: ({ node }) => !bound.every(claim => isWithinReach(claim, node!)) ? elsewhere
      : open.length > 0 && !allocate(open, node!, cluster, held) ? cannot
      : undefined,
  }
}
const isWithinReach = ({ status }: any, node: KubeObject): boolean => anyTerm(status.allocation.nodeSelector)?.(node) ?? true

/** What is to be written before a pod is bound: claims that get devices now, or another pod. */
export interface DeviceWork { readonly claim: KubeObject; readonly allocation?: any }
export function deviceWork(pod: PodInfo, node: KubeObject, cluster: ClusterView): readonly DeviceWork[] {
  const claims = deviceClaimNames(pod.pod).map(name => cluster.get(claimsResource, pod.namespace, name!)!), open = claims.filter(c => !c.status?.allocation)
  const made = open.length > 0 ? allocate(open, node, cluster, heldDevices(cluster)) ?? none : none
  return claims.flatMap(claim => {
    const allocation = made[open.indexOf(claim)]
    return allocation || !claim.status?.reservedFor?.some((r: any) => r.uid === pod.uid) ? [{ claim, allocation }] : []
  })
}

const uses = (pod: PodInfo, claim: KubeObject): boolean =>
  claim.metadata.namespace === pod.namespace && deviceClaimNames(pod.pod).includes(claim.metadata.name)
export const dynamicResources = definePlugin({
  name: NAME, preFilter,
  hints: {
    'ResourceClaim/Add': (pod, e) => uses(pod, e.new!),
    'ResourceClaim/Update': (pod, e) => uses(pod, e.new!) || Boolean(e.old?.status?.allocation) && !e.new!.status?.allocation,
    'ResourceClaim/Delete': (_, e) => Boolean(e.old?.status?.allocation),
    'ResourceSlice/Add': always, 'ResourceSlice/Update': always, 'DeviceClass/Add': always, 'DeviceClass/Update': always, 'Node/Add': always,
    'Node/UpdateLabel': always,
  },
  source: 'pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go',
})
