import { actorName } from '../../assertions/narrate.ts'
import { registry } from '../../runtime-model/kinds/index.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'
import type { Lane, MomentSort } from '../events.ts'

/** Which line of the time axis an observation belongs to, and as what. */
export interface Place { readonly group: Lane['group']; readonly key: string; readonly name: string; readonly sort: MomentSort }

const reads = new Set(['get', 'list', 'watch'])
const unseen = new Set(['leases.coordination.k8s.io', 'endpoints', 'ipaddresses.networking.k8s.io', 'controllerrevisions.apps'])
/** what stands on `[namespace/]name`: the namespace is told where it is not `default` */
const object = (kind: string, namespace: string | undefined, name: string, sort: MomentSort): Place => {
  const full = `${kind.toLowerCase()} ${namespace && namespace !== 'default' ? `${namespace}/` : ''}${name}`
  return kind === 'Node' ? { group: 'node', key: `node ${name}`, name: `node ${name}`, sort } : { group: 'object', key: full, name: full, sort }
}
const actor = (id: string, sort: MomentSort): Place => id.startsWith('kubectl') || id.startsWith('etcdctl')
  ? { group: 'scenario', key: id.split('/')[0], name: id.split('/')[0], sort }
  : { group: 'component', key: id, name: actorName(id), sort }

/** undefined: nothing that a time axis shows. */
export function placeOf(o: Observation): Place | undefined {
  switch (o.type) {
    case 'fault': return { group: 'scenario', key: 'scenario', name: 'scenario', sort: 'fault' }
    case 'note': return o.actor === 'scenario' ? { group: 'scenario', key: 'scenario', name: 'scenario', sort: 'step' } : actor(o.actor, 'note')
    case 'component': return actor(o.actor.includes('/') ? o.actor : `${o.component}/${o.node}`, 'component')
    case 'nodePower': return { group: 'node', key: `node ${o.node}`, name: `node ${o.node}`, sort: 'component' }
    case 'request': return (reads.has(o.verb) && !o.actor.startsWith('kubectl')) || / event /.test(` ${o.what} `) ? undefined : actor(o.actor, 'request')
    case 'answer':
      return o.code >= 400 && o.to.startsWith('kubectl') ? actor(o.to, o.code === 404 && o.what.startsWith('get ') ? 'request' : 'refusal') : undefined
    case 'stage': return o.refused ? actor(o.actor, 'refusal') : undefined
    case 'schedule': return actor(o.actor, 'schedule')
    case 'cri': return actor(`kubelet/${o.node}`, 'container')
    case 'container': case 'podStatus': return object('Pod', o.namespace, o.pod, 'container')
    case 'probe': return object('Pod', o.namespace, o.pod, 'probe')
    case 'proxy': return actor(`kube-proxy/${o.node}`, 'proxy')
    case 'traffic': return { group: 'traffic', key: `traffic ${o.source}`, name: `traffic ${o.source}`, sort: 'traffic' }
    case 'object': {
      if (o.resource !== 'events') return unseen.has(o.resource) ? undefined : object(o.kind, o.namespace, o.name, 'object')
      const about = o.new?.involvedObject
      return about?.name && o.change !== 'DELETED' ? object(about.kind, about.namespace, about.name, 'event') : undefined
    }
    default: return undefined
  }
}

/** The state that an observation puts its lane into: `down`, kubectl's STATUS word, `2 of 3 ready`; '' when it is gone. */
export function stateAfter(o: Observation, epochMs: number): string | undefined {
  if (o.type === 'component') return o.state === 'follower' ? 'up' : o.state
  if (o.type === 'nodePower') return o.state === 'up' ? undefined : o.state
  if (o.type !== 'object' || o.resource === 'events') return undefined
  return o.change === 'DELETED' ? '' : stateOf(o.new, o.resource, epochMs + o.at)
}
export const stateBefore = (o: Observation, epochMs: number): string | undefined =>
  o.type === 'object' && o.resource !== 'events' && o.change !== 'ADDED' ? stateOf(o.old, o.resource, epochMs + o.at) : undefined

function stateOf(object: any, resource: string, calendarMs: number): string {
  const word = registry.byResource(resource)?.statusWord?.(object, calendarMs) ?? object?.status?.phase
  if (word) return word
  if (resource === 'endpointslices.discovery.k8s.io') {
    const all = object?.endpoints ?? []
    return `${all.filter((e: any) => e.conditions?.ready !== false).length} of ${all.length} ready`
  }
  const status = object?.status ?? {}
  if (object?.spec?.replicas !== undefined) return `${status.readyReplicas ?? 0} of ${object.spec.replicas} ready`
  if (status.desiredNumberScheduled !== undefined) return `${status.numberReady ?? 0} of ${status.desiredNumberScheduled} ready`
  return 'present'
}
