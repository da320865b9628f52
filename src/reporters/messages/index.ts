import type { DefinitionsRead, FeatureRead, RunnerEvent, ScenarioFinished } from '../../runner/events.ts'
import type { Output, Write } from '../reporter.ts'
import { caseEnvelopes } from './case.ts'
import { createIds, renumbered } from './ids.ts'
import { startRun, timestamp } from './run.ts'
import type { Envelope, Run } from './run.ts'

type Pickle = FeatureRead['pickles'][number]

/**
 * Cucumber's messages as NDJSON (github.com/cucumber/messages): what every formatter and service made for Cucumber reads. Times are
 * virtual and ids are counted, so that two runs of one seed give the same bytes. Inconclusive is PENDING, vacuous is FAILED.
 */
export function openMessages(out: Output): Write {
  let lines = ''
  const emit = (envelope: Envelope): void => { lines += JSON.stringify(envelope) + '\n' }
  const ids = createIds(), pickles = new Map<string, readonly Pickle[]>()
  let run: Run | undefined, own: Pick<DefinitionsRead, 'steps' | 'parameterTypes'> = { steps: [], parameterTypes: [] }
  const begin = (): Run => run ??= startRun(ids.newId, emit, own)
  const tell = (event: RunnerEvent): void => {
    switch (event.type) {
      case 'runStarted': emit(meta(event.version)); break
      case 'definitionsRead': own = event; break
      case 'featureRead': {
        emit({ source: { uri: event.file, data: event.text, mediaType: 'text/x.cucumber.gherkin+plain' } })
        if (!event.document) break
        const nodes = ids.block()
        emit({ gherkinDocument: { uri: event.file, ...renumbered(event.document, nodes) } })
        pickles.set(event.file, renumbered(event.pickles, ids.block(), nodes))
        break
      }
      case 'diagnostics':
        for (const { severity, file, line, column, message } of event.diagnostics) {
          if (severity === 'error') emit({ parseError: { source: { uri: file, location: { line, column } }, message } })
        }
        break
      case 'scenarioFinished': {
        const pickle = pickleOf(event, pickles)
        if (!pickle) break
        emit({ pickle })
        caseEnvelopes(event, pickle, begin())
        begin().clockMs += event.virtualMs
        break
      }
      case 'runFinished': {
        const { clockMs, testRunStartedId } = begin(), { exitCode, reason } = event.summary
        emit({ testRunFinished: { testRunStartedId, success: exitCode === 0, timestamp: timestamp(clockMs), ...(reason ? { message: reason } : {}) } })
      }
    }
  }
  return event => { tell(event); if (lines) { out.write(lines); lines = '' } }
}

const pickleOf = ({ scenario }: ScenarioFinished, pickles: ReadonlyMap<string, readonly Pickle[]>): Pickle | undefined =>
  scenario.pickle === undefined ? undefined : pickles.get(scenario.file)?.[scenario.pickle]

/** The machine is no part of a run on a model: the same bytes come from every one. */
const meta = (version: string): Envelope => ({
  meta: {
    protocolVersion: '34.2.1', implementation: { name: 'kscenario', version }, runtime: { name: 'kscenario model' }, os: { name: 'virtual' },
    cpu: { name: 'virtual' },
  },
})
