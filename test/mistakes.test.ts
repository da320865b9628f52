import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { say } from './support/memory-host.ts'

/**
 * What an author is told of a mistake, as the terminal prints it. Each file of transcripts/mistakes: the files of a folder, each
 * behind a line `== name`, then `----` and what `kscenario run` says. `UPDATE=1 npx vitest run test/mistakes.test.ts` writes the
 * answers anew; commit only what somebody understands who has read no documentation.
 */
const folder = join(import.meta.dirname, 'transcripts/mistakes')
const transcripts = readdirSync(folder).filter(f => f.endsWith('.txt')).sort()
const break_ = '\n----\n'

/** Without what the model, and not the mistake, decides. */
const lasting = (text: string): string => text.replace(/t\+[\d.]+\w*/g, 't+…')
  .replace(/ +(t\+…)/g, ' $1')
  .replace(/\b[\d.hms]+ virtual/g, 'N virtual')
  .replace(/ {2}[\d.]+m?s?$/gm, '')
  .replace(/\b([a-z]+)-[0-9a-f]{8,10}-[b-df-hj-np-tv-z2-9]{5}\b/g, '$1-HASH')
  .replace(/^ +t\+….*\n/gm, '')
  .replace(/timeline.*/g, 'timeline')

describe('an author is told of', () => {
  test.each(transcripts)('%s', async name => {
    const [head, told = ''] = readFileSync(join(folder, name), 'utf8').split(break_)
    const files = Object.fromEntries(head.split(/^== /m).slice(1).map(part => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1) + '\n']))
    const answer = await say(['run', '--no-reports', '--parallel', '1'], files)
    if (process.env.UPDATE && lasting(answer) !== lasting(told)) writeFileSync(join(folder, name), `${head}${break_}${answer}`)
    else expect(lasting(answer)).toBe(lasting(told))
  })
})
