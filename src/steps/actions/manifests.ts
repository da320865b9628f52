import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { line, say } from '../command.ts'

/** apply, create, replace: from a file beside the feature, or with the YAML below the step. */
const fromFile = (verb: string, doc: string, source: string): StepDefinition => defineStep({
  id: verb, kind: 'action', phrases: [`I ${verb} {file}`], parameters: { file: 'text' }, doc: `${doc} A file beside the feature file, under --manifests, or a folder of them.`,
  examples: [`I ${verb} "manifests/catalog-pod.yaml"`], source,
  run: (context, { file }, { ast }) => say(context, line('kubectl', verb, '-f', file), { bind: ast.bind }),
})
const inline = (verb: string, doc: string, source: string): StepDefinition => defineStep({
  id: `${verb}-inline`, kind: 'action', phrases: [`I ${verb}:`], argument: 'docString', doc: `${doc} One or several documents of YAML.`, examples: [`I ${verb}:`], source,
  run: (context, _args, { argument, ast }) => say(context, `kubectl ${verb} -f -`, { stdin: argument.docString?.content ?? '', bind: ast.bind }),
})
const reference = (verb: string): string => `https://kubernetes.io/docs/reference/kubectl/generated/kubectl_${verb}/`
const all: readonly (readonly [string, string])[] = [
  ['apply', 'Declares objects with `kubectl apply`.'],
  ['create', 'Creates objects with `kubectl create`: what exists already is refused.'],
  ['replace', 'Replaces objects with `kubectl replace`: what does not exist is refused.'],
]
export const manifests: readonly StepDefinition[] = all.flatMap(([verb, doc]) => [fromFile(verb, doc, reference(verb)), inline(verb, doc, reference(verb))])
