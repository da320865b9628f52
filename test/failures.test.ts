import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { failureLines } from '../src/reporters/failure-text.ts'
import type { ScenarioFinished } from '../src/runner/events.ts'
import { runProject } from './support/suite.ts'

/**
 * What an author reads when a scenario fails. Each file of transcripts/failures: a title, the scenario, `----`, and the whole story.
 * `UPDATE=1 npx vitest run test/failures.test.ts` writes the stories anew; commit only what reads well to one who does not know the code.
 */
const folder = join(import.meta.dirname, 'transcripts/failures')
const files = readdirSync(folder).filter(f => f.endsWith('.txt')).sort()
const break_ = '\n\n----\n'
const partsOf = (file: string): { readonly head: string; readonly title: string; readonly steps: string; readonly told: string } => {
  const [head, told = ''] = readFileSync(join(folder, file), 'utf8').split(break_), [title, ...steps] = head.split('\n')
  return { head, title, steps: steps.join('\n').trim(), told }
}

let finished: readonly ScenarioFinished[]
beforeAll(async () => {
  const features = Object.fromEntries(files.map(f => [`${f.replace('.txt', '')}.feature`, featureOf(partsOf(f))]))
  finished = (await runProject(Object.keys(features), features)).finished
})
const featureOf = ({ title, steps }: { readonly title: string; readonly steps: string }): string =>
  `Feature: ${title}\n  Scenario: ${title}\n${steps.split('\n').map(l => `    ${l}`).join('\n')}\n`

/** Without what another seed, or another millisecond in the model, would change. */
function lasting(story: string): string {
  const names = new Map<string, string>()
  return story.replace(/ +(t\+|replay)/g, ' $1')
    .replace(/ {2,}/g, ' ')
    .replace(/t\+[\d.]+\w*/g, 't+…')
    .replace(/\b10\.\d+\.\d+\.\d+\b/g, 'ADDRESS')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b/g, 'UID')
    .replace(/\b([a-z]+)-[0-9a-f]{8,10}(-[b-df-hj-np-tv-z2-9]{5})?\b/g, (whole, name: string, pod?: string) =>
      names.get(whole) ?? (names.set(whole, `${name}-HASH${pod ? `-${names.size}` : ''}`), names.get(whole)!))
    .replace(/\d+ times, until/g, 'N times, until').replace(/\b\d+s( +v1)/g, 'AGE$1').replace(/\(\d+ more.*\)/g, '(N more)').replace(/\^+/g, '^')
}
/** As the terminal prints it, less its margin. */
function storyOf(file: string): string {
  const found = finished.find(f => f.scenario.file === `${file.replace('.txt', '')}.feature`)!
  const lines = found ? [`${found.status}`, ...failureLines(found)] : ['it was not run']
  return lines.map(l => l.trimEnd()).join('\n') + '\n'
}

describe('the story of a failure', () => {
  it.each(files)('%s', file => {
    const { head, told } = partsOf(file), story = storyOf(file)
    if (process.env.UPDATE && lasting(story) !== lasting(told)) writeFileSync(join(folder, file), `${head}${break_}${story}`)
    else expect(lasting(story)).toBe(lasting(told))
  })
})
