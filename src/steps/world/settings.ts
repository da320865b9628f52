import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { install, refusal } from '../outcome.ts'
import { referenceOf, resolveObject, selectionOf } from '../../assertions/subjects/index.ts'
import type { SubjectAst } from '../../dsl/step-ast.ts'
import type { ScenarioContext } from '../context.ts'
import { describe } from './stage.ts'

const encrypted = defineStep({
  id: 'secrets-encrypted', kind: 'world', phrases: ['secrets are encrypted at rest'],
  doc: 'The API servers encrypt Secrets before they put them into etcd (aescbc).',
  examples: ['secrets are encrypted at rest'],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/',
  run: context => describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, secretsEncrypted: true } })),
})
const metricsServer = defineStep({
  id: 'metrics-server', kind: 'world', phrases: ['metrics-server is installed'],
  doc: 'The cluster has a metrics-server, which serves what pods and nodes use to HorizontalPodAutoscalers and `kubectl top`; without this step it has none.',
  examples: ['metrics-server is installed'],
  source: 'https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/',
  async run(context) {
    if (!context.started()) return describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, metricsServer: true } }))
    const refused = install(context, 'install-metrics-server')
    if (refused) return refused
    await context.driver().advance(0)
  },
})
const enforcing = ['calico', 'cilium', 'weave', 'antrea', 'kindnet'], others = ['flannel', 'bridge']
const cni = defineStep({
  id: 'cni', kind: 'world', phrases: ['the CNI is {plugin}'], parameters: { plugin: 'value' },
  doc:
    'Which network plugin connects the pods; whether it enforces NetworkPolicy depends on it (flannel and bridge do not; all others, and the one that a cluster has unless told otherwise, kindnet, do). With calico pods have addresses of 192.168.0.0/16, with cilium of 10.0.0.0/8, and an ipBlock of a policy means no pods and no nodes.',
  examples: ['the CNI is "calico"'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites',
  run: (context, { plugin }) => [...enforcing, ...others].includes(plugin)
    ? describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, cni: plugin } }))
    : { notModelled: `the CNI ${plugin} (known: ${[...enforcing, ...others].join(', ')})` },
})
const withAgents = ['kindnet', 'calico', 'cilium', 'flannel']
const cniAgents = defineStep({
  id: 'cni-agents', kind: 'world', phrases: ['the CNI is {plugin} with its agents'], parameters: { plugin: 'text' },
  doc:
    'As `the CNI is …`, and its agent is a DaemonSet of kube-system that can be looked at, deleted and broken (kindnet, calico-node, cilium, kube-flannel-ds). A node is not ready before its agent has run once. Without the agent what is connected stays so, by the policies that it knew last; pods that start then are connected as before (kindnet, flannel), have an address and no connection (calico), or get no sandbox (cilium), until it is back.',
  examples: ['the CNI is "calico" with its agents'],
  source: 'https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/',
  run: (context, { plugin }) => withAgents.includes(plugin)
    ? describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, cni: plugin, cniAgents: true } }))
    : { notModelled: `agents of the CNI ${plugin} (known: ${withAgents.join(', ')})` },
})
const proxyModes = ['iptables', 'ipvs', 'nftables'] as const, schedulers = ['rr', 'wrr', 'lc', 'wlc', 'sh', 'mh', 'dh', 'sed', 'nq'] as const
const proxyMode = defineStep({
  id: 'kube-proxy-mode', kind: 'world', phrases: ['kube-proxy runs in {mode} mode', 'kube-proxy runs in {mode} mode with scheduler {scheduler}'],
  parameters: { mode: 'text', scheduler: 'text' },
  doc:
    'By what kube-proxy writes rules on every node: "iptables" (unless told otherwise), "nftables" or "ipvs". iptables and nftables send each connection to a random endpoint and are written at most once a second; ipvs is written at once and takes endpoints in turn (scheduler "rr"; so do "wrr", "lc" and "wlc" where all weigh the same and requests are short), by the client ("sh", "mh") or always the same for all ("dh"; "sed" and "nq" too, for requests that take no time). Node ports answer on 127.0.0.1 with iptables only; a port that a Service does not have is refused by ipvs and nftables, and swallowed with iptables.',
  examples: ['kube-proxy runs in "ipvs" mode', 'kube-proxy runs in "ipvs" mode with scheduler "sh"'],
  source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-modes',
  run(context, { mode, scheduler }) {
    const kubeProxyMode = proxyModes.find(m => m === mode), ipvsScheduler = schedulers.find(s => s === scheduler)
    if (!kubeProxyMode) return { notModelled: `kube-proxy in ${mode} mode (known: ${proxyModes.join(', ')})` }
    if (scheduler !== undefined && !ipvsScheduler) return { notModelled: `the ipvs scheduler ${scheduler} (known: ${schedulers.join(', ')})` }
    if (scheduler !== undefined && kubeProxyMode !== 'ipvs') return { cannotRun: `only ipvs has schedulers, not ${mode}` }
    return describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, kubeProxyMode, ...ipvsScheduler ? { ipvsScheduler } : {} } }))
  },
})
const balancerChecks = defineStep({
  id: 'balancer-checks', kind: 'world', phrases: ['load balancers check nodes every {interval}, {times} times'],
  parameters: { interval: 'duration', times: 'int' },
  doc:
    'How the load balancers of a managed cluster find out which nodes are well: they ask each node so often, and believe an answer that has come so many times in a row (every 10s, 2 times, unless told otherwise). Until then requests go where the node was well before.',
  examples: ['load balancers check nodes every 10s, 3 times'],
  source: 'https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/',
  run(context, { interval, times }) {
    if (interval < 1000 || times < 1) return { cannotRun: 'load balancers check at most once a second, and at least once' }
    return describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, balancerChecks: { everyMs: interval, times } } }))
  },
})
const balancerDrains = defineStep({
  id: 'balancer-drains', kind: 'world', phrases: ['load balancers drain nodes for {time}'], parameters: { time: 'duration' },
  doc:
    'How long requests in flight (and connections that are kept open) by a node go on once a load balancer of a managed cluster has been told to forget that node: its deregistration delay, 300s unless told otherwise. New ones do not come that way any more. A node that fails its checks is only left out: what is in flight there goes on.',
  examples: ['load balancers drain nodes for 30s'], source: 'https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer',
  run: (context, { time }) => describe(context, stage => ({ ...stage, cluster: { ...stage.cluster, balancerDrainsMs: time } })),
})
const user = defineStep({
  id: 'user', kind: 'world', phrases: ['user {name}', 'user {name} in groups {groups}', 'user {name} in group {groups}'],
  parameters: { name: 'text', groups: 'text' },
  doc: 'A user of the cluster and its groups; `as user "ana"` in front of an action then says who acts. Nobody has rights until some are given.',
  examples: ['user "ana" in groups "dev, qa"', 'user "ana"'],
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/authentication/#users-in-kubernetes',
  run(context, { name, groups = '' }) { context.users.set(name, groups.split(',').map((g: string) => g.trim()).filter(Boolean)) },
})
/** A rule for pods of now and of later: by their labels, their name or their node. */
function whoseUsage(context: ScenarioContext, ast: SubjectAst): { readonly of: Readonly<Record<string, string>> } | { readonly cannotRun: string } {
  const place = { driver: context.driver(), context }
  if (ast.type === 'object' || ast.type === 'binding') {
    const { ref } = referenceOf(ast, place)
    return ref.resource === 'pods'
      ? { of: { namespace: ref.namespace ?? context.namespace, name: ref.name } }
      : { cannotRun: `only pods use CPU and memory: say \`pods of ${ref.kind.toLowerCase()} ${ref.name} use …\`` }
  }
  if (ast.type !== 'set' || selectionOf(ast, place).kind.resource !== 'pods') return { cannotRun: 'only pods use CPU and memory' }
  const { refinements, scope } = ast, selectors = refinements.selector === undefined ? [] : [refinements.selector]
  const namespace = selectionOf(ast, place).namespace, node = typeof refinements.node === 'string' ? refinements.node : undefined
  if (refinements.owners) return { cannotRun: 'say it of the pods of one at a time: `pods of deployment web use …`' }
  if (refinements.owner) {
    const owner = resolveObject(refinements.owner, place), labels = owner.object?.spec?.selector?.matchLabels ?? owner.object?.spec?.selector
    if (!owner.object) return { cannotRun: `there is no ${owner.label} whose pods could use anything` }
    if (!labels || typeof Object.values(labels)[0] !== 'string') {
      return { cannotRun: `${owner.label} does not say by labels which pods are its own: say \`pods labelled … use …\`` }
    }
    selectors.push(Object.entries(labels).map(([k, v]) => `${k}=${v}`).join(','))
  }
  if (ast.quantifier.type === 'count' || ast.names) return { cannotRun: 'say of all pods what they use, or name one: `pod web-0 uses …`' }
  return {
    of: {
      ...(namespace ? { namespace } : scope.type === 'named' ? { namespace: scope.namespace } : {}), ...(node ? { node } : {}),
      ...(selectors.length ? { selector: selectors.join(',') } : {}),
    },
  }
}

const usage = defineStep({
  id: 'pod-usage', kind: 'world', phrases: ['{pods} use/uses {cpu} CPU and {memory} memory', '{pods} use/uses {cpu} CPU', '{pods} use/uses {memory} memory'],
  parameters: { pods: 'any-subject', cpu: 'quantity', memory: 'quantity' },
  doc:
    'What each of these pods consumes from now on, those that come later too, as metrics-server measures it (every 15 s, from the second look on). What nothing is said of is idle.',
  examples: ['pods of deployment web use 900m CPU and 1Gi memory'],
  run(context, { pods, cpu, memory }) {
    const whose = whoseUsage(context, pods)
    if ('cannotRun' in whose) return whose
    const why = context.driver().operate('pod-usage', { ...whose.of, cpu, memory })
    if (why) return refusal(why)
  },
})

export const settings: readonly StepDefinition[] = [encrypted, metricsServer, cni, cniAgents, proxyMode, balancerChecks, balancerDrains, user, usage]
