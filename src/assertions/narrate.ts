import type { Observation } from '../runtime-model/kernel/observation.ts'
import { registry } from '../runtime-model/kinds/index.ts'
import { plural } from '../base/clock.ts'

/** What is said of a fault's target when it begins, and when it ends. */
const ways: Readonly<Record<string, readonly [inject: string, heal: string]>> = {
  'component-down': ['goes down', 'comes back'], 'node-down': ['goes down', 'comes back'], 'control-plane-node-down': ['goes down', 'comes back'],
  'kubelet-stop': ['stops', 'starts'],
  'component-crash': ['crashes', 'comes back'], 'component-hang': ['hangs', 'resumes'], 'node-hang': ['hangs', 'resumes'],
  'node-reboot': ['reboots', 'is back'], 'container-crash': ['crashes', ''],
  'container-oom': ['is OOM killed', ''], 'container-hang': ['hangs', 'resumes'], 'partition': ['is partitioned', 'heals'],
  'registry-unreachable': ['is unreachable', 'is reachable again'],
  'api-delay': ['are delayed', 'are no longer delayed'], 'api-fail': ['fail', 'no longer fail'], 'watch-delay': ['are delayed', 'are no longer delayed'],
  'watch-drop': ['are dropped', 'are no longer dropped'],
  'etcd-disk-loss': ['is lost', 'is there again'], 'etcd-nospace': ['runs out of space', 'has space again'], 'clock-skew': ['is wrong', 'is right again'],
  'node-pressure': ['runs low', 'suffices again'],
  'instance-terminated': ['is terminated', ''],
}
export const faultText = (fault: string, target: string, phase: 'inject' | 'heal'): string => {
  const way = ways[fault]?.[phase === 'inject' ? 0 : 1]
  return way === undefined ? `${fault} ${phase === 'inject' ? 'begins' : 'ends'}: ${target}` : `${target} ${way}`.trim()
}

/** `kube-scheduler`, `kubelet on worker-1`, `kubectl`: a process as a reader calls it. */
export function actorName(actor: string): string {
  const [component, host] = actor.split('/')
  return ['kubelet', 'kube-proxy', 'container-runtime'].includes(component) && host ? `${component.replace('-runtime', ' runtime')} on ${host}`
    : component === 'etcd' && host ? host
    : component
}

/** kubectl's STATUS word, or the phase, of an object at a moment. */
export function wordOf(object: any, resource: string, calendarMs: number): string | undefined {
  if (!object) return undefined
  const kind = registry.byResource(resource)
  return kind?.statusWord?.(object, calendarMs) ?? object.status?.phase
}

/** One observation in words, for timelines and causal chains; undefined: nothing a reader would want to know. */
export function narrate(o: Observation, epochMs: number): string | undefined {
  switch (o.type) {
    case 'fault': return faultText(o.fault, o.target, o.phase)
    case 'note': return o.text
    case 'component': return `${actorName(o.actor)} is ${o.state === 'leader' ? 'the leader' : o.state === 'follower' ? 'no longer the leader' : o.state}`
    case 'nodePower': return `node ${o.node} is ${o.state}`
    case 'request': return `${actorName(o.actor)} asks to ${o.what}`
    case 'answer': return o.code >= 400 ? `${o.what} is refused: ${o.code} ${o.reason ?? ''}`.trim() : undefined
    case 'stage': return o.refused ? `${o.stage} refuses ${o.what}: ${o.refused}` : undefined
    case 'object': return narrateObject(o, epochMs)
    case 'schedule':
      return o.phase === 'bind' ? `kube-scheduler binds pod ${o.pod}${o.detail ? ` to ${o.detail}` : ''}`
        : o.phase === 'unschedulable' ? `no node takes pod ${o.pod}${o.detail ? `: ${o.detail}` : ''}`
        : o.phase === 'preempt' ? `kube-scheduler makes room for pod ${o.pod}`
        : undefined
    case 'cri': return `${actorName(`kubelet/${o.node}`)}: ${o.call} of pod ${o.pod}`
    case 'container':
      return o.state === 'exited' ? `container ${o.container} of pod ${o.pod} ended (${o.reason ?? `exit code ${o.exitCode ?? '?'}`}) on ${o.node}`
        : o.hung ? `container ${o.container} of pod ${o.pod} answers nothing`
        : o.state === 'running' ? `container ${o.container} of pod ${o.pod} runs on ${o.node}${o.restarts ? ` (restart ${o.restarts})` : ''}`
        : undefined
    case 'podStatus': return `kubelet on ${o.node} sees pod ${o.pod} ${o.phase}${o.ready ? ', ready' : ', not ready'}`
    case 'probe': return o.outcome === 'success' ? undefined : `${o.probe} probe of ${o.container} in pod ${o.pod} fails${o.detail ? `: ${o.detail}` : ''}`
    case 'proxy': return `kube-proxy on ${o.node} programs service ${o.service}: ${plural(o.endpoints, 'endpoint')}`
    case 'balancer': return `load balancer ${o.ip} sends to ${o.nodes === '' ? 'no node' : o.nodes}`
    case 'nodeEligible': return `kube-proxy on ${o.node} tells load balancers that it ${o.eligible ? 'stays' : 'is about to go'}`
    case 'policies': return `the network plugin enforces ${o.policies} NetworkPolic${o.policies === 1 ? 'y' : 'ies'}`
    case 'httpProxy': return `${o.proxy} routes ${o.hosts === '' ? 'nothing' : o.hosts.replace('_', 'any other host')}`
    case 'traffic': return o.outcome === 'lost' ? `${plural(o.count, 'request')} of ${o.source} lost${o.why ? `: ${o.why}` : ''}` : undefined
    default: return undefined
  }
}

