import type { ComponentState, Driver } from '../../drivers/driver.ts'
import type { ComponentSubject } from '../../dsl/step-ast.ts'
import type { PredicateContext, PredicateDefinition, ResolvedSubject } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { CannotRun } from '../errors.ts'
import { isDown, isUp, processesOf } from '../subjects/index.ts'
import { isReady } from './status.ts'
import { onlyOf, readyOf } from './fitting.ts'
import { holdsIf, moot, no } from './support.ts'

const readsComponents = (o: { readonly type: string; readonly resource?: string; readonly container?: string }): boolean =>
  o.type === 'component' || o.type === 'container' && o.container === 'coredns' || o.type === 'nodePower' || o.resource === 'leases.coordination.k8s.io'
const states = (all: readonly ComponentState[]): string => {
  const notUp = all.filter(c => c.state !== 'up')
  return notUp.length === 0 ? 'up'
    : notUp.length === all.length && new Set(all.map(c => c.state)).size === 1 ? all[0].state
    : all.map(c => `${c.component}${c.node ? ` on ${c.node}` : ''} ${c.state}`).join(', ')
}
const processes = (subject: ResolvedSubject, at: PredicateContext): readonly ComponentState[] => {
  const ast = subject.ast as ComponentSubject
  if (ast.or) throw new CannotRun(`of ${subject.label} only one can be \`the leader\`: all else is said of each in a step of its own`)
  return processesOf(ast, at)
}
/** The machine of a Node object, or of a control-plane node that no Node object tells of. */
function powerOf(subject: ResolvedSubject, { driver }: PredicateContext): string {
  if (subject.ref?.resource !== 'nodes') throw new CannotRun(`${subject.label} is neither up nor down: only components and nodes are`)
  const own = driver.nodeTruth.node(subject.ref.name)?.power
  if (own) return own
  const there = driver.components().filter(c => c.node === subject.ref!.name)
  return there.length > 0 && there.every(c => c.state === 'down') ? 'down' : 'up'
}

