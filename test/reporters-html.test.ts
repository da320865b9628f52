import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { difference } from '../src/reporters/html/diff.ts'
import { open, sorts } from '../src/reporters/html/model.ts'
import type { ReportData, ScenarioData } from '../src/reporters/html/model.ts'
import { EVERY_STATUS, runReports } from './support/run-reports.ts'

const chapter = 'scenarios/chapter03', root = join(import.meta.dirname, '..')
/** The chapter's files as they would be found from inside its folder. */
function chapterFiles(): Record<string, string> {
  const names = readdirSync(join(root, chapter), { recursive: true, encoding: 'utf8' }).filter(n => /\.(feature|ya?ml)$/.test(n))
  return Object.fromEntries(names.map(n => [n, readFileSync(join(root, chapter, n), 'utf8')]))
}
const dataOf = (page: string): ReportData => JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1])

let page = '', data: ReportData
beforeAll(async () => { page = (await runReports(EVERY_STATUS, ['html'])).texts.html; data = dataOf(page) })
const named = (name: string): ScenarioData => data.scenarios.find(s => s.name === name)!
const momentsOf = (s: ScenarioData) => Array.from({ length: s.moments.length / 6 }, (_, i) => {
  const [since, lane, sort, text, back, state] = s.moments.slice(i * 6, i * 6 + 6)
  return { since, lane, sort: sorts[sort], text: data.strings[text], cause: back ? i - back : undefined, state: state ? data.strings[state - 1] : undefined }
})

