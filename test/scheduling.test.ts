import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { replayFile } from '../src/fidelity/replay-file.ts'

/**
 * Situations of the scheduler that were put to a real kube-scheduler 1.35.4: what it says of pods that fit nowhere, whom it ends for others, and, where scores
 * or
 * filters leave one node only, which it takes (the steps of the features say so and held there). `recorded.json` has its Events, word for word.
 */
const folder = join(import.meta.dirname, 'scheduling')
const recorded: Readonly<Record<string, readonly string[]>> = JSON.parse(readFileSync(join(folder, 'recorded.json'), 'utf8'))
const told = ['FailedScheduling', 'Preempted', 'ProvisioningFailed', 'ExternalProvisioning', 'WaitForPodScheduled', 'FailedBinding']
const linesOf = (events: readonly any[]): string[] =>
  [...new Set(events.filter(e => told.includes(e.reason)).map(e => `${e.regarding} ${e.reason}: ${e.message}`.replace(/<(uid|r|hash)-?\d+>/g, '<$1>')))].sort()

describe('the scheduler says and does what a real one did', () => {
  const features = readdirSync(folder).filter(f => f.endsWith('.feature')).map(f => f.replace('.feature', ''))
  test.each(features)('%s', async feature => {
    const names = Object.keys(recorded).filter(k => k.startsWith(`${feature}: `)).map(k => k.slice(feature.length + 2)), complaints: string[] = []
    expect(names).not.toEqual([])
    const world = names.map(scenario => ({ scenario, world: {}, namespace: feature, steps: [], timeline: [], events: [], objects: [] }))
    const seen = await replayFile(join(folder, `${feature}.feature`), JSON.stringify(world), text => { complaints.push(text) })
    expect(complaints).toEqual([])
    expect(Object.fromEntries(seen.map(s => [s.scenario, linesOf(s.events)]))).toEqual(Object.fromEntries(names.map(n => [n, recorded[`${feature}: ${n}`]])))
  })
})