type ObjectChange = Extract<Observation, { readonly type: 'object' }>
/** What a change of an object comes to, the first that applies. */
type Change = { readonly to: 'created' | 'deleted' | 'deleting' } | { readonly to: 'bound'; readonly node: string }
  | { readonly to: 'word'; readonly before?: string; readonly now?: string }
  | { readonly to: 'conditions'; readonly conditions: string } | { readonly to: 'count'; readonly count: string } | undefined

function changeOf(o: ObjectChange, epochMs: number): Change {
  if (o.change === 'ADDED') return { to: 'created' }
  if (o.change === 'DELETED') return { to: 'deleted' }
  const at = epochMs + o.at, before = wordOf(o.old, o.resource, at), now = wordOf(o.new, o.resource, at)
  if (before !== now) return { to: 'word', before, now }
  if (!o.old?.spec?.nodeName && o.new?.spec?.nodeName) return { to: 'bound', node: o.new.spec.nodeName }
  if (o.old?.metadata?.deletionTimestamp === undefined && o.new?.metadata?.deletionTimestamp !== undefined) return { to: 'deleting' }
  const changed = (o.new?.status?.conditions ?? []).filter((c: any) =>
    !(c.type === 'Progressing' && c.status === 'True') && o.old?.status?.conditions?.find((b: any) => b.type === c.type)?.status !== c.status)
  if (changed.length) return { to: 'conditions', conditions: changed.map((c: any) => `${c.type}=${c.status}`).join(', ') }
  const counts = (x: any): boolean => x?.status?.readyReplicas !== undefined || x?.status?.replicas !== undefined
  const count = (x: any): string => `${x.status.readyReplicas ?? 0} of ${x.spec?.replicas ?? x.status.replicas ?? 0} ready`
  return (counts(o.old) || counts(o.new)) && count(o.old) !== count(o.new) ? { to: 'count', count: count(o.new) } : undefined
}
const nameOf = (o: ObjectChange): string => `${o.kind.toLowerCase()} ${o.name}`

function narrateObject(o: ObjectChange, epochMs: number): string | undefined {
  if (o.resource === 'events') {
    const e = o.new
    return o.change === 'DELETED' || !e
      ? undefined
      : `${e.involvedObject?.kind?.toLowerCase()} ${e.involvedObject?.name}: ${e.reason}: ${firstLine(e.message ?? '')}`
  }
  const change = changeOf(o, epochMs), name = nameOf(o)
  switch (change?.to) {
    case 'created': case 'deleted': return `${name} is ${change.to}`
    case 'deleting': return `${name} is being deleted`
    case 'word': return `${name}: ${change.before ?? '–'} → ${change.now ?? '–'}`
    case 'bound': return `${name} is bound to ${change.node}`
    case 'conditions': return `${name}: ${change.conditions}`
    case 'count': return `${name}: ${change.count}`
    default: return undefined
  }
}

/** A change of an object as the deed of who asked for it: `kube-scheduler binds pod web to worker-1`, as causal chains tell it. */
export function narrateDeed(o: ObjectChange, actor: string, epochMs: number): string {
  const change = changeOf(o, epochMs), name = nameOf(o), by = actorName(actor), says = actor.startsWith('kubelet') ? 'reports' : 'marks'
  const silent = o.kind === 'Node' && (o.new?.status?.conditions ?? []).some((c: any) => c.type === 'Ready' && c.status === 'Unknown')
  switch (change?.to) {
    case 'created': return `${by} creates ${name}`
    case 'deleted': return `${by} ${o.old?.metadata?.deletionTimestamp === undefined ? 'deletes' : 'removes'} ${name}`
    case 'deleting': return `${by} deletes ${name}`
    case 'word':
      return change.now === 'Terminating' ? `${by} deletes ${name}`
        : silent ? `${by} no longer hears from ${name} and marks it ${change.now}`
        : `${by} ${says} ${name} ${change.now ?? 'changed'}`
    case 'bound': return `${by} binds ${name} to ${change.node}`
    case 'conditions': return `${by} ${says} ${name} ${change.conditions}`
    case 'count': return `${by} finds ${name} ${change.count}`
    default: return `${by} changes ${name}`
  }
}
const firstLine = (text: string): string => { const [first] = text.split('\n'); return first.length > 160 ? `${first.slice(0, 157)}…` : first }
