import type { ComponentSubject } from '../../dsl/step-ast.ts'
import type { StepDefinition } from '../../extension.ts'
import { faultFamily } from './family.ts'

const requests = 'https://kubernetes.io/docs/reference/using-api/api-concepts/', watches = `${requests}#efficient-detection-of-changes`
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
export const requestFaults: readonly StepDefinition[] = [...delay, ...fail, ...watchDelay, ...watchDrop, ...registry]
