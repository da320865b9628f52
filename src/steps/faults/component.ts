import type { ComponentSubject } from '../../dsl/step-ast.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { faultFamily, forSoLong, healFault, injectFault } from './family.ts'

const parameters = { component: 'component' } as const
const source = 'https://kubernetes.io/docs/concepts/overview/components/'

type Args = Readonly<Record<string, any>>
/** The processes that are meant; on a managed cluster and of unknown ones the model says why there are none. */
const argsOf = (_context: ScenarioContext, { component }: Args): Args => {
  const { component: name, node, member } = component as ComponentSubject
  return { component: name, ...(node ? { node } : {}), ...(member ? { member } : {}) }
}

const down = defineStep({
  id: 'component-down', kind: 'fault', phrases: ['{component} goes/go down', '{component} stops/stop'].flatMap(forSoLong), parameters, source,
  doc:
    'A component, every replica of it or the named one, ends and stays down until it comes back, by itself if it is said for how long. The control plane: every component on every control-plane node. A kubelet that stops leaves its containers running.',
  examples: [
    'the control plane goes down', 'kube-scheduler goes down', 'the kubelet on worker-1 stops', 'etcd member etcd-2 goes down',
    'kube-apiserver on cp-1 goes down', 'the control plane goes down for 45 minutes',
  ],
  run: (context, args) => injectFault(context, 'component-down', argsOf(context, args), undefined, args.duration),
})
const back = defineStep({
  id: 'component-back', kind: 'fault',
  phrases: ['{component} comes/come back', '{component} starts/start', '{component} starts/start again', '{component} comes/come back up'], parameters, source,
  doc: 'What went down starts again, whatever took it down.',
  examples: ['the control plane comes back', 'kube-scheduler comes back', 'the kubelet on worker-1 starts', 'etcd member etcd-1 comes back'],
  run: (context, args) => healFault(context, ['component-down'], argsOf(context, args)),
})
const crash = defineStep({
  id: 'component-crash', kind: 'fault', phrases: ['{component} crashes/crash'], parameters, source,
  doc: 'A component ends; its supervisor starts it again after a second, then after 10 s, 20 s …', examples: ['kube-controller-manager crashes'],
  run: (context, args) => injectFault(context, 'component-crash', argsOf(context, args)),
})
const hang = faultFamily({
  id: 'component-hang', fault: 'component-hang', parameters, source,
  doc:
    'A component is frozen: it keeps its connections and answers nothing until it resumes. What a kubelet runs of the control plane, its liveness probe ends after two and a half minutes, and it is started again; then there is nothing left to resume.',
  inject: ['{component} hangs/hang'], heal: ['{component} resumes/resume'],
  examples: { inject: ['kube-apiserver hangs'], heal: ['kube-apiserver resumes'] }, args: argsOf,
})
export const componentFaults: readonly StepDefinition[] = [down, back, crash, ...hang]
