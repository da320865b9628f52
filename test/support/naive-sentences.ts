import fc from 'fast-check'
import type { Condition, PodSet, Predicate, Thought } from './naive-claims.ts'

export const duration = (ms: number): string => ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
const times = fc.constantFrom(1, 50, 400, 3000, 20_000, 120_000)
const predicates = fc.constantFrom<Predicate>('Ready', 'Terminating', 'Running', 'present', 'gone', 'has label tier=x', 'has phase Running', 'scheduled on worker-1')
const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ pod: fc.constantFrom('a', 'b'), predicate: predicates, negated: fc.boolean() }),
  fc.record({ node: fc.constantFrom('worker-1', 'worker-2'), negated: fc.boolean() }), fc.record({ schedulerDown: fc.boolean() }),
)
const optional = (made: fc.Arbitrary<number>): fc.Arbitrary<number | undefined> => fc.option(made, { nil: undefined })
const modalities: fc.Arbitrary<Thought['modality']> = fc.oneof(
  fc.constant({ type: 'now' as const }), fc.record({ type: fc.constant('eventually' as const), withinMs: optional(times), staysMs: optional(times) }),
  fc.record({ type: fc.constantFrom('always' as const, 'never' as const), forMs: optional(times) }),
)
const sets = fc.constantFrom<PodSet>('labelled app=web', 'of deployment web', 'running', 'on worker-1')
const counts = fc.record({ how: fc.constantFrom('exactly' as const, 'at least' as const, 'at most' as const), number: fc.integer({ min: 1, max: 3 }) })
const whole: fc.Arbitrary<Thought> = fc.record({
  subject: fc.oneof(fc.record({ pod: fc.constantFrom('a', 'b') }), fc.record({ set: sets }), fc.record({ set: sets, count: counts })),
  modality: modalities, predicate: predicates, negated: fc.boolean(),
  windows: fc.array(fc.record({ type: fc.constantFrom('while' as const, 'until' as const, 'after' as const, 'before' as const), condition: conditions }), { maxLength: 2 }),
})
/** What cannot fail, or is never so of any number, is found before it runs; those have tests of their own. */
export const thoughts = whole.filter(t => {
  const existence = t.predicate === 'present' || t.predicate === 'gone'
  return !('set' in t.subject && t.subject.count && (t.predicate === 'gone' || (t.predicate === 'present' && t.negated)))
    && !('set' in t.subject && t.subject.set === 'running' && ['Running', 'Terminating', 'has phase Running'].includes(t.predicate)) && !('set' in t.subject && existence && t.negated)
    && !t.windows.some(w => 'pod' in w.condition && 'pod' in t.subject && w.condition.pod === t.subject.pod && w.condition.predicate === t.predicate)
})

const claimOf = (predicate: Predicate, negated: boolean, several: boolean): string => {
  if (!predicate.startsWith('has ')) return `${several ? 'are' : 'is'} ${negated ? 'not ' : ''}${predicate}`
  const bare = predicate.slice('has '.length)
  return negated ? `${several ? 'do' : 'does'} not have ${bare}` : `${several ? 'have' : 'has'} ${bare}`
}
const conditionText = (c: Condition): string => 'schedulerDown' in c ? `kube-scheduler is ${c.schedulerDown ? 'down' : 'up'}`
  : 'node' in c ? `node ${c.node} is ${c.negated ? 'not ' : ''}Ready`
  : `pod ${c.pod} ${claimOf(c.predicate, c.negated, false)}`

/** The words of it. */
export function sentenceOf({ subject, modality: { type, withinMs, forMs, staysMs }, predicate, negated, windows }: Thought): string {
  const set = 'set' in subject ? subject.set === 'running' ? 'running pods' : `pods ${subject.set}` : ''
  const many = 'pod' in subject ? `pod ${subject.pod}` : subject.count ? `${subject.count.how} ${subject.count.number} ${set}` : set
  return [
    many, ...(type === 'now' ? [] : [type]), claimOf(predicate, negated, 'set' in subject), ...(withinMs === undefined ? [] : [`within ${duration(withinMs)}`]),
    ...(forMs === undefined ? [] : [`for ${duration(forMs)}`]), ...(staysMs === undefined ? [] : [`and stays so for ${duration(staysMs)}`]),
    ...windows.map(w => `${w.type} ${conditionText(w.condition)}`),
  ].join(' ')
}
