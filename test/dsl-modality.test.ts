import { describe, expect, it } from 'vitest'
import { createReader } from '../src/cli/language.ts'
import { summary } from './support/step-summary.ts'

const { parser } = await createReader()
const read = (text: string): string => {
  const { value, diagnostics } = parser.parse(text)
  return value ? summary(value) : diagnostics.map(d => `${d.code} ${d.span.column}`).join(', ')
}

describe('`not` and modalities', () => {
  it.each([
    // behind the word: the predicate is denied
    ['pod x eventually not Ready', 'pod x · eventually · not ready()'],
    ['pod x is eventually not Ready within 30s', 'pod x · eventually within 30000 · not ready()'],
    ['pod x becomes not Ready', 'pod x · eventually · not ready()'],
    ['pod x never not Ready', 'pod x · never · not ready()'],
    ['eventually, pod x is not Ready', 'pod x · eventually · not ready()'],
    // before it: all of it
    ['pod x does not become Ready', 'pod x · never · ready()'],
    ['pod x does not become Ready within 30s', 'pod x · never for 30000 · ready()'],
    ['pod x will not eventually be Ready', 'pod x · never · ready()'],
    ['pod x is not eventually Ready', 'pod x · never · ready()'],
    ['pod x never becomes Ready', 'pod x · never · ready()'],
    ['pod x does not become not Ready', 'pod x · never · not ready()'],
    ['pod x does not stay Ready for 5m', 'pod x · eventually within 300000 · not ready()'],
    ['pod x is not always Ready', 'pod x · eventually · not ready()'],
    // no such word
    ['pod x is not Ready within 30s', 'pod x · eventually within 30000 · not ready()'],
    ['pod x is not Ready for 30s', 'pod x · always for 30000 · not ready()'],
    ['pod x does not exist within 30s', 'pod x · eventually within 30000 · not present()'],
    ['pod x is no longer Ready within 30s', 'pod x · eventually within 30000 · not ready()'],
    // `not all`: of one at least it is not so
    ['not all pods are Ready', 'set at least 1 pods · now · not ready()'], ['not every pod is not Ready', 'set at least 1 pod · now · ready()'],
    ['not all pods are eventually Ready', 'set at least 1 pods · eventually · not ready()'],
    // behind the predicate
    ['pod x is Ready at all times', 'pod x · always · ready()'], ['pod x is Ready throughout', 'pod x · always · ready()'],
    ['pod x will never be Ready', 'pod x · never · ready()'], ['pod x will not be Ready for 5m', 'pod x · always for 300000 · not ready()'],
    // of what has been
    ['node x was never down', 'node x · never so far · down()'], ['node x was always Ready', 'node x · always so far · ready()'],
    ['node x has been Ready for 2m', 'node x · always for 120000 so far · ready()'], ['pods were Ready at all times', 'set every pods · always so far · ready()'],
    ['node x did not become NotReady', 'node x · never so far · status(NotReady)'], ["node x didn't become NotReady", 'node x · never so far · status(NotReady)'],
    ['pods were Running for 5m', 'set every pods · always for 300000 so far · status(Running)'], ['node x stayed Ready', 'node x · always so far · ready()'],
    ['node x never became NotReady', 'node x · never so far · status(NotReady)'], ['node x has always been Ready', 'node x · always so far · ready()'],
    ['node x has never been down', 'node x · never so far · down()'], ['deployment x always had 2 replicas', 'deployment x · always so far · replicas(2)'],
    ['deployment x never had 2 replicas', 'deployment x · never so far · replicas(2)'], ['deployment x has had 2 replicas for 1m', 'deployment x · always for 60000 so far · replicas(2)'],
    // with a window it says itself when
    ['node x was always Ready while node y was down', 'node x · always · ready() while (node y · down())'],
    ['no pod is ever Ready', 'set exactly 0 pod · always · ready()'], ['no pod was ever Ready', 'set exactly 0 pod · always so far · ready()'],
  ])('%s', (text, meaning) => expect(read(text)).toBe(meaning))

  it.each([
    // at no moment of them, or not at one of them?
    ['job x does not complete within 30s', 'assertion-window 7'], ['pod x will not be Ready within 30s', 'assertion-window 7'],
    ['pod x does not become Ready for 30s', 'assertion-window 7'], ['pod x eventually does not stay Ready for 30s', 'assertion-window 18'],
    // a time or a word of which only one would count
    ['pod x eventually Ready within 10s within 50s', 'assertion-window 35'], ['within 1s, pod x is Ready within 50s', 'assertion-window 27'],
    ['pod x stays Ready for 1m for 5m', 'assertion-window 26'], ['pod x never stays Ready for 5m', 'assertion-window 13'],
    ['pod x always becomes Ready', 'assertion-window 14'],
    // not all at a moment, or not all of them all the time?
    ['not all pods stay Ready for 5m', 'assertion-window 1'], ['not all pods are always Ready', 'assertion-window 1'], ['not all pods are never Ready', 'assertion-window 1'],
    ['pod x is not Ready at all times', 'assertion-window 20'], ['at most 1 pod is not Ready at any time', 'assertion-window 28'],
    // of what is to come nothing is known now
    ['pod x will not be Ready', 'assertion-window 7'], ["pod x won't restart", 'assertion-window 7'],
    // of what has been once, or ceased to be, nobody knows when
    ['deployment x had 2 ready replicas', 'assertion-window 14'], ['node x did not stay Ready', 'assertion-window 16'],
    // of nobody but none
    ['pods are ever Ready', 'step-undefined 10'], ['pod x is ever Ready', 'step-undefined 10'],
  ])('%s has no meaning', (text, why) => expect(read(text)).toBe(why))
})

describe('what narrows a set', () => {
  it('adds up, or is said once', () => {
    expect(read('pods labelled a=b labelled c!=d are Ready')).toBe('set every pods [a=b,c!=d] · now · ready()')
    for (const twice of ['on worker-1 on worker-2', 'in namespace a in namespace b', 'of deployment a of deployment b']) {
      expect(read(`pods ${twice} are Ready`)).toMatch(/^step-undefined/)
    }
  })
  it('may be a share of it, or of several owners', () => {
    expect(read('at least 80 % of the pods of deployment web are Ready')).toBe('set at least 80% pods of deployment web · now · ready()')
    expect(read('fewer than half of all pods are Ready')).toBe('set fewer than 50% pods · now · ready()')
    expect(read('pods of deployments a, b and c are Ready')).toBe('set every pods of deployments a, deployments b, deployments c · now · ready()')
    expect(read('pods of deployment a and sts b are Ready')).toBe('set every pods of deployment a, sts b · now · ready()')
    expect(read('3 jobs owned by cronjob a')).toBe('set exactly 3 jobs · now · owned-by(cronjob a)')
    expect(read('there are 3 jobs owned by cronjob a')).toBe('set exactly 3 jobs of cronjob a · now · present()')
    expect(read('pods of deployment a and pod b are Ready')).toMatch(/^step-undefined/)
  })
  it('may be said of one', () => {
    expect(parser.parse('the pod of deployment web is Ready').value).toMatchObject({ subject: { type: 'set', single: true, quantifier: { type: 'every' } } })
    expect(parser.parse('replicaset of deployment web has 2 ready replicas').value).toMatchObject({ subject: { type: 'set', kind: 'replicaset', single: true } })
    expect(parser.parse('a pod of deployment web is Ready').value).not.toHaveProperty('subject.single')
    expect(read('pod of is Ready')).toBe('pod of · now · ready()')
  })
})
