import fc from 'fast-check'
import { manifestYaml } from '../src/base/manifest-yaml.ts'
import { describe, expect, it } from 'vitest'
import { quoteWord, splitCommand } from '../src/base/command-words.ts'
import { formatDuration, parseDuration } from '../src/base/duration.ts'
import { distance, suggest } from '../src/base/suggest.ts'

describe('durations', () => {
  it.each([
    ['45 minutes', 2_700_000],
    ['5m', 300_000],
    ['1m30s', 90_000],
    ['20s', 20_000],
    ['1.5 hours', 5_400_000],
    ['1 hour 30 minutes', 5_400_000],
    ['1 hour and 30 minutes', 5_400_000],
    ['500ms', 500],
    ['2 days', 172_800_000],
    ['1 second', 1000],
    ['0', 0],
    ['0s', 0],
    ['', undefined],
    ['5', undefined],
    ['5x', undefined],
    ['minutes', undefined],
    ['5m later', undefined],
    ['-5m', undefined],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms))

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), ms => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
      { seed: 1 },
    )
  })
})

describe('command lines', () => {
  it.each([
    [`kubectl get pods -l 'app in (a, b)'`, ['kubectl', 'get', 'pods', '-l', 'app in (a, b)']],
    [`a "b \\"c\\" $d" e\\ f ''`, ['a', 'b "c" $d', 'e f', '']],
    [`get -o jsonpath='{.items[?(@.a=="b")]}'  # why`, ['get', '-o', 'jsonpath={.items[?(@.a=="b")]}']],
    [`a#b`, ['a#b']],
  ])('%s', (line, words) => expect(splitCommand(line)).toEqual({ words }))

  it.each([
    ['a | b', 2],
    ['a > b', 2],
    ['a; b', 1],
    ['a && b', 2],
    ['a $(b)', 2],
    ["a 'b", 2],
    ['a "b', 2],
  ])('%s needs a shell', (line, offset) => expect(splitCommand(line)).toMatchObject({ offset }))

  it('quotes any word so that it survives', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), words => {
        expect(splitCommand(words.map(quoteWord).join(' '))).toEqual({ words })
      }),
      { seed: 1 },
    )
  })
})

it('suggests what is near', () => {
  expect(distance('pdo', 'pod')).toBe(1)
  expect(suggest('deplyoment', ['deployment', 'daemonset', 'deployments'])).toEqual(['deployment', 'deployments'])
  expect(suggest('zzz', ['pod'])).toEqual([])
})

it('reads manifests as kubectl does: of a key that is there twice the last one holds', () => {
  expect(manifestYaml('kind: ConfigMap\ndata:\n  x: "1"\n  x: "2"\n')).toEqual({ objects: [{ kind: 'ConfigMap', data: { x: '2' } }] })
})
