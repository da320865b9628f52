import { parse } from 'yaml'
import { parseDuration } from '../../base/duration.ts'
import type { StepArgument } from '../../dsl/step-ast.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'

const keys = ['image', 'pull', 'missing', 'start', 'startError', 'exit', 'http', 'exec', 'term']

/** The behaviour that a doc string (YAML) or a table of key | value describes, or what is wrong with it. */
export function behaviourOf(argument: StepArgument): Readonly<Record<string, any>> | string {
  let described: Record<string, any>
  try {
    described = argument.table
      ? Object.fromEntries(argument.table.map(([key, value]) => [key.trim(), parse(value)]))
      : parse(argument.docString?.content ?? '') ?? {}
  } catch (error) { return `not YAML: ${(error as Error).message.split('\n')[0]}` }
  if (typeof described !== 'object' || Array.isArray(described)) return 'a behaviour is a mapping: exit, http, exec, term …'
  const unknown = Object.keys(described).find(k => !keys.includes(k))
  if (unknown) return `a container has no behaviour ${unknown}; there are ${keys.join(', ')}`
  for (const [what, value] of durationsIn(described)) {
    if (parseDuration(String(value)) === undefined) return `${what}: ${value} is no duration, as 20s or 1m30s is`
  }
  return described
}

const durationsIn = (b: Record<string, any>): [string, unknown][] => [
  ['pull', b.pull], ['start', b.start], ['exit.after', b.exit?.after], ['term.after', b.term?.after],
  ...[...(b.http ?? []), ...(b.exec ?? [])].map((row: any): [string, unknown] => ['from', row?.from]),
].filter((pair): pair is [string, unknown] => pair[1] !== undefined)

const image = defineStep({
  id: 'image', kind: 'world', phrases: ['image {name}:'], parameters: { name: 'text' }, argument: 'table or docString',
  doc:
    'How the containers of an image behave, as YAML or as a table of key | value: pull, missing, start, startError, exit, http, exec, term, memory, disk, processes. An undeclared image starts at once, is ready, answers 200 and runs for ever.',
  examples: ['image "bookstore/catalog:dev":'],
  run(context, { name }, { argument }) {
    const behaviour = behaviourOf(argument)
    if (typeof behaviour === 'string') return { cannotRun: behaviour }
    if (context.started()) context.driver().image(name, behaviour)
    else context.atStart.push(driver => driver.image(name, behaviour))
  },
})
export const images: readonly StepDefinition[] = [image]
