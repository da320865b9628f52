import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import { say } from '../command.ts'
import type { ScenarioContext } from '../context.ts'

/** The lines of a doc string that hold a command; `#` begins a comment, a `\` at the end goes on in the next line. */
export const commandLines = (text: string): readonly string[] =>
  text.replace(/\s*\\\r?\n\s*/g, ' ').split(/\r?\n/).map(l => l.trim()).filter(l => l !== '' && !l.startsWith('#'))

const run = defineStep({
  id: 'run', kind: 'action', phrases: ['I run {command}'], parameters: { command: 'text' },
  doc: 'A command line, kubectl, etcdctl, etcdutl, or curl of a port that kubectl forwards, interpreted against the cluster and printing what the real one prints. Nothing is handed to a shell.',
  examples: ['I run "kubectl create deployment demo --image=registry.k8s.io/pause:3.9 --replicas=3"', 'as user "ana" I run "kubectl get pods"'],
  source: 'https://kubernetes.io/docs/reference/kubectl/',
  run: (context, { command }, { ast }) => say(context, command, { bind: ast.bind }),
})
const runAll = defineStep({
  id: 'run-lines', kind: 'action', phrases: ['I run:', 'I run the (following) command(s):'], argument: 'docString',
  doc: 'Several command lines, one after the other; the first that fails is the failure of the step.',
  examples: ['I run:'],
  async run(context, _args, { argument, ast }) {
    const lines = commandLines(argument.docString?.content ?? '')
    if (lines.length === 0) return { cannotRun: 'no line below this step holds a command' }
    let failed: StepOutcome = undefined
    for (const command of lines) failed = (await sayEvenSo(context, command, ast.bind)) ?? failed
    return failed
  },
})

const runWithInput = defineStep({
  id: 'run-with-input', kind: 'action', phrases: ['I run {command} with (the/this) input:'], parameters: { command: 'text' }, argument: 'docString',
  doc: 'A command line that reads what stands below it: `kubectl apply -f -`, `etcdctl txn`.',
  examples: ['I run "etcdctl txn" with input:', 'I run "kubectl create -f -" with this input:'],
  source: 'https://kubernetes.io/docs/reference/kubectl/',
  run: (context, { command }, { argument, ast }) => say(context, command, { stdin: `${argument.docString?.content ?? ''}\n`, bind: ast.bind }),
})

/** A line that the model cannot follow makes the step inconclusive; the lines behind it are run all the same. */
async function sayEvenSo(context: ScenarioContext, command: string, bind: string | undefined): Promise<StepOutcome> {
  const atMs = context.driver().now()
  try { return await say(context, command, { bind }) } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NotModelled') throw error
    context.commands.push((context.lastCommand = { command, stdout: '', stderr: `not modelled: ${error.message}\n`, code: 1, atMs }))
    return { notModelled: error.message }
  }
}
export const commands: readonly StepDefinition[] = [run, runAll, runWithInput]
