import { parse } from 'yaml'
import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { misspeltField } from '../../assertions/predicates/fitting.ts'
import { referenceOf, resolveObject } from '../../assertions/subjects/index.ts'
import { line, say } from '../command.ts'
import { namedBy, namespaceFlag } from '../objects.ts'
import type { Named } from '../objects.ts'

const of = (named: Named): string => `${named.kind}/${named.name}`
const kubectl = 'https://kubernetes.io/docs/reference/kubectl/generated'

const scale = defineStep({
  id: 'scale', kind: 'action', phrases: [
    'I scale {what} to {replicas}', 'I scale {what} to {replicas} replica(s)', 'I scale {what} up/down to {replicas}',
    'I scale {what} up/down to {replicas} replica(s)', 'I scale up/down {what} to {replicas}', 'I scale up/down {what} to {replicas} replica(s)',
  ],
  parameters: { what: 'subject', replicas: 'int' },
  doc: 'Sets the number of replicas.', examples: ['I scale deployment catalog to 5', 'I scale deployment web/catalog to 0 replicas'],
  source: `${kubectl}/kubectl_scale/`,
  run(context, { what, replicas }) {
    const named = namedBy(context, what)
    return say(context, line('kubectl', 'scale', named.kind, named.name, `--replicas=${replicas}`, ...namespaceFlag(named)))
  },
})
const setImage = defineStep({
  id: 'set-image', kind: 'action', phrases: ['I set/update/change image of {what} to {image}', 'I update/upgrade {what} to image {image}', 'I roll out image {image} to/in {what}'],
  parameters: { what: 'subject', image: 'value' },
  doc: 'Gives the containers of a workload (or one of them) another image, which begins a rollout.',
  examples: ['I set image of deployment catalog to "bookstore/catalog:2"', 'I set image of container app in deployment catalog to "bookstore/catalog:2"'],
  source: `${kubectl}/kubectl_set/kubectl_set_image/`,
  run(context, { what, image }) {
    const named = namedBy(context, what)
    return say(context, line('kubectl', 'set', 'image', of(named), `${what.type === 'container' ? what.container : '*'}=${image}`, ...namespaceFlag(named)))
  },
})
const rollBack = defineStep({
  id: 'roll-back', kind: 'action', phrases: [
    'I roll back {what}', 'I roll back {what} to revision {revision}', 'I roll {what} back', 'I roll {what} back to revision {revision}',
    'I undo the rollout of {what}', 'I undo the rollout of {what} to revision {revision}',
  ],
  parameters: { what: 'subject', revision: 'int' },
  doc: 'Returns to the revision before, or to a named one.', examples: ['I roll back deployment catalog', 'I roll back deployment catalog to revision 1', 'I undo the rollout of deployment catalog'],
  source: `${kubectl}/kubectl_rollout/kubectl_rollout_undo/`,
  run(context, { what, revision }) {
    const named = namedBy(context, what)
    return say(context, line('kubectl', 'rollout', 'undo', of(named), ...(revision ? [`--to-revision=${revision}`] : []), ...namespaceFlag(named)))
  },
})
const rollout = (id: string, word: string, verb: string, doc: string): StepDefinition => defineStep({
  id, kind: 'action', phrases: [`I ${word} {what}`, ...(verb === 'pause' ? ['I pause {what}'] : [])], parameters: { what: 'subject' }, doc, examples: [`I ${word} deployment catalog`],
  source: `${kubectl}/kubectl_rollout/kubectl_rollout_${verb}/`,
  run(context, { what }) { const named = namedBy(context, what); return say(context, line('kubectl', 'rollout', verb, of(named), ...namespaceFlag(named))) },
})
const patch = defineStep({
  id: 'patch', kind: 'action', phrases: ['I patch {what}:', 'I merge-patch {what}:'], parameters: { what: 'subject' }, argument: 'docString',
  doc: 'Changes fields of an object: a strategic merge patch (a merge patch for custom resources), as YAML or JSON.',
  examples: ['I patch pod catalog:', 'I patch deployment catalog:'], source: `${kubectl}/kubectl_patch/`,
  run(context, { what }, { argument, text }) {
    const named = namedBy(context, what), document = patchOf(argument.docString?.content ?? '')
    if (typeof document === 'string') return { cannotRun: document }
    const misspelt = misspeltField(referenceOf(what, { driver: context.driver(), context }).ref.resource, document.patch)
    if (misspelt) return { cannotRun: misspelt }
    return say(
      context,
      line('kubectl', 'patch', named.kind, named.name, ...namespaceFlag(named), ...(text.startsWith('I merge') ? ['--type=merge'] : []), '-p', JSON.stringify(document.patch))
    )
  },
})
/** The patch, or what is wrong with it. */
function patchOf(text: string): { readonly patch: object } | string {
  let patch: unknown
  try { patch = parse(text) } catch (error) { return `the patch is not YAML: ${(error as Error).message.split('\n')[0]}` }
  return typeof patch === 'object' && patch !== null ? { patch } : 'a patch is a part of an object, as in `spec: { replicas: 3 }`'
}
const remember = defineStep({
  id: 'remember', kind: 'action', phrases: ['I remember {what} as {name}'], parameters: { what: 'subject', name: 'text' },
  doc: 'Keeps an object as it is now under a name: `has the same uid as $before` compares with it.', examples: ['I remember pod db-0 as "before"'],
  run(context, { what, name }) {
    const found = resolveObject(what, { driver: context.driver(), context })
    if (!found.object || !found.ref) return { failed: `there is no ${found.label} to remember` }
    const { kind, resource, namespace, name: objectName } = found.ref
    context.moments.set(name, found.object)
    context.bindings.set(name, { kind, resource, namespace, name: objectName, uid: found.object.metadata.uid, object: found.object })
  },
})

export const workloads: readonly StepDefinition[] = [
  scale, setImage, rollBack,
  rollout('restart', 'restart', 'restart', 'Replaces every pod of a workload by a fresh one, as a rollout.'),
  rollout('pause-rollout', 'pause the rollout of', 'pause', 'Stops a rollout where it is.'),
  rollout('resume-rollout', 'resume the rollout of', 'resume', 'Lets a paused rollout go on.'),
  patch, remember,
]
