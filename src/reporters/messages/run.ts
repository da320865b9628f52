export type Envelope = Readonly<Record<string, unknown>>

/** What the envelopes of one run share. */
export interface Run {
  readonly newId: () => string
  readonly testRunStartedId: string
  /** of a definition of ours: declared by an envelope when it is first used */
  definition(step: { readonly id: string; readonly phrase: string }): string
  hook(): string
  emit(envelope: Envelope): void
  /** virtual milliseconds since the run began: scenarios follow each other */
  clockMs: number
}

/** what virtual 0 is on a calendar: the clusters' own epoch */
const epochSeconds = 1_767_225_600
export const timestamp = (ms: number): object => ({ seconds: epochSeconds + Math.floor(ms / 1000), nanos: Math.round(ms % 1000 * 1e6) })
export const duration = (ms: number): object => ({ seconds: Math.floor(ms / 1000), nanos: Math.round(ms % 1000 * 1e6) })

export function startRun(newId: () => string, emit: (envelope: Envelope) => void): Run {
  const testRunStartedId = newId(), definitions = new Map<string, string>()
  let hookId: string | undefined
  emit({ testRunStarted: { id: testRunStartedId, timestamp: timestamp(0) } })
  return {
    newId, testRunStartedId, emit, clockMs: 0,
    definition({ id, phrase }) {
      const known = definitions.get(id)
      if (known) return known
      const own = newId()
      definitions.set(id, own)
      emit({ stepDefinition: { id: own, pattern: { source: phrase, type: 'CUCUMBER_EXPRESSION' }, sourceReference: { uri: `kscenario/${id}`, location: { line: 1 } } } })
      return own
    },
    hook() {
      if (hookId) return hookId
      hookId = newId()
      emit({ hook: { id: hookId, name: 'the scenario as a whole', type: 'AFTER_TEST_CASE', sourceReference: { uri: 'kscenario', location: { line: 1 } } } })
      return hookId
    },
  }
}
