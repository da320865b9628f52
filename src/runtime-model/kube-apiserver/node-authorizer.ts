import { parseFieldSelector } from '../api/selectors.ts'
import { ruleAllows, type Action } from './rbac.ts'
import { cached, visitCached, type WatchCache } from './watch-cache.ts'

/**
 * What kubelets may do: read their own Node, the Pods bound to it and what those Pods refer to, and write status, leases and events.
 * Source: plugin/pkg/auth/authorizer/node/node_authorizer.go, graph.go (AuthorizeNodeWithSelectors).
 */
export interface NodeDecision { readonly allowed: boolean; readonly reason: string }

export function authorizeNode(cache: WatchCache, action: Action, fieldSelector: string | undefined): NodeDecision | undefined {
  const { user } = action
  if (!user.groups.includes('system:nodes') || !user.name.startsWith('system:node:')) return undefined
  const node = user.name.slice('system:node:'.length)
  const rule = own[action.group === '' ? action.resource : `${action.resource}.${action.group}`]
  if (rule && action.path === undefined) {
    const decision = rule(cache, node, action, fieldSelector)
    if (decision) return decision
  }
  return cache.nodeRules.some(r => ruleAllows(r, action)) ? allowed : undefined
}

const allowed: NodeDecision = { allowed: true, reason: '' }
const refused = (reason: string): NodeDecision => ({ allowed: false, reason })
const related = (yes: boolean, node: string): NodeDecision => yes ? allowed : refused(`no relationship found between node '${node}' and this object`)

type Rule = (cache: WatchCache, node: string, action: Action, fieldSelector: string | undefined) => NodeDecision | undefined
const own: Readonly<Record<string, Rule>> = {
  nodes: (_cache, node, action, fieldSelector) => {
    if (action.verb !== 'get' && action.verb !== 'list' && action.verb !== 'watch' || action.subresource) return undefined
    if (action.name === node || (action.name === undefined && requires(fieldSelector, 'metadata.name', node))) return allowed
    return refused(
      action.name === undefined
        ? `node '${node}' cannot read all nodes, only its own Node object`
        : `node '${node}' cannot read '${action.name}', only its own Node object`
    )
  },
  pods: (cache, node, action, fieldSelector) => {
    if (action.subresource) return undefined
    if (action.verb === 'get') return related(cached(cache, 'pods', action.namespace ?? '', action.name ?? '')?.spec?.nodeName === node, node)
    if (action.verb !== 'list' && action.verb !== 'watch') return undefined
    return requires(fieldSelector, 'spec.nodeName', node) ? allowed : refused('can only list/watch pods with spec.nodeName field selector')
  },
  secrets: (cache, node, action) => readsByName(cache, node, action, 'secret'),
  configmaps: (cache, node, action) => readsByName(cache, node, action, 'configMap'),
  persistentvolumeclaims: (cache, node, action) => readsByName(cache, node, action, 'persistentVolumeClaim'),
  'leases.coordination.k8s.io': (_cache, node, action) => {
    if (action.namespace !== 'kube-node-lease') return refused('can only access leases in the "kube-node-lease" system namespace')
    return action.verb !== 'create' && action.name !== node ? refused('can only access node lease with the same name as the requesting node') : undefined
  },
}

function requires(fieldSelector: string | undefined, field: string, value: string): boolean {
  if (!fieldSelector) return false
  const parsed = parseFieldSelector(fieldSelector)
  return parsed.error === undefined && parsed.terms.some(t => t.field === field && t.equals && t.value === value)
}

type Referred = 'secret' | 'configMap' | 'persistentVolumeClaim'
function readsByName(cache: WatchCache, node: string, action: Action, what: Referred): NodeDecision | undefined {
  if (action.verb !== 'get' && action.verb !== 'list' && action.verb !== 'watch') {
    return what === 'persistentVolumeClaim' ? undefined : refused('can only read resources of this type')
  }
  if (action.name === undefined) return refused('No Object name found')
  let found = false
  visitCached(cache, 'pods', pod => {
    if (!found && pod.spec?.nodeName === node && pod.metadata.namespace === action.namespace) found = refersTo(pod, what, action.name!)
  })
  return related(found, node)
}

/** Does a pod name this object, in a volume, an environment or for pulling images? */
function refersTo(pod: any, what: Referred, name: string): boolean {
  const spec = pod.spec
  for (const v of spec.volumes ?? []) {
    if (what === 'secret' && v.secret?.secretName === name || what === 'configMap' && v.configMap?.name === name
      || what === 'persistentVolumeClaim' && (v.persistentVolumeClaim?.claimName === name || v.ephemeral && `${pod.metadata.name}-${v.name}` === name)) {
      return true
    }
    if (v.projected?.sources?.some((s: any) => s[what]?.name === name)) return true
  }
  if (what === 'persistentVolumeClaim') return false
  if (what === 'secret' && spec.imagePullSecrets?.some((s: any) => s.name === name)) return true
  const containers = [...spec.containers, ...spec.initContainers ?? [], ...spec.ephemeralContainers ?? []]
  return containers.some((c: any) =>
    c.env?.some((e: any) => e.valueFrom?.[`${what}KeyRef`]?.name === name) || c.envFrom?.some((e: any) => e[`${what}Ref`]?.name === name))
}
