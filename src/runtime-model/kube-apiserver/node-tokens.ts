import { conflict, forbidden, notFound, type Status } from '../api/status.ts'
import { aggregate } from './admission/refuse.ts'
import { decide } from './authorization.ts'
import type { Flight, Turn } from './state.ts'
import { cached } from './watch-cache.ts'

/**
 * A kubelet asks for tokens of pods that it runs, for those whom a volume of the pod is to convince. Source: plugin/pkg/admission/noderestriction
 * (admitServiceAccount, validateNodeServiceAccountAudience).
 */
export function refusedToNode(turn: Turn, { request, user }: Flight, { boundObjectRef: to, audiences }: any): Status | undefined {
  if (!user.name.startsWith('system:node:') || !user.groups.includes('system:nodes')) return undefined
  const { name = '', namespace = '' } = request, refused = (why: string): Status => forbidden({ group: '', resource: 'serviceaccounts' }, name, why)
  if (to?.apiVersion !== 'v1' || to.kind !== 'Pod' || !to.name) return refused('node requested token not bound to a pod')
  if (!to.uid) return refused('node requested token with a pod binding without a uid')
  const pod = cached(turn.state.cache, 'pods', namespace, to.name)
  if (!pod) return notFound({ group: '', resource: 'pod' }, to.name)
  if (pod.metadata.uid !== to.uid) return refused(otherUid(to.uid))
  if (pod.spec.nodeName !== user.name.slice('system:node:'.length)) return refused('node requested token bound to a pod scheduled on a different node')
  if (audiences?.length > 1) return refused('node may only request 0 or 1 audiences')
  const [audience = ''] = audiences ?? [], { found, missing } = audiencesOf(turn, pod)
  if (found.has(audience)) return undefined
  if (missing.length > 0) return refused(`error validating audience ${JSON.stringify(audience)}: ${aggregate(missing)}`)
  if (decide(turn.state.cache, { user, verb: 'request-serviceaccounts-token-audience', group: '', resource: audience, namespace, name }).allowed) return undefined
  return refused(`audience ${JSON.stringify(audience)} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`)
}
/** the words of a binding to what has been made again, too */
export const otherUid = (uid: string): string =>
  `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`
export const boundToOther = (resource: string, name: string, uid: string): Status => conflict({ group: '', resource }, name, otherUid(uid))

/** Whom the volumes of a pod are to convince; what would tell and is not there. */
interface Audiences { readonly found: ReadonlySet<string>; readonly missing: readonly string[] }
function audiencesOf({ state: { cache } }: Turn, { metadata: { namespace = '', name }, spec }: any): Audiences {
  const found = new Set<string>(), missing: string[] = []
  const read = (resource: string, word: string, within: string, named: string): any => {
    const object = cached(cache, resource, within, named)
    if (!object) missing.push(`${word} ${JSON.stringify(named)} not found`)
    return object
  }
  for (const volume of spec.volumes ?? []) {
    for (const { serviceAccountToken } of volume.projected?.sources ?? []) if (serviceAccountToken) found.add(serviceAccountToken.audience ?? '')
    const claim = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${name}-${volume.name}`)
    const bound = claim && read('persistentvolumeclaims', 'persistentvolumeclaim', namespace, claim)?.spec.volumeName
    const driver = volume.csi?.driver ?? (bound && read('persistentvolumes', 'persistentvolume', '', bound)?.spec.csi?.driver)
    const tokens = driver && read('csidrivers.storage.k8s.io', 'csidriver.storage.k8s.io', '', driver)?.spec.tokenRequests
    for (const { audience } of tokens ?? []) found.add(audience ?? '')
  }
  return { found, missing }
}
