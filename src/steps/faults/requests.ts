import type { ComponentSubject } from '../../dsl/step-ast.ts'
import type { StepDefinition } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { faultFamily } from './family.ts'

const requests = 'https://kubernetes.io/docs/reference/using-api/api-concepts/', watches = `${requests}#efficient-detection-of-changes`
const groupsOf = (context: ScenarioContext, user: string): readonly string[] | undefined => {
  const [, , namespace] = user.startsWith('system:serviceaccount:') ? user.split(':') : []
  return namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : context.users.get(user)
}
const component = (args: Readonly<Record<string, any>>): string => (args.component as ComponentSubject).component

const delay = faultFamily({
  id: 'api-delay', fault: 'api-delay', source: requests, parameters: { delay: 'duration', time: 'duration' },
  doc: 'Every request to kube-apiserver takes so much longer, until they are no longer delayed or for as long as is said.',
  inject: [
    'requests to kube-apiserver are delayed by {delay}', 'requests to kube-apiserver are delayed by {delay} for {time}',
    'requests to the API server are delayed by {delay}', 'requests to the API server are delayed by {delay} for {time}',
  ],
  heal: ['requests to kube-apiserver are no longer delayed', 'requests to the API server are no longer delayed'],
  examples: {
    inject: ['requests to kube-apiserver are delayed by 2s', 'requests to kube-apiserver are delayed by 2s for 1m'],
    heal: ['requests to kube-apiserver are no longer delayed'],
  },
  args: (_context, args) => ({ delayMs: args.delay, ...(args.time ? { forMs: args.time } : {}) }),
})
const fail = faultFamily({
  id: 'api-fail', fault: 'api-fail', source: requests, parameters: { code: 'int', time: 'duration' },
  doc: 'Every request to kube-apiserver is answered with this HTTP code before it gets there.',
  inject: [
    'requests to kube-apiserver fail with {code}', 'requests to kube-apiserver fail with {code} for {time}', 'requests to the API server fail with {code}',
    'requests to the API server fail with {code} for {time}',
  ],
  heal: ['requests to kube-apiserver no longer fail', 'requests to the API server no longer fail'],
  examples: {
    inject: ['requests to kube-apiserver fail with 503 for 30s', 'requests to kube-apiserver fail with 503'],
    heal: ['requests to kube-apiserver no longer fail'],
  },
  args: (_context, args) => ({ code: args.code, ...(args.time ? { forMs: args.time } : {}) }),
})
const flood = faultFamily({
  id: 'api-flood', fault: 'api-flood', source: 'https://kubernetes.io/docs/concepts/cluster-administration/flow-control/',
  parameters: { user: 'text', count: 'int', time: 'duration' },
  doc:
    'Clients of this user, each as impatient as the next, send so many requests per second to the API servers (lists of all pods), which take that long to be answered. API Priority and Fairness gives the user the seats of its priority level, lets some wait and refuses the others with 429 Too Many Requests; everybody else has their turn. A service account is a user too: `user "system:serviceaccount:default:robot"`.',
  inject: ['user {user} floods the API servers with {count} requests per second that take {time}'],
  heal: ['user {user} no longer floods the API servers'],
  examples: {
    inject: ['user "ci-bot" floods the API servers with 2000 requests per second that take 1s'], heal: ['user "ci-bot" no longer floods the API servers'],
  },
  args(context, { user, count, time }) {
    const groups = groupsOf(context, user)
    return groups ? { user, groups, perSecond: count, takesMs: time } : { cannotRun: `no earlier step declares a user \`${user}\`` }
  },
})
const watchDelay = faultFamily({
  id: 'watch-delay', fault: 'watch-delay', source: watches, parameters: { component: 'component', delay: 'duration' },
  doc: 'What watches tell a component arrives so much later, in order.',
  inject: ['watch events to {component} are delayed by {delay}'], heal: ['watch events to {component} are no longer delayed'],
  examples: { inject: ['watch events to kube-scheduler are delayed by 10s'], heal: ['watch events to kube-scheduler are no longer delayed'] },
  args: (_context, args) => ({ component: component(args), delayMs: args.delay }),
})
const watchDrop = faultFamily({
  id: 'watch-drop', fault: 'watch-drop', source: watches, parameters: { component: 'component' },
  doc: 'What watches tell a component is lost on the way; it notices when its streams are opened anew.',
  inject: ['watch events to {component} are dropped'], heal: ['watch events to {component} are no longer dropped'],
  examples: { inject: ['watch events to kube-scheduler are dropped'], heal: ['watch events to kube-scheduler are no longer dropped'] },
  args: (_context, args) => ({ component: component(args) }),
})
const registry = faultFamily({
  id: 'registry-unreachable', fault: 'registry-unreachable', source: 'https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff',
  parameters: { registry: 'text' }, doc: 'No node can pull from this image registry.',
  inject: ['(image) registry {registry} is unreachable'], heal: ['(image) registry {registry} is reachable', '(image) registry {registry} is reachable again'],
  examples: { inject: ['image registry "registry.k8s.io" is unreachable'], heal: ['image registry "registry.k8s.io" is reachable again'] },
  args: (_context, args) => ({ registry: args.registry }),
})
export const requestFaults: readonly StepDefinition[] = [...delay, ...fail, ...flood, ...watchDelay, ...watchDrop, ...registry]
