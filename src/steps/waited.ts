import { nodeInTrouble } from '../assertions/node-stage.ts'
import { diagnose } from '../assertions/stages.ts'
import type { Diagnosis } from '../assertions/stages.ts'
import { resolveObject } from '../assertions/subjects/index.ts'
import { registry } from '../runtime-model/kinds/index.ts'
import type { ScenarioContext } from './context.ts'

/** `kubectl wait`, `delete` and `rollout status` that have timed out: where what they waited for has got stuck, if anybody can tell. */
export function stuckInVain(command: string, printed: string, context: ScenarioContext): Pick<Diagnosis, 'why' | 'atFault'> | undefined {
  const [kind, name] = waitedFor(command, printed) ?? []
  if (kind === undefined || name === undefined || !registry.find(kind)) return undefined
  const [, namespace = context.namespace] = /(?:\s-n|--namespace)[\s=]+"?([\w-]+)/.exec(command) ?? [], span = { start: 0, end: 0 }
  const place = { driver: context.driver(), context }
  const subject = resolveObject({ type: 'object', kind, name, namespace, span }, place)
  if (subject.ref?.resource === 'nodes') return subject.object && nodeInTrouble(subject.object, place)
  const stuck = diagnose(subject, place)
  return stuck && { why: stuck.why, ...(stuck.atFault === undefined ? {} : { atFault: stuck.atFault }) }
}

/** Kind and name: in the words of `kubectl wait`, or as `rollout status` was asked for them. */
function waitedFor(command: string, printed: string): readonly [kind: string, name: string] | undefined {
  if (!printed.includes('timed out waiting for the condition')) return undefined
  const said = /timed out waiting for the condition on ([\w.]+)\/([\w.-]+)/.exec(printed) ?? /\brollout status (?:-\S+ )*"?([a-z.]+)[/ ]([\w.-]+)/.exec(command)
  return said ? [said[1], said[2]] : undefined
}
