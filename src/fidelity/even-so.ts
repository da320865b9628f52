import type { PlannedStep } from '../runner/plan.ts'
import type { ScenarioContext } from '../steps/context.ts'

/**
 * A step with a command line that this language refuses is no step, yet the recorder ran it, and the lines around it: each that is known is run,
 * and what is said to the others is what kubectl says to flags that it does not know.
 */
export async function runEvenSo(
  step: PlannedStep, context: ScenarioContext, runCommand: (context: ScenarioContext, command: string) => Promise<any>
): Promise<void> {
  context.commands = []
  for (const command of linesOf(step)) {
    const atMs = context.driver().now()
    try { context.commands.push(context.lastCommand = await runCommand(context, command)) } catch (error) {
      if (!(error instanceof Error) || !['CannotRun', 'NotModelled'].includes(error.name)) throw error
      context.commands.push(context.lastCommand = { command, atMs, stdout: '', stderr: refusal(error.message), code: 1 })
    }
  }
}

const linesOf = (step: PlannedStep): readonly string[] => {
  const single = /^I run "(.*)"$/.exec(step.text)
  return single
    ? [single[1].replaceAll('\\"', '"')]
    : (step.argument.docString?.content ?? '').split('\n').map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#'))
}

/** Source: spf13/cobra and pflag, as `kubectl` prints what they say. */
function refusal(message: string): string {
  const [, verb, flag] = /^(kubectl [^`]*?) has no flag `?(--?[\w-]+)/.exec(message) ?? []
  return verb ? `error: unknown flag: ${flag}\nSee '${verb} --help' for usage.\n` : `error: ${message}\n`
}
