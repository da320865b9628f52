import type { ScenarioContext } from '../steps/context.ts'

/** under this name the context keeps the texts of files that commands have read */
const files = 'files-said'

/** Texts of the files that the scenario's commands have read so far: what they name, the scenario has spoken of. */
export const filesSaid = ({ kept }: ScenarioContext): readonly string[] => kept.get(files) as readonly string[] | undefined ?? []

const commands = 'commands-said'
/** Keeps in mind what a command line says, and what it reads from a step. */
export function keepCommand(context: ScenarioContext, text: string): void {
  context.kept.set(commands, [...context.kept.get(commands) as readonly string[] | undefined ?? [], text])
}
/** Does a command of the scenario, or what it has read, say this word? */
export const isSaid = (context: ScenarioContext, word: string): boolean =>
  [...filesSaid(context), ...context.kept.get(commands) as readonly string[] | undefined ?? []].some(text => text.split(/[^\w-]+/).includes(word))

/** Reads a file for a command, and keeps in mind what it says. */
export function readAndKeep(context: ScenarioContext, path: string): string | undefined {
  const text = context.readFile(path)
  if (text !== undefined && !filesSaid(context).includes(text)) context.kept.set(files, [...filesSaid(context), text])
  return text
}
