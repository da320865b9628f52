import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { containerTarget } from '../containers.ts'
import type { ScenarioContext } from '../context.ts'
import { faultFamily, injectFault } from './family.ts'

const parameters = { container: 'namespace', pod: 'any-subject' } as const
const args = (context: ScenarioContext, given: Readonly<Record<string, any>>): Readonly<Record<string, any>> =>
  containerTarget(context, given.container, given.pod)
const source = 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restarts'

const crash = defineStep({
  id: 'container-crash', kind: 'fault', phrases: ['container {container} in/of {pod} crashes'], parameters, source,
  doc: 'The main process of the container ends with exit code 1.',
  examples: ['container app in pod catalog crashes', 'container app in a pod of deployment orders crashes', 'container app of pod catalog crashes'],
  run: (context, given, { ast }) => injectFault(context, 'container-crash', args(context, given), ast.bind),
})
const oom = defineStep({
  id: 'container-oom', kind: 'fault', phrases: ['container {container} in/of {pod} is OOM killed', 'container {container} in/of {pod} runs out of memory'],
  parameters,
  source: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run',
  doc: 'The kernel of the node kills the container: it used more memory than its limit (exit code 137, OOMKilled).',
  examples: ['container app in pod catalog is OOM killed'],
  run: (context, given, { ast }) => injectFault(context, 'container-oom', args(context, given), ast.bind),
})
const hang = faultFamily({
  id: 'container-hang', fault: 'container-hang', parameters, source, doc: 'The container runs and answers nothing, neither requests nor probes.',
  inject: ['container {container} in/of {pod} hangs'], heal: ['container {container} in/of {pod} resumes'],
  examples: { inject: ['container app in pod catalog hangs'], heal: ['container app in pod catalog resumes'] }, args,
})
export const containerFaults: readonly StepDefinition[] = [crash, oom, ...hang]
