import { quoteWord } from '../base/command-words.ts'
import type { CommandEnvironment, CommandOutcome } from '../clients/index.ts'
import { silence } from '../assertions/stages.ts'
import type { StepOutcome } from '../extension.ts'
import { isOk } from '../runtime-model/api/request.ts'
import { registry, storageName } from '../runtime-model/kinds/index.ts'
import type { Binding, ScenarioContext } from './context.ts'
import { stuckInVain } from './waited.ts'
import { keepCommand, readAndKeep } from '../assertions/said.ts'

/** What a command line of this scenario runs in. */
export const environmentOf = (context: ScenarioContext, stdin?: string): CommandEnvironment => ({
  driver: context.driver(), credentials: context.credentials, namespace: context.namespace, readFile: path => readAndKeep(context, path),
  listFiles: context.listFiles,
  stdin,
  useNamespace: name => { context.namespace = name },
  binding: name => context.bindings.get(name), commandMs: context.commandMs,
})

export interface Saying {
  /** what `-f -` reads */
  readonly stdin?: string
  /** `as "name"` behind the action: what was made is bound */
  readonly bind?: string
}

/** Says a command line, as a person at a terminal would: its outcome is `the last command`, its last request `the last request`. */
export async function say(context: ScenarioContext, line: string, { stdin, bind }: Saying = {}): Promise<StepOutcome> {
  const { runCommandLine } = await import('../clients/index.ts')
  const outcome = await runCommandLine(line, environmentOf(context, stdin))
  remember(context, outcome)
  keepCommand(context, `${line}\n${stdin ?? ''}`)
  if (bind !== undefined) {
    const made = bindingOf(outcome)
    if (made) context.bindings.set(bind, made)
    else if (outcome.code === 0) return { cannotRun: `\`as "${bind}"\` binds what a step made or chose, and \`${line}\` made nothing` }
  }
  return failureOf(outcome, context)
}

function remember(context: ScenarioContext, outcome: CommandOutcome): void {
  context.lastCommand = outcome
  context.commands.push(outcome)
  context.lastRequest = outcome.requests.at(-1)
}

/** A command that ends with another code than 0 is a failure, in its own words; if no API server answered, with what has failed. */
export function failureOf(
  { command, code, stdout, stderr, requests }: CommandOutcome & { readonly requests?: readonly { readonly response: { readonly code: number } }[] },
  context?: ScenarioContext, line = command
): StepOutcome {
  if (code === 0) return undefined
  const said = (stderr || stdout).trim().split('\n'), unanswered = requests?.some(r => r.response.code === 0 || r.response.code >= 500)
  return {
    failed: `\`${shortened(line)}\` ended with ${code}: ${said[0] || 'and said nothing'}`, notes: [...new Set(said.slice(1))].filter(l => l !== said[0]).slice(0, 5),
    ...(!context ? {} : unanswered ? silence(context.driver()) : stuckInVain(command, stderr, context)),
  }
}
const shortened = (command: string): string => command.length > 100 ? `${command.slice(0, 97)}…` : command

/** The object that the last writing request of a command made, changed or deleted. */
function bindingOf(outcome: CommandOutcome): Binding | undefined {
  const written = outcome.requests.filter(r => /^(create|patch|update|delete) /.test(r.what) && isOk(r.response) && r.response.body?.metadata?.name)
  const object = written.at(-1)?.response.body
  return object && bindingTo(object)
}

export function bindingTo(object: any): Binding | undefined {
  const [group, kind] = [object.apiVersion?.includes('/') ? object.apiVersion.split('/')[0] : '', object.kind]
  const definition = registry.byGroupKind(group, kind)
  const resource = definition ? storageName(definition.group, definition.resource) : kind?.toLowerCase()
  const { name, namespace, uid } = object.metadata
  return { kind, resource, name, uid, object, ...(namespace ? { namespace } : {}) }
}

/** Words of a command line, quoted as a shell needs them; undefined ones are left out. */
export const line = (...words: readonly (string | undefined)[]): string => words.filter(w => w !== undefined).map(w => quoteWord(w!)).join(' ')
