import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loose, play, readRecorded } from './support/recorded.ts'

/**
 * What a real kubectl 1.35.4 printed in front of a real API server, word for word with exit codes; ages, uids, addresses and random names are marks. Each
 * file of transcripts/kubectl is one session at one terminal. The answers are facts: nothing rewrites them.
 */
const folder = join(import.meta.dirname, 'transcripts/kubectl')

describe('the model prints what a real kubectl printed', () => {
  test.each(readdirSync(folder).sort())('%s', async name => {
    const recorded = readRecorded(readFileSync(join(folder, name), 'utf8'))
    expect(await play(recorded)).toBe(loose(recorded.said))
  })
})
