import type { Rule } from '../network/links.ts'
import type { Cluster } from '../cluster.ts'
import { defineFault } from './fault.ts'

function addRule(cluster: Cluster, rule: Omit<Rule, 'altered'>, forMs?: number): number {
  cluster.kernel.setLinks(links => ({ ...links, rules: [...links.rules.filter(r => r.id !== rule.id), { ...rule, altered: 0 }] }))
  if (forMs !== undefined) cluster.kernel.removeRuleAfter(rule.id, forMs)
  return 1
}
function removeRule(cluster: Cluster, id: string): boolean {
  const there = cluster.kernel.links.rules.some(r => r.id === id)
  if (there) cluster.kernel.setLinks(links => ({ ...links, rules: links.rules.filter(r => r.id !== id) }))
  return there
}
const status = (code: number): any => ({
  kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, ...reasons[code] ?? { reason: 'InternalError', message: 'Internal error occurred' },
})
/** What a load balancer or an overloaded server says. Source: apimachinery pkg/api/errors. */
const reasons: Readonly<Record<number, { reason: string; message: string }>> = {
  429: { reason: 'TooManyRequests', message: 'Too many requests, please try again later.' },
  500: { reason: 'InternalError', message: 'Internal error occurred' },
  503: { reason: 'ServiceUnavailable', message: 'the server is currently unable to handle the request' },
  504: { reason: 'Timeout', message: 'Timeout: request did not complete within requested timeout - context deadline exceeded' },
}

export const apiDelay = defineFault({
  id: 'api-delay', doc: 'Every request to kube-apiserver takes so much longer.', parameters: { delayMs: 'ms', forMs: 'ends by itself after so many ms' },
  example: { delayMs: 2000 }, target: () => 'requests to kube-apiserver', rule: () => 'api-delay',
  inject: (cluster, { delayMs, forMs }) =>
    addRule(cluster, { id: 'api-delay', to: 'kube-apiserver', type: 'request', effect: { do: 'delay', ms: delayMs } }, forMs),
  heal: cluster => removeRule(cluster, 'api-delay'),
})
export const apiFail = defineFault({
  id: 'api-fail', doc: 'Every request to kube-apiserver is answered with this HTTP code before it gets there.',
  parameters: { code: 'HTTP code', forMs: 'ends by itself after so many ms' }, example: { code: 503 }, target: () => 'requests to kube-apiserver',
  rule: () => 'api-fail',
  inject: (cluster, { code, forMs }) =>
    addRule(cluster, { id: 'api-fail', to: 'kube-apiserver', type: 'request', effect: { do: 'answer', response: { code, body: status(code) } } }, forMs),
  heal: cluster => removeRule(cluster, 'api-fail'),
})
export const watchDelay = defineFault({
  id: 'watch-delay', doc: 'What watches tell this component arrives so much later, in order.', parameters: { component: 'who watches', delayMs: 'ms' },
  example: { component: 'kube-scheduler', delayMs: 10_000 }, target: args => `watch events to ${args.component}`,
  rule: ({ component }) => `watch-delay ${component}`,
  inject: (cluster, { component, delayMs }) =>
    addRule(cluster, { id: `watch-delay ${component}`, to: component, type: 'watch', effect: { do: 'delay', ms: delayMs } }),
  heal: (cluster, { component }) => removeRule(cluster, `watch-delay ${component}`),
})
export const watchDrop = defineFault({
  id: 'watch-drop', doc: 'What watches tell this component is lost on the way; it notices when its streams are opened anew.',
  parameters: { component: 'who watches' }, example: { component: 'kube-scheduler' }, target: args => `watch events to ${args.component}`,
  rule: ({ component }) => `watch-drop ${component}`,
  inject: (cluster, { component }) => addRule(cluster, { id: `watch-drop ${component}`, to: component, type: 'watch', effect: { do: 'drop' } }),
  heal: (cluster, { component }) => {
    const done = removeRule(cluster, `watch-drop ${component}`)
    if (done) cluster.kernel.resetStreams(component)
    return done
  },
})
export const registryUnreachable = defineFault({
  id: 'registry-unreachable', doc: 'No node can pull from this image registry.', parameters: { registry: 'its host name' },
  example: { registry: 'registry.k8s.io' }, target: args => `image registry ${args.registry}`,
  met: ({ kernel }, { registry }) => kernel.ids('container-runtime').reduce((sum, id) => sum + (kernel.stateOf<any>(id).failedPulls.get(registry) ?? 0), 0),
  inject: (cluster, { registry }) => {
    for (const id of cluster.kernel.ids('container-runtime')) cluster.kernel.arrange(id, 'registry', { registry, reachable: false })
    return 1
  },
  heal: ({ kernel }, { registry }) => {
    const told = (id: string): any => kernel.arranged(id, (operation, args) => operation === 'registry' && args.registry === registry)
    const cut = kernel.ids('container-runtime').filter(id => !(told(id)?.reachable ?? !kernel.stateOf<any>(id).unreachable.has(registry)))
    for (const id of cut) kernel.arrange(id, 'registry', { registry, reachable: true })
    return cut.length > 0
  },
})