const up = definePredicate({
  id: 'up', phrases: ['up'], subjects: ['component', 'object'], misfit: onlyOf('nodes'), reads: readsComponents,
  doc: 'A component does its work: one of its replicas runs, of etcd a majority; the named one, if one is named. A node: its machine is on.',
  examples: ['kube-scheduler is up', 'etcd member etcd-1 is eventually up', 'node worker-1 is up'],
  test: (subject, _args, at) => subject.type === 'component'
    ? holdsIf(isUp(processes(subject, at)), () => states(processes(subject, at)))
    : holdsIf(powerOf(subject, at) === 'up', () => powerOf(subject, at)),
})
const quorum = definePredicate({
  id: 'quorum', phrases: ['has quorum', 'has a quorum', 'has a majority'], subjects: ['component'], reads: readsComponents,
  doc: 'More than half of the members of etcd run.', examples: ['etcd has quorum', 'etcd has no quorum'], source: 'https://etcd.io/docs/v3.6/faq/',
  test(subject, _args, at) {
    const own = processes(subject, at), up = own.filter(c => c.state === 'up').length
    if (own[0].component !== 'etcd') throw new CannotRun(`${subject.label} has no quorum: only etcd has`)
    return holdsIf(2 * up > own.length, () => `${up} of ${own.length} members are up`)
  },
})
const down = definePredicate({
  id: 'down', phrases: ['down'], subjects: ['component', 'object'], misfit: onlyOf('nodes'), reads: readsComponents, madeSo: label => `${label} goes down`,
  doc: 'None of the component\'s replicas runs (of etcd: no majority of its members); the control plane: none of its components. A node: its machine is off.',
  examples: ['the control plane is down', 'kube-apiserver on cp-1 is down', 'node worker-1 is down'],
  test: (subject, _args, at) => subject.type === 'component'
    ? holdsIf(isDown(processes(subject, at)), () => states(processes(subject, at)))
    : holdsIf(powerOf(subject, at) === 'down', () => powerOf(subject, at)),
})
const hung = definePredicate({
  id: 'hung', phrases: ['hung'], subjects: ['component', 'object'], misfit: onlyOf('nodes'), reads: readsComponents, madeSo: label => `${label} hangs`,
  doc: 'The component (or machine) is frozen: it runs and answers nothing.', examples: ['kube-apiserver is hung'],
  test: (subject, _args, at) => subject.type === 'component'
    ? holdsIf(processes(subject, at).every(c => c.state === 'hung'), () => states(processes(subject, at)))
    : holdsIf(powerOf(subject, at) === 'hung', () => powerOf(subject, at)),
})
const healthy = definePredicate({
  id: 'healthy', phrases: ['healthy'], subjects: ['component', 'object'], misfit: readyOf, reads: readsComponents,
  doc: 'A component that is up and whose store is: every replica runs, and etcd has a majority where it is needed. An object: it is Ready.',
  examples: ['kube-apiserver is healthy', 'node worker-1 is healthy', 'the control plane is eventually healthy'],
  source: 'https://kubernetes.io/docs/reference/using-api/health-checks/',
  test(subject, _args, at) {
    if (subject.type !== 'component') return isReady(subject, at)
    const own = processes(subject, at), etcd = at.driver.components().filter(c => c.component === 'etcd')
    if (!own.every(c => c.state === 'up')) return no(states(own))
    return holdsIf(!own.some(c => c.component === 'kube-apiserver') || isUp(etcd), () => `etcd is ${states(etcd)}`)
  },
})
const elected = new Set(['etcd', 'kube-controller-manager', 'kube-scheduler', 'cloud-controller-manager'])
const leader = definePredicate({
  id: 'leader', phrases: ['the leader', 'leader'], subjects: ['component'], reads: readsComponents,
  doc:
    'The replica that holds the lease of its component (of etcd: that leads the Raft group). One that has ended leads no more, also while the lease still names its machine.',
  examples: [
    'kube-scheduler on cp-1 is the leader', 'etcd member etcd-1 is not the leader', 'kube-scheduler on cp-2 or cp-3 is eventually the leader',
    'etcd member etcd-2 or etcd-3 is eventually the leader',
  ],
  source: 'https://kubernetes.io/docs/concepts/architecture/leases/#leader-election',
  test(subject, _args, at) {
    const own = processesOf(subject.ast as ComponentSubject, at)
    if (!elected.has(own[0].component)) throw new CannotRun(`${subject.label} has no leader: only ${[...elected].join(', ')} have`)
    const all = at.driver.components().filter(c => c.component === own[0].component)
    const isLeader = (c: ComponentState): boolean => c.leader ?? lastLeader(c, at) === c.node
    return holdsIf(own.some(isLeader), () => { const who = all.find(isLeader); return who ? `${who.node} is the leader` : 'nobody is the leader' })
  },
})
const hasLeader = definePredicate({
  id: 'has-leader', phrases: ['has a leader', 'has leader'], subjects: ['component'], reads: readsComponents,
  doc: 'One of its replicas leads, whichever it is.', examples: ['kube-scheduler eventually has a leader', 'etcd has no leader'],
  source: 'https://kubernetes.io/docs/concepts/architecture/leases/#leader-election',
  test: (subject, args, at) => leader.test(subject, args, at),
})
/** Where no lease says who leads, the processes themselves have told; whoever has led from the beginning leads still. */
function lastLeader({ component }: ComponentState, { driver, context }: PredicateContext): string | undefined {
  const told = (from: Driver): string | undefined => {
    let found: string | undefined
    for (const o of from.history()) {
      if (o.type === 'component' && o.component === component && o.state === 'leader') found = component === 'etcd' ? o.actor.split('/')[1] : o.node
    }
    return found
  }
  const now = context.driver()
  return told(driver) ?? (told(now) === undefined ? now.components().find(c => c.component === component && c.leader)?.node : undefined)
}
const cordoned = definePredicate({
  id: 'cordoned', phrases: ['cordoned'], subjects: ['object'], misfit: onlyOf('nodes'), doc: 'spec.unschedulable of the node is true.', madeSo: label => `I cordon ${label}`,
  examples: ['node worker-1 is cordoned', 'node worker-1 is not cordoned'],
  source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#manual-node-administration',
  test: ({ object }) => holdsIf(object.spec?.unschedulable === true, () => 'not cordoned'),
})
const schedulable = definePredicate({
  id: 'schedulable', phrases: ['schedulable'], subjects: ['object'], misfit: onlyOf('nodes'),
  doc: 'The node is not cordoned and has no taint that keeps pods away.', examples: ['node worker-1 is eventually schedulable'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  test({ object }) {
    const keeping = (object.spec?.taints ?? []).filter((t: any) => t.effect !== 'PreferNoSchedule')
    return object.spec?.unschedulable
      ? no('cordoned')
      : holdsIf(keeping.length === 0, () => `taints ${keeping.map((t: any) => `${t.key}:${t.effect}`).join(', ')}`)
  },
})
const encrypted = definePredicate({
  id: 'encrypted', phrases: ['the value in etcd is encrypted', 'is encrypted in etcd', 'encrypted'], subjects: ['object'],
  doc: 'What etcd holds of the object begins with an encryption provider\'s prefix (k8s:enc:) and not with the object.',
  examples: [
    'secret db the value in etcd is encrypted', 'secret db: the value in etcd is encrypted', 'secret db is encrypted in etcd',
    'the value of secret db in etcd is encrypted',
  ],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/#verifying-that-data-is-encrypted',
  test({ ref }, _args, { driver }) {
    const raw = driver.rawValue(ref!.resource, ref!.namespace ?? '', ref!.name)
    return raw === undefined ? moot('not in etcd') : holdsIf(raw.startsWith('k8s:enc:'), () => `in etcd: ${raw.slice(0, 60)}…`)
  },
})
const spread = definePredicate({
  id: 'spread', phrases: ['are spread evenly over/across {key}', 'are evenly spread over/across {key}'], parameters: { key: 'text' }, subjects: ['object'],
  misfit: onlyOf('pods'),
  doc: 'Of the values that a label has on nodes, none has more than one of the pods more than another.',
  examples: ['pods of deployment web are spread evenly over "topology.kubernetes.io/zone"'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
  reads: o => o.type === 'object' && o.resource === 'nodes',
  test: () => moot('said of one pod, which cannot be spread'),
  testSet(members, { key }, { driver }) {
    const domainOf = new Map(driver.storedList('nodes')
      .filter(n => n.metadata.labels?.[key] !== undefined && !n.spec?.taints?.some((t: any) => t.key === 'node-role.kubernetes.io/control-plane'))
      .map(n => [n.metadata.name, n.metadata.labels![key]]))
    const counts = new Map([...domainOf.values()].map(domain => [domain, 0]))
    if (members.length < 2) return moot('one pod is always spread evenly')
    if (counts.size < 2) return moot(counts.size === 0 ? `no node has a label ${key}` : `all nodes have the same ${key}: there is nothing to spread over`)
    for (const { object, label } of members) {
      const node = object?.spec?.nodeName, domain = domainOf.get(node)
      if (node === undefined) return no(`${label} is on no node`)
      if (domain !== undefined) counts.set(domain, counts.get(domain)! + 1)
    }
    const all = [...counts.values()]
    return holdsIf(Math.max(...all) - Math.min(...all) <= 1, () => [...counts].map(([domain, n]) => `${domain} ${n}`).join(', '))
  },
})
export const cluster: readonly PredicateDefinition[] = [up, quorum, down, hung, healthy, leader, hasLeader, cordoned, schedulable, encrypted, spread]
