import { parse } from 'yaml'
import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'
import { nodeIn } from '../objects.ts'
import { refusal } from '../outcome.ts'

const source = 'https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/', parameters = { file: 'text' } as const
type Args = Readonly<Record<string, any>>

/** Writes the file, as an editor on the machine would. What is no YAML is the author's mistake, not the cluster's. */
function put(context: ScenarioContext, { file, node }: Args, text: string): StepOutcome {
  let document: unknown
  try { document = parse(text) } catch (error) { return { cannotRun: `the manifest file ${file} is no YAML: ${(error as Error).message.split('\n')[0]}` } }
  if (document === null || document === undefined) return { cannotRun: `the manifest file ${file} is empty, so that the kubelet runs nothing from it` }
  return operate(context, { file, node: nodeIn(context, node), document })
}
function operate(context: ScenarioContext, args: Args): StepOutcome {
  const why = context.driver().operate('put-manifest', args)
  return why ? refusal(why) : undefined
}

const inline = defineStep({
  id: 'put-manifest-inline', kind: 'action', phrases: ['I put (the) manifest file {file} on {node}:', 'I change (the) manifest file {file} on {node}:'],
  argument: 'docString', parameters, source,
  doc: 'Writes a file into /etc/kubernetes/manifests of a node, in place of one of this name: its kubelet runs the static pod that it describes.',
  examples: ['I put the manifest file "web.yaml" on node worker-1:', 'I change the manifest file "web.yaml" on node worker-1:'],
  run: (context, args, { argument }) => put(context, args, argument.docString?.content ?? ''),
})
const copied = defineStep({
  id: 'put-manifest', kind: 'action', phrases: ['I put (the) manifest file {file} on {node}'], parameters, source,
  doc: 'Copies a file beside the feature file, or under --manifests, into /etc/kubernetes/manifests of a node.',
  examples: ['I put the manifest file "manifests/static-web.yaml" on node worker-1'],
  run(context, args) {
    const text = context.readFile(args.file)
    return text === undefined ? { cannotRun: `there is no file ${args.file}` } : put(context, { ...args, file: args.file.replace(/^.*\//, '') }, text)
  },
})
const remove = defineStep({
  id: 'remove-manifest', kind: 'action', phrases: ['I remove (the) manifest file {file} from {node}'], parameters, source,
  doc: 'Removes a file from /etc/kubernetes/manifests of a node: its kubelet ends the static pod, and then its mirror.',
  examples: ['I remove the manifest file "web.yaml" from node worker-1'],
  run: (context, { file, node }) => operate(context, { file, node: nodeIn(context, node), remove: true }),
})
export const staticPods: readonly StepDefinition[] = [inline, copied, remove]
