import type { SubjectAst } from '../dsl/step-ast.ts'
import type { ScenarioContext } from './context.ts'
import { chosenOne } from './objects.ts'
import type { NotChosen } from './objects.ts'

/** The container of a sentence: `app` of a pod that is named, bound or chosen from a set. */
export function containerTarget(
  context: ScenarioContext, container: string, pod: SubjectAst
): { readonly namespace: string; readonly pod: string; readonly container: string } | NotChosen {
  const found = chosenOne(context, pod, 'has the container')
  if (!('type' in found)) return found
  const { object } = found
  const names = [...(object.spec?.initContainers ?? []), ...(object.spec?.containers ?? [])].map((c: any) => c.name)
  if (!names.includes(container)) return { failed: `pod ${object.metadata.name} has no container ${container} (it has ${names.join(', ') || 'none'})` }
  return { namespace: object.metadata.namespace, pod: object.metadata.name, container }
}
