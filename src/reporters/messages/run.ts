import type { DefinitionsRead } from '../../runner/events.ts'

export type Envelope = Readonly<Record<string, unknown>>

type Defined = { readonly id: string; readonly phrase: string; readonly at?: string }

/** What the envelopes of one run share. */
export interface Run {
  readonly newId: () => string
  readonly testRunStartedId: string
  /** of a definition of ours: declared by an envelope when it is first used */
  definition(step: Defined): string
  hook(): string
  emit(envelope: Envelope): void
  /** virtual milliseconds since the run began: scenarios follow each other */
  clockMs: number
}

/** what virtual 0 is on a calendar: the clusters' own epoch */
const epochSeconds = 1_767_225_600
export const timestamp = (ms: number): object => ({ seconds: epochSeconds + Math.floor(ms / 1000), nanos: Math.round(ms % 1000 * 1e6) })
export const duration = (ms: number): object => ({ seconds: Math.floor(ms / 1000), nanos: Math.round(ms % 1000 * 1e6) })

/** Definitions of one's own are declared before the run starts, the language's own when they are first used: there are hundreds. */
export function startRun(newId: () => string, emit: (envelope: Envelope) => void, own: Pick<DefinitionsRead, 'steps' | 'parameterTypes'>): Run {
  const definitions = new Map<string, string>()
  let hookId: string | undefined
  const definition = ({ id, phrase, at }: Defined): string => {
    const known = definitions.get(id)
    if (known) return known
    const newest = newId()
    definitions.set(id, newest)
    emit({ stepDefinition: { id: newest, pattern: patternOf(phrase), sourceReference: at ? placeOf(at) : { uri: `kscenario/${id}`, location: { line: 1 } } } })
    return newest
  }
  for (const { name, regexps } of own.parameterTypes) {
    emit({ parameterType: { id: newId(), name, regularExpressions: regexps, preferForRegularExpressionMatch: false, useForSnippets: false } })
  }
  for (const step of own.steps) definition(step)
  const testRunStartedId = newId()
  emit({ testRunStarted: { id: testRunStartedId, timestamp: timestamp(0) } })
  return {
    newId, testRunStartedId, emit, clockMs: 0, definition,
    hook() {
      if (hookId) return hookId
      hookId = newId()
      emit({ hook: { id: hookId, name: 'the scenario as a whole', type: 'AFTER_TEST_CASE', sourceReference: { uri: 'kscenario', location: { line: 1 } } } })
      return hookId
    },
  }
}

/** `/…/` was a regular expression. */
const patternOf = (phrase: string): object => /^\/.*\/[a-z]*$/s.test(phrase)
  ? { source: phrase.slice(1, phrase.lastIndexOf('/')), type: 'REGULAR_EXPRESSION' }
  : { source: phrase, type: 'CUCUMBER_EXPRESSION' }
/** `file:///…/steps.mjs:12:1`; the folder is the machine's, and no part of the run */
const placeOf = (at: string): object => {
  const [, uri, line] = /([^/\\]+?):(\d+):\d+$/.exec(at) ?? [at, at, '1']
  return { uri, location: { line: Number(line) } }
}
