import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { bindingTo, line, say } from '../command.ts'
import { chosen, isFailure, namedBy, namespaceFlag } from '../objects.ts'
import { lowerKind } from '../../assertions/subjects/index.ts'

const remove = defineStep({
  id: 'delete', kind: 'action', phrases: ['I delete {what}', 'I delete {what} by force'], parameters: { what: 'any-subject' },
  doc: 'Deletes what is named, or one (or some) of a set; returns as soon as the API server has answered. `as "NAME"` binds what was deleted.',
  examples: ['I delete pod catalog', 'I delete a pod of deployment catalog as "victim"', 'I delete pods labelled app=demo', 'I delete pod db-0 by force'],
  source: 'https://kubernetes.io/docs/reference/kubectl/generated/kubectl_delete/',
  async run(context, { what }, { ast, text }) {
    const how = ['--wait=false', ...(/ by force\b/.test(text) ? ['--grace-period=0', '--force'] : [])]
    // one object is left to the API server, which may say that there is none
    if (what.type === 'object' && !ast.bind) {
      return say(context, line('kubectl', 'delete', what.kind, what.name, ...namespaceFlag(namedBy(context, what)), ...how))
    }
    const found = chosen(context, what)
    if (isFailure(found)) return found
    if (ast.bind && found.length > 1) return { cannotRun: `\`as "${ast.bind}"\` is the name of one object, and ${found.length} are meant` }
    const bound = found[0] && bindingTo({ apiVersion: found[0].ref?.group ? `${found[0].ref.group}/v1` : 'v1', kind: found[0].ref?.kind, ...found[0].object })
    if (ast.bind && bound) context.bindings.set(ast.bind, bound)
    for (const namespace of new Set(found.map(f => f.ref?.namespace))) {
      const names = found.filter(f => f.ref?.namespace === namespace).map(f => f.ref!.name)
      const failed = await say(
        context,
        line('kubectl', 'delete', lowerKind(found[0].ref!), ...names, ...(namespace && namespace !== context.namespace ? ['-n', namespace] : []), ...how)
      )
      if (failed) return failed
    }
  },
})
export const deletions: readonly StepDefinition[] = [remove]
