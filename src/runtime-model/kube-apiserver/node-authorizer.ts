import { deviceClaimNames } from '../api/device-claims.ts'
import type { KubeObject } from '../api/request.ts'
import { parseFieldSelector } from '../api/selectors.ts'
import { ruleAllows, type Action } from './rbac.ts'
import { cached, visitCached, type WatchCache } from './watch-cache.ts'

/**
 * What kubelets may do: read their own Node, the Pods bound to it and what those Pods refer to, and write status, leases and events.
 * Source: plugin/pkg/auth/authorizer/node/node_authorizer.go, graph.go (AuthorizeNodeWithSelectors).
 */
const attachments = 'volumeattachments.storage.k8s.io', slices = 'resourceslices.resource.k8s.io'
export interface NodeDecision { readonly allowed: boolean; readonly reason: string }

export function authorizeNode(cache: WatchCache, action: Action, fieldSelector: string | undefined): NodeDecision | undefined {
  const { user } = action
  if (!user.groups.includes('system:nodes') || !user.name.startsWith('system:node:')) return undefined
  const node = user.name.slice('system:node:'.length)
  const rule = own[action.group === '' ? action.resource : `${action.resource}.${action.group}`]
  if (rule && action.path === undefined) return rule({ cache, node, action, fieldSelector })
  return cache.nodeRules.some(r => ruleAllows(r, action)) ? allowed : undefined
}

interface Asked { readonly cache: WatchCache; readonly node: string; readonly action: Action; readonly fieldSelector: string | undefined }
type Rule = (asked: Asked) => NodeDecision
const allowed: NodeDecision = { allowed: true, reason: '' }
const refused = (reason: string): NodeDecision => ({ allowed: false, reason })
const related = (yes: boolean, { node, action }: Asked): NodeDecision => yes ? allowed
  : refused(action.name ? `no relationship found between node '${node}' and this object` : 'No Object name found')

/** Objects of such a kind are read one by one, where they have to do with the node. */
const getsOne = (isRelated: (asked: Asked) => boolean): Rule => asked =>
  asked.action.verb !== 'get' ? refused('can only get individual resources of this type')
    : asked.action.subresource ? refused('cannot get subresource')
    : related(isRelated(asked), asked)
const readsNamed = (what: 'secret' | 'configMap'): Rule => asked =>
  !isRead(asked.action.verb) ? refused('can only read resources of this type')
    : asked.action.subresource ? refused('cannot read subresource')
    : !asked.action.namespace ? refused('can only read namespaced object of this type')
    : related(!!asked.action.name && isReferredTo(asked, what), asked)
const isRead = (verb: string): boolean => verb === 'get' || verb === 'list' || verb === 'watch'

const own: Readonly<Record<string, Rule>> = {
  nodes: ({ node, action: { verb, subresource, name } }) => {
    if (subresource) return subresource === 'status' && (verb === 'update' || verb === 'patch') ? allowed : refused('')
    if (verb === 'create' || verb === 'update' || verb === 'patch') return allowed
    if (!isRead(verb)) return refused('')
    return name === node ? allowed
      : refused(name ? `node '${node}' cannot read '${name}', only its own Node object` : `node '${node}' cannot read all nodes, only its own Node object`)
  },
  pods: asked => {
    const { node, action: { verb, subresource, name }, fieldSelector } = asked
    if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allowed : refused('')
    if (subresource) return subresource === 'eviction' && verb === 'create' ? allowed : refused('')
    if (verb === 'create' || verb === 'delete') return allowed
    if (!isRead(verb)) return refused('')
    if (verb !== 'get' && requires(fieldSelector, 'spec.nodeName', node)) return allowed
    return verb === 'get' || name ? related(isOwnPod(asked), asked) : refused('can only list/watch pods with spec.nodeName field selector')
  },
  secrets: readsNamed('secret'),
  configmaps: readsNamed('configMap'),
  persistentvolumeclaims: asked => {
    const { verb, subresource } = asked.action
    if (subresource !== 'status') return getsOne(isOwnClaim)(asked)
    return verb === 'update' || verb === 'patch' ? related(isOwnClaim(asked), asked) : refused('can only get/update/patch this type')
  },
  persistentvolumes: getsOne(({ cache, node, action }) => isOwnVolume(cache, node, cached(cache, 'persistentvolumes', '', action.name ?? ''))),
  'resourceclaims.resource.k8s.io': getsOne(({ cache, node, action }) => somePod(cache, node, action.namespace, pod =>
    deviceClaimNames(pod).includes(action.name) || pod.status?.extendedResourceClaimStatus?.resourceClaimName === action.name)),
  [attachments]: getsOne(({ cache, node, action }) => cached(cache, attachments, '', action.name ?? '')?.spec?.nodeName === node),
  serviceaccounts: asked => {
    const { cache, node, action: { verb, subresource, namespace, name } } = asked, reads = verb === 'get' && !subresource
    if (!reads && (verb !== 'create' || !name)) return refused('can only create tokens for individual service accounts')
    if (!reads && subresource !== 'token') return refused('can only create token subresource of serviceaccount')
    return related(somePod(cache, node, namespace, pod => pod.spec.serviceAccountName === name), asked)
  },
  'leases.coordination.k8s.io': ({ node, action: { verb, namespace, name } }) =>
    !ofItsOwn.has(verb) ? refused('can only get, create, update, patch, or delete a node lease')
      : namespace !== 'kube-node-lease' ? refused('can only access leases in the "kube-node-lease" system namespace')
      : verb !== 'create' && name !== node ? refused('can only access node lease with the same name as the requesting node')
      : allowed,
  'csinodes.storage.k8s.io': ({ node, action: { verb, subresource, name } }) =>
    !ofItsOwn.has(verb) ? refused('can only get, create, update, patch, or delete a CSINode')
      : subresource ? refused('cannot authorize CSINode subresources')
      : verb !== 'create' && name !== node ? refused('can only access CSINode with the same name as the requesting node')
      : allowed,
  [slices]: asked => {
    const { cache, node, action: { verb, subresource, name }, fieldSelector } = asked
    if (subresource) return refused('cannot authorize ResourceSlice subresources')
    if (verb === 'create') return allowed
    if (ofItsOwn.has(verb)) return related(!!name && cached(cache, slices, '', name)?.spec?.nodeName === node, asked)
    return requires(fieldSelector, 'spec.nodeName', node) ? allowed : refused('can only list/watch/deletecollection resourceslices with nodeName field selector')
  },
}
const ofItsOwn: ReadonlySet<string> = new Set(['get', 'create', 'update', 'patch', 'delete'])