describe('the HTML report', () => {
  test('is one file that asks nobody for anything', () => {
    const markup = page.replace(/<script[^>]*>.*?<\/script>/gs, '<script></script>').replace(/<style>.*?<\/style>/s, '')
    expect(markup.match(/\b(src|href)="(?!data:)/g)).toBeNull()
    expect(markup).toContain("default-src 'none'")
    const [style, script] = [/<style>(.*?)<\/style>/s.exec(page)![1], page.split('<script>')[1].split('</script>')[0]]
    expect(style).not.toMatch(/@import|url\(/)
    expect(script).not.toMatch(/\bfetch\(|XMLHttpRequest|import\(|WebSocket/)
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(() => new Function(script)).not.toThrow()
  })
  test('tells each scenario with its verdict, steps and story', () => {
    expect(Object.fromEntries(data.scenarios.map(s => [s.name, s.status]))).toEqual({
      passed: 'passed', 'outline of 1': 'passed', 'outline of 2': 'passed', failed: 'failed', vacuous: 'vacuous', undefined: 'undefined', refused: 'failed',
      skipped: 'skipped', expected: 'passed', 'expected to fail, and does not': 'failed',
    })
    const { failure, steps } = named('failed')
    expect(steps.map(s => s.status)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed', 'failed', 'skipped'])
    expect(steps[failure!.step!].text.slice(failure!.caret!.start, failure!.caret!.end)).toBe('running pods')
    expect(data.problems[0]).toContain('broken.feature')
    expect(data.checklists[0]).toMatchObject({
      points: 2, of: 4,
      items: [
        { id: 'A-1', status: 'passed' }, { id: 'A-2', status: 'failed', hints: ['Look at memory.', 'Raise its limit.'] }, { id: 'A-3', status: 'not covered' },
      ],
    })
  })
  test('draws who was down, and which fault was open', () => {
    const s = named('failed'), lane = s.lanes.findIndex(([name]) => data.strings[name] === 'kube-scheduler')
    expect(data.strings[s.lanes[lane][2]]).toBe('leader')
    expect(momentsOf(s).filter(m => m.lane === lane && m.state !== undefined).map(m => m.state)).toEqual(['down'])
    const faults = s.faults.map(([text, , from, until]) => [data.strings[text], until === open ? 'open' : until === from ? 'at once' : 'healed'])
    expect(faults[0]).toEqual(['control plane goes down', 'open'])
    expect(faults[1]).toEqual([expect.stringMatching(/^container app in pod web-.* is OOM killed$/), 'at once'])
  })
  test('leads every moment back to a step', () => {
    const s = named('passed'), moments = momentsOf(s), running = moments.find(m => m.text.includes('→ Running'))!
    const chain = [running]
    while (chain.at(-1)!.cause !== undefined) chain.push(moments[chain.at(-1)!.cause!])
    expect(chain.at(-1)).toMatchObject({ sort: 'step', text: 'I apply:' })
    expect(chain.map(m => m.text)).toContain('kubectl asks to create pod web')
  })
  test('shows the journey of what was made, and of what was refused', () => {
    const arrows = (s: ScenarioData, i = 0): string[] => {
      const { arrows: a } = s.journeys[i]
      return Array.from({ length: a.length / 4 }, (_, n) => a.slice(n * 4 + 1, n * 4 + 4).map(x => data.strings[x]).join(' | '))
    }
    const all = arrows(named('passed'))
    const order = [
      'kubectl | kube-apiserver | create pod web', 'kube-apiserver | etcd | put', 'kube-apiserver | kubectl | answers 201 Created',
      'kube-scheduler | kube-apiserver | bind pod web', 'start container', '(Running)',
    ]
    const places = order.map((wanted, i) => all.findIndex((a, n) => a.includes(wanted) && n >= (i ? all.findIndex(b => b.includes(order[i - 1])) : 0)))
    expect(places).not.toContain(-1)
    expect(arrows(named('refused')).at(-1)).toBe('kube-apiserver | kubectl | answers 404 Not Found')
  })
  test('shows objects before and after a step', () => {
    const lines = (s: ScenarioData, step: number): string[] =>
      s.changes.filter(c => c.step === step).flatMap(c => [`${c.what} ${data.strings[c.object]}`, ...c.lines.map(l => data.strings[l])])
    expect(lines(named('passed'), 1)).toContain('created pod web')
    const changed = lines(named('passed'), 2)
    expect(changed).toEqual(expect.arrayContaining(['changed pod web', ' status:', '-  phase: Pending', '+  phase: Running']))
    expect(changed).not.toContain(expect.stringMatching(/resourceVersion|managedFields/))
  })
  test('of the whole chapter stays under 2 MB, with every reference in place', async () => {
    const { texts } = await runReports(chapterFiles(), ['html'])
    const all = dataOf(texts.html)
    expect(Buffer.byteLength(texts.html)).toBeLessThan(2_000_000)
    expect(all.scenarios.length).toBeGreaterThan(90)
    const known = (at: number): boolean => at >= 0 && at < all.strings.length
    for (const s of all.scenarios) {
      s.moments.forEach((n, i) => {
        const part = i % 6
        expect(
          part === 0 ? n >= 0
            : part === 1 ? n < s.lanes.length
            : part === 2 ? n < sorts.length
            : part === 3 ? known(n)
            : part === 4 ? n >= 0 && n <= i / 6
            : n === 0 || known(n - 1)
        ).toBe(true)
      })
      for (const j of s.journeys) j.arrows.forEach((n, i) => { expect(i % 4 === 0 ? n >= 0 : known(n)).toBe(true) })
      for (const c of s.changes) { expect(c.step).toBeLessThan(s.steps.length); expect(c.lines.every(known)).toBe(true) }
    }
  })
})

describe('the difference of two objects', () => {
  const pod = {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', resourceVersion: '7', labels: { app: 'web', 'on': 'true', empty: '' } },
    spec: { containers: [{ name: 'app', image: 'web:1', args: ['--a=b: c', '1e3', '# no'], ports: [] }], nodeSelector: {} },
    status: { conditions: [{ type: 'Ready', status: 'False' }, { type: 'PodScheduled', status: 'True' }], n: 3, at: '2026-01-01T00:00:00Z' },
  }
  const yaml = (lines: readonly string[]): unknown => parse(lines.map(l => l.slice(1)).join('\n'))
  test('of nothing and an object is the object, as YAML', () => {
    const { resourceVersion: _, ...metadata } = pod.metadata
    expect(yaml(difference(undefined, pod))).toEqual({ ...pod, metadata })
  })
  test('of equal objects is empty, and of a gone one too', () => {
    expect(difference(pod, structuredClone(pod))).toEqual([])
    expect(difference(pod, undefined)).toEqual([])
  })
  test('shows what changed, under the keys that lead to it', () => {
    const after = {
      ...pod, metadata: { ...pod.metadata, resourceVersion: '8', deletionTimestamp: '2026-01-01T00:00:09Z' },
      status: {
        ...pod.status, conditions: [{ type: 'Ready', status: 'True' }, { type: 'PodScheduled', status: 'True' }, { type: 'Initialized', status: 'True' }],
      },
    }
    expect('\n' + difference(pod, after).join('\n') + '\n').toMatchInlineSnapshot(`
      "
       metadata:
      +  deletionTimestamp: "2026-01-01T00:00:09Z"
       status:
         conditions:
           - type: Ready
      -      status: "False"
      +      status: "True"
      +    - type: Initialized
      +      status: "True"
      "
    `)
  })
})
