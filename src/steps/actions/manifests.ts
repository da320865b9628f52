import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { line, say } from '../command.ts'

/** apply, create, replace: from a file beside the feature, or with the YAML below the step. */
const fromFile = (verb: string, doc: string, source: string): StepDefinition => defineStep({
  id: verb, kind: 'action', phrases: [`I ${verb} {file}`, `I ${verb} manifest/file {file}`, `I ${verb} {file} in namespace {namespace}`],
  parameters: { file: 'text' }, doc: `${doc} A file beside the feature file, under --manifests, or a folder of them.`,
  examples: [`I ${verb} "manifests/catalog-pod.yaml"`], source,
  run: (context, { file, namespace }, { ast }) => say(context, line('kubectl', verb, '-f', file, ...(namespace ? ['-n', namespace] : [])), { bind: ast.bind }),
})
const inline = (verb: string, doc: string, source: string): StepDefinition => defineStep({
  id: `${verb}-inline`, kind: 'action', argument: 'docString',
  phrases: [
    `I ${verb}:`, `I ${verb} the following:`, `I ${verb} the (following) manifest(s):`,
    ...(verb === 'apply' ? ['the (following) manifest(s) is/are applied:', 'this manifest is applied:', 'these manifests are applied:'] : []),
  ],
  doc: `${doc} One or several documents of YAML.`,
  examples: [`I ${verb}:`, ...(verb === 'apply' ? ['the following manifest is applied:', 'these manifests are applied:'] : [])], source,
  run: (context, _args, { argument, ast }) => say(context, `kubectl ${verb} -f -`, { stdin: argument.docString?.content ?? '', bind: ast.bind }),
})
const reference = (verb: string): string => `https://kubernetes.io/docs/reference/kubectl/generated/kubectl_${verb}/`
const all: readonly (readonly [string, string])[] = [
  ['apply', 'Declares objects with `kubectl apply`.'],
  ['create', 'Creates objects with `kubectl create`: what exists already is refused.'],
  ['replace', 'Replaces objects with `kubectl replace`: what does not exist is refused.'],
]
const namespace = defineStep({
  id: 'create-namespace', kind: 'action', phrases: ['I create namespace {name}'], parameters: { name: 'namespace' },
  doc: 'Creates a namespace; the current one stays what it was.', examples: ['I create namespace shop'],
  source: reference('create'), run: (context, { name }, { ast }) => say(context, line('kubectl', 'create', 'namespace', name), { bind: ast.bind }),
})
const deployment = defineStep({
  id: 'create-deployment', kind: 'action',
  phrases: [
    'I create deployment {name} with {replicas} replica(s) of image {image}', 'I create deployment {name} of image {image}',
    'I create deployment {name} with image {image}',
  ],
  parameters: { name: 'namespace', replicas: 'int', image: 'text' },
  doc: 'Creates a Deployment with label app=NAME, as `kubectl create deployment` does.',
  examples: ['I create deployment demo with 3 replicas of image "registry.k8s.io/pause:3.9"'], source: reference('create'),
  run: (context, { name, replicas, image }, { ast }) => say(
    context, line('kubectl', 'create', 'deployment', name, `--image=${image}`, ...(replicas === undefined ? [] : [`--replicas=${replicas}`])),
    { bind: ast.bind }
  ),
})
const pod = defineStep({
  id: 'create-pod', kind: 'action', phrases: ['I create pod {name} of image {image}', 'I create pod {name} with image {image}'],
  parameters: { name: 'namespace', image: 'text' }, doc: 'Creates a Pod with label run=NAME and one container of its name, as `kubectl run` does.',
  examples: ['I create pod client of image "busybox"'], source: reference('run'),
  run: (context, { name, image }, { ast }) => say(context, line('kubectl', 'run', name, `--image=${image}`), { bind: ast.bind }),
})
export const manifests: readonly StepDefinition[] = [
  ...all.flatMap(([verb, doc]) => [fromFile(verb, doc, reference(verb)), inline(verb, doc, reference(verb))]), namespace, deployment, pod,
]
