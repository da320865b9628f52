import type { SubjectAst } from '../dsl/step-ast.ts'
import type { ScenarioContext } from './context.ts'
import { chosen, isFailure } from './objects.ts'

/** The container of a sentence: `app` of a pod that is named, bound or chosen from a set. */
export function containerTarget(
  context: ScenarioContext, container: string, pod: SubjectAst
): { readonly namespace: string; readonly pod: string; readonly container: string } | { readonly failed: string } {
  const found = chosen(context, pod)
  if (isFailure(found)) return found
  const [{ object }] = found
  const names = [...(object.spec?.initContainers ?? []), ...(object.spec?.containers ?? [])].map((c: any) => c.name)
  if (!names.includes(container)) return { failed: `pod ${object.metadata.name} has no container ${container} (it has ${names.join(', ') || 'none'})` }
  return { namespace: object.metadata.namespace, pod: object.metadata.name, container }
}
