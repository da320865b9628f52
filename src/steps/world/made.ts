import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { autoscaled } from '../autoscaled.ts'
import { line, say } from '../command.ts'

/** What `kubectl create` makes of a few words. */
const kubectl = 'https://kubernetes.io/docs/reference/kubectl/generated'
/** `kind {name} …` with each of the words for the kind */
const called = (nouns: readonly string[], ...rests: readonly string[]): readonly string[] => nouns.flatMap(noun => rests.map(rest => `${noun} {name} ${rest}`))

const budget = defineStep({
  id: 'pdb', kind: 'world', parameters: { name: 'namespace', least: 'value', most: 'value', selector: 'selector' },
  phrases: called(
    ['pdb', 'poddisruptionbudget', 'pod disruption budget'], 'with minAvailable {least} for {selector}', 'with maxUnavailable {most} for {selector}'
  ),
  doc: 'A PodDisruptionBudget for the pods with these labels: how many (or what share) must be available, or may be missing.',
  examples: ['pdb web with minAvailable 2 for app=web', 'pod disruption budget web with maxUnavailable 50% for app=web'],
  source: `${kubectl}/kubectl_create/kubectl_create_poddisruptionbudget/`,
  run(context, { name, least, most, selector }) {
    const limit = least === undefined ? `--max-unavailable=${most}` : `--min-available=${least}`
    return say(context, line('kubectl', 'create', 'poddisruptionbudget', name, limit, `--selector=${selector}`))
  },
})
const autoscaler = defineStep({
  id: 'hpa', kind: 'world', parameters: { name: 'namespace', what: 'subject', min: 'int', max: 'int', cpu: 'value' },
  phrases: called(['hpa', 'horizontalpodautoscaler', 'horizontal pod autoscaler'], 'for {what} with {min} to {max} replica(s) at {cpu} CPU'),
  doc: 'A HorizontalPodAutoscaler of a workload that aims at this share of the CPU that is requested (`50%`). It needs a metrics-server, and requests in the pods.',
  examples: ['hpa web for deployment web with 2 to 10 replicas at 50% CPU'], source: `${kubectl}/kubectl_autoscale/`,
  run: (context, { name, what, min, max, cpu }) => autoscaled(context, what, { min, max, cpu }, { name }),
})
const quota = defineStep({
  id: 'quota', kind: 'world', phrases: called(['resourcequota', 'resource quota', 'quota'], 'of/with {hard}'),
  parameters: { name: 'namespace', hard: 'value' },
  doc: 'A ResourceQuota of the current namespace: `pods=5`, `requests.cpu=2,limits.memory=4Gi`.',
  examples: ['resourcequota team with pods=5', 'resource quota team of requests.cpu=2,pods=10'], source: `${kubectl}/kubectl_create/kubectl_create_quota/`,
  run(context, { name, hard }) {
    if (!/^[^=,]+=[^=,]+(,[^=,]+=[^=,]+)*$/.test(hard)) return { cannotRun: `a quota says how much of what there may be, as in pods=5, and not ${hard}` }
    return say(context, line('kubectl', 'create', 'quota', name, `--hard=${hard}`))
  },
})
const priority = defineStep({
  id: 'priorityclass', kind: 'world', phrases: called(['priorityclass', 'priority class'], 'with/of value {value}'),
  parameters: { name: 'namespace', value: 'int' },
  doc: 'A PriorityClass, which pods name as their priorityClassName.', examples: ['priorityclass high with value 1000'],
  source: `${kubectl}/kubectl_create/kubectl_create_priorityclass/`,
  run: (context, { name, value }) => say(context, line('kubectl', 'create', 'priorityclass', name, `--value=${value}`)),
})
const role = (kind: 'role' | 'clusterrole', noun: string): StepDefinition => defineStep({
  id: `${kind}-that-allows`, kind: 'world', phrases: called([...new Set([kind, noun])], 'that allows {verbs} on {resources}'),
  parameters: { name: 'namespace', verbs: 'value', resources: 'value' },
  doc: `A ${kind === 'role' ? 'Role' : 'ClusterRole'} with one rule: these verbs on these resources, each a list such as "get, list".`,
  examples: [`${kind} reader that allows "get, list" on "pods, services"`, `${kind} reader that allows get on pods`],
  source: `${kubectl}/kubectl_create/kubectl_create_${kind}/`,
  run: (context, { name, verbs, resources }) => {
    const list = (text: string): string => text.split(/\s*,\s*|\s+and\s+/).join(',')
    return say(context, line('kubectl', 'create', kind, name, `--verb=${list(verbs)}`, `--resource=${list(resources)}`))
  },
})
const bound = (kind: 'role' | 'clusterrole', noun: string): StepDefinition => defineStep({
  id: `given-${kind}`, kind: 'world', parameters: { user: 'text', account: 'namespace', role: 'namespace', namespace: 'namespace' },
  phrases: [...new Set([kind, noun])].flatMap(word => ['user {user}', 'serviceaccount {account}', 'service account {account}'].flatMap(whom =>
    [`${whom} is given ${word} {role}`, `${whom} is given ${word} {role} in namespace {namespace}`])),
  doc: `A RoleBinding, called as the ${kind} is and whom it is given to, in the current namespace or in another.`,
  examples: [`user "ana" is given ${kind} reader`, `serviceaccount robot is given ${kind} reader in namespace shop`],
  source: `${kubectl}/kubectl_create/kubectl_create_rolebinding/`,
  run(context, { user, account, role: name, namespace = context.namespace }) {
    const whom = user === undefined ? `--serviceaccount=${context.namespace}:${account}` : `--user=${user}`
    const binding = `${name}-${user ?? account}`.toLowerCase().replace(/[^a-z0-9.-]+/g, '-')
    return say(context, line('kubectl', 'create', 'rolebinding', binding, `--${kind}=${name}`, whom, '-n', namespace))
  },
})
const ingress = defineStep({
  id: 'ingress-that-routes', kind: 'world',
  phrases: called(['ingress'], 'that routes {url} to service {service} on port {port}', 'that routes {url} to service {service} port {port}'),
  parameters: { name: 'namespace', url: 'text', service: 'namespace', port: 'int' },
  doc: 'An Ingress with one rule, for a host and all paths that begin like this (`"shop.example.com/"`); who acts on it is an ingress controller, `ingress-nginx is installed`.',
  examples: ['ingress shop that routes "shop.example.com/cart" to service cart on port 80'], source: `${kubectl}/kubectl_create/kubectl_create_ingress/`,
  run(context, { name, url, service, port }) {
    const [, host, path] = /^(?:https?:\/\/)?([^/\s]*)(\/\S*)?$/.exec(url) ?? []
    if (host === undefined) return { cannotRun: `a rule is of a host and a path, as in shop.example.com/cart, and not of ${url}` }
    const found = context.driver().storedList('ingressclasses.networking.k8s.io'), ofClass = found.length === 1 ? [`--class=${found[0].metadata.name}`] : []
    return say(context, line('kubectl', 'create', 'ingress', name, ...ofClass, `--rule=${host}${(path ?? '/').replace(/\*?$/, '')}*=${service}:${port}`))
  },
})
export const made: readonly StepDefinition[] = [
  budget, autoscaler, quota, priority,
  role('role', 'role'), role('clusterrole', 'cluster role'), bound('role', 'role'), bound('clusterrole', 'cluster role'), ingress,
]
