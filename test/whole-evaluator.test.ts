import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLanguage } from '../src/cli/language.ts'
import { judgeNaively } from './support/naive-claims.ts'
import { duration, sentenceOf, thoughts } from './support/naive-sentences.ts'
import { record } from './support/recorded-cluster.ts'
import type { ScriptLine } from './support/recorded-cluster.ts'

/** Everything between a sentence and its verdict (parser, sets that are followed, the past, automata) against an evaluator that knows the whole run. */
const rooms: readonly ScriptLine[] = ['kubectl create deployment web --image=nginx --replicas=2', 'kubectl run a --image=nginx', 'kubectl run b --image=nginx', 3000]
const happenings: readonly ScriptLine[] = [
  'kubectl delete pod a --wait=false', 'kubectl run a --image=nginx', 'kubectl delete pod b --wait=false', 'kubectl scale deployment web --replicas=3',
  'kubectl scale deployment web --replicas=1', 'kubectl scale deployment web --replicas=0', 'kubectl label pod a tier=x', 'kubectl label pod a tier-',
  'kubectl label pods -l app=web tier=x', 'kubectl delete pods -l app=web --wait=false', 'kubectl rollout restart deployment web',
  'fault component-down component=kube-scheduler', 'heal component-down component=kube-scheduler', 'fault node-down node=worker-1', 'heal node-down node=worker-1',
  'fault container-crash namespace=default pod=a container=a', 'kubectl drain worker-1 --force --ignore-daemonsets --timeout=5s', 'kubectl uncordon worker-1',
]
const pauses: readonly ScriptLine[] = [0, 1, 40, 350, 2000, 35_000, 320_000]
const scripts = fc.array(fc.tuple(fc.constantFrom(...happenings), fc.constantFrom(...pauses)), { minLength: 1, maxLength: 6 }).map(a => [...rooms, ...a.flat()])

const { parser, tools } = await createLanguage()
const [worlds, sentences] = (process.env.THOROUGH ?? '12 25').split(' ').map(Number)
it('agrees with a naive evaluator over all that was observed', async () => {
  const wrong: string[] = [], met = { passed: 0, failed: 0, vacuous: 0 }
  for (const [i, script] of fc.sample(scripts, { numRuns: worlds, seed: Number(process.env.SEED ?? 5) }).entries()) {
    const run = await record(script, i)
    for (const thought of fc.sample(thoughts, { numRuns: sentences, seed: 1000 * Number(process.env.SEED ?? 5) + i })) {
      const text = sentenceOf(thought), { value, diagnostics } = parser.parse(text)
      if (value?.type !== 'assertion') { wrong.push(`${text}: ${diagnostics[0]?.message}`); continue }
      const { status, ...told } = await tools.judge(value, run.context.fork(), {}, text)
      const expected = ({ holds: 'passed', violated: 'failed', vacuous: 'vacuous' } as const)[judgeNaively(thought, run)]
      met[expected]++
      if (status !== expected) wrong.push(`${script.slice(rooms.length).join(' | ')}\n  ${text}\n  naively ${expected}, but ${status} ${'story' in told ? JSON.stringify(told.story.caret?.says) + ' ' + duration(told.story.atMs ?? 0) : ''} (said at ${run.startedAt})`)
    }
  }
  expect(wrong.join('\n')).toBe('')
  expect(Object.values(met).every(n => n > 0), JSON.stringify(met)).toBe(true)
}, 3_600_000)