function requires(fieldSelector: string | undefined, field: string, value: string): boolean {
  if (!fieldSelector) return false
  const parsed = parseFieldSelector(fieldSelector)
  return parsed.error === undefined && parsed.terms.some(t => t.field === field && t.equals && t.value === value)
}

// ---- what has to do with a node
/** A pod that stands for a static one gives its node no rights. */
function somePod(cache: WatchCache, node: string, namespace: string | undefined, test: (pod: KubeObject) => boolean): boolean {
  let found = false
  visitCached(cache, 'pods', pod => {
    if (!found && pod.spec?.nodeName === node && pod.metadata.namespace === namespace && pod.metadata.annotations?.[mirror] === undefined) found = test(pod)
  })
  return found
}
const mirror = 'kubernetes.io/config.mirror'
const isOwnPod = ({ cache, node, action }: Asked): boolean => cached(cache, 'pods', action.namespace ?? '', action.name ?? '')?.spec?.nodeName === node
const isOwnClaim = ({ cache, node, action }: Asked): boolean => !!action.name && isClaimOf(cache, node, action.namespace, action.name)
const isClaimOf = (cache: WatchCache, node: string, namespace: string | undefined, name: string): boolean =>
  somePod(cache, node, namespace, pod => (pod.spec.volumes ?? []).some((v: any) => claimOf(pod, v) === name))
const claimOf = (pod: KubeObject, volume: any): string | undefined =>
  volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${pod.metadata.name}-${volume.name}` : undefined)
function isOwnVolume(cache: WatchCache, node: string, volume: KubeObject | undefined): boolean {
  const claim = volume?.spec?.claimRef
  return claim !== undefined && isClaimOf(cache, node, claim.namespace, claim.name)
}

function isReferredTo({ cache, node, action: { namespace, name } }: Asked, what: 'secret' | 'configMap'): boolean {
  if (somePod(cache, node, namespace, pod => refersTo(pod, what, name!))) return true
  if (what === 'configMap') return false
  let found = false
  visitCached(cache, 'persistentvolumes', volume => {
    const claim = volume.spec?.claimRef
    if (found || !claim || !secretsOf(volume.spec, false).some(s => s.name === name && (s.namespace ?? claim.namespace) === namespace)) return
    found = isOwnVolume(cache, node, volume)
  })
  return found
}
/** The secrets that a kubelet needs for the volumes of a pod, or for a PersistentVolume. Source: pkg/api/v1/pod/util.go, pkg/api/v1/persistentvolume/util.go */
function secretsOf(sources: any, ofPod: boolean): readonly { readonly name?: string; readonly namespace?: string }[] {
  const { csi, azureFile } = sources
  return [
    ...Object.values(sources).map((source: any) => source?.secretRef), csi?.nodePublishSecretRef,
    ...ofPod ? [] : [csi?.nodeStageSecretRef, csi?.nodeExpandSecretRef],
    azureFile && { name: azureFile.secretName, namespace: azureFile.secretNamespace },
    ...ofPod && sources.secret ? [{ name: sources.secret.secretName }] : [],
  ].filter(Boolean)
}

/** Does a pod name this object, in a volume, an environment or for pulling images? */
function refersTo(pod: any, what: 'secret' | 'configMap', name: string): boolean {
  const spec = pod.spec
  for (const v of spec.volumes ?? []) {
    if (what === 'secret' ? secretsOf(v, true).some(s => s.name === name) : v.configMap?.name === name) return true
    if (v.projected?.sources?.some((s: any) => s[what]?.name === name)) return true
  }
  if (what === 'secret' && spec.imagePullSecrets?.some((s: any) => s.name === name)) return true
  const containers = [...spec.containers, ...spec.initContainers ?? [], ...spec.ephemeralContainers ?? []]
  return containers.some((c: any) =>
    c.env?.some((e: any) => e.valueFrom?.[`${what}KeyRef`]?.name === name) || c.envFrom?.some((e: any) => e[`${what}Ref`]?.name === name))
}
