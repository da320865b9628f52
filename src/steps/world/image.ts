import { parse } from 'yaml'
import type { StepArgument } from '../../dsl/step-ast.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { readBehaviour } from '../../runtime-model/api/behaviour.ts'
import type { ScenarioContext } from '../context.ts'
import { pairsOf } from '../pairs.ts'

/** The behaviour that a doc string (YAML) or a table of key | value describes, or what is wrong with it. */
export function behaviourOf(argument: StepArgument): Readonly<Record<string, any>> | string {
  let described: Record<string, any>
  try {
    described = argument.table
      ? Object.fromEntries(pairsOf(argument).map(([key, value]) => [key.trim(), parse(value)]))
      : parse(argument.docString?.content ?? '') ?? {}
  } catch (error) { return `not YAML: ${(error as Error).message.split('\n')[0]}` }
  const { error } = readBehaviour(described)
  return error === undefined ? described : `the behaviour of an image: ${error}`
}

/** From now on, or from the start where the cluster is not there yet. */
function behaves(context: ScenarioContext, name: string, behaviour: object): void {
  if (context.started()) context.driver().image(name, behaviour)
  else context.atStart.push(driver => driver.image(name, behaviour))
}

const image = defineStep({
  id: 'image', kind: 'world', phrases: ['image {name}:'], parameters: { name: 'text' }, argument: 'table or docString',
  doc:
    'How the containers of an image behave, as YAML or as a table of key | value: pull, missing, size, start, startError, exit, listens (the ports, instead of those that are declared), http, exec, term, prints, cpu, memory, disk, processes. An undeclared image starts at once, is ready, answers 200 on every port that it declares or that a Service sends to, and runs for ever, unless the command of a container plainly says when it ends (`sleep 30; exit 1`).',
  examples: ['image "bookstore/catalog:dev":'],
  run(context, { name }, { argument }) {
    const behaviour = behaviourOf(argument)
    if (typeof behaviour === 'string') return { cannotRun: behaviour }
    behaves(context, name, behaviour)
  },
})
const missing = defineStep({
  id: 'image-missing', kind: 'world', phrases: ['image {name} does not exist', 'image {name} is missing', 'image {name} cannot be pulled'],
  parameters: { name: 'text' },
  doc: 'No registry has this image: who needs it ends in ErrImagePull and ImagePullBackOff, until `image "…":` says how it behaves.',
  examples: ['image "bookstore/catalog:broken" does not exist', 'image "bookstore/catalog:broken" cannot be pulled'],
  source: 'https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff',
  run(context, { name }) { behaves(context, name, { missing: true }) },
})
/** Adds to how an image behaves, as one sentence says it. */
type Behaviour = (args: Readonly<Record<string, any>>) => object
const behaving = (id: string, phrases: readonly string[], example: string, doc: string, behaviour: Behaviour): StepDefinition =>
  defineStep({
    id, kind: 'world', phrases, parameters: { name: 'text', time: 'duration', code: 'int' }, doc, examples: [example],
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states',
    run(context, { name, ...args }) { behaves(context, name, behaviour(args)) },
  })
const written = (ms: number): string => `${ms}ms`
const starting = behaving(
  'image-starts', ['image {name} takes {time} to start'], 'image "bookstore/catalog:slow" takes 20s to start',
  'Containers of this image are started so long after they were created. This is all that is said of the image: `image "…":` says more at once.',
  ({ time }) => ({ start: written(time) })
)
const exiting = behaving(
  'image-exits', ['image {name} exits/crashes with code {code} after {time}', 'image {name} exits with code {code}', 'image {name} crashes after {time}'],
  'image "bookstore/catalog:broken" exits with code 1 after 5 seconds',
  'Containers of this image end with this code (1 unless one is said), so long after they have started (1 s unless a time is said). This is all that is said of the image.',
  ({ time = 1000, code = 1 }) => ({ exit: { after: written(time), code } })
)
export const images: readonly StepDefinition[] = [image, missing, starting, exiting]
