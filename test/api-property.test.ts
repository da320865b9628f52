import { expect, test } from 'vitest'
import { noFigures, runCalls, shrunk } from './support/api-run.ts'

/**
 * How many runs of 40 calls each; `RUNS=2000 npx vitest run test/api-property.test.ts` before a release. `SEED`: where they begin, `BROKEN`: how many different
 * mistakes to show.
 */
const runs = Number(process.env.RUNS ?? 60), first = Number(process.env.SEED ?? 1), limit = Number(process.env.BROKEN ?? 3), callsPerRun = 40

/** What went wrong, without names and numbers: the first words and where it was thrown. */
const sortOf = (message: string): string =>
  `${message.split('\n', 1)[0].slice(0, 60).replace(/".*|\d+/g, '')} ${/\/src\/[^)]*/.exec(message.split('\nafter\n')[0])?.[0] ?? ''}`

test(`${runs} × ${callsPerRun} random calls of any user for any kind: proper answers, valid objects, watches that tell what lists show`, () => {
  const figures = noFigures(), broken = new Map<string, string>()
  for (let seed = first; seed < first + runs && broken.size < limit; seed++) {
    try { runCalls(seed, callsPerRun, figures) } catch (error) {
      const sort = sortOf((error as Error).message)
      if (!broken.has(sort)) broken.set(sort, shrunk(seed, callsPerRun))
    }
  }
  expect([...broken.values()].join('\n\n')).toBe('')
  // calls that are all refused would try nothing
  expect(figures.written / figures.calls).toBeGreaterThan(0.1)
  expect(figures.replayed).toBeGreaterThan(runs)
  if (process.env.RUNS) console.log(figures)
}, 3_600_000)
