import type { TrafficCount } from '../../drivers/driver.ts'
import type { TrafficSubject } from '../../dsl/step-ast.ts'
import { nearestReasons, readingsOf } from '../../runtime-model/api/loss-reasons.ts'
import type { PredicateContext, PredicateDefinition, ResolvedSubject } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { CannotRun, knownReason } from '../errors.ts'
import { referenceOf } from '../subjects/index.ts'
import { everStored, holdsIf, nothing, ofSet, plural, satisfies } from './support.ts'

/** What was sent, served and lost so far, seen from a cluster at a moment. */
export function countsOf({ name, from, to }: TrafficSubject, driver: PredicateContext['driver'], at: PredicateContext): TrafficCount {
  if (name !== undefined) {
    const counts = driver.traffic(name)
    if (!counts) throw new CannotRun(`there is no traffic "${name}": say \`clients send 10 requests per second to service … as "${name}"\``)
    return known(counts)
  }
  if (!from || !to) throw new CannotRun('say from whom to which service the requests go, or name the traffic')
  const [source, target] = [referenceOf(from, at).ref, referenceOf(to, at).ref]
  return known(
    driver.trafficBetween(source.name, target.name, target.namespace ?? at.context.namespace)
      ?? { sent: 0, served: 0, lost: 0, why: {}, servedBy: {}, servedByUnready: 0 }
  )
}
/** Requests that went where the model does not follow say nothing about the rest. */
function known(counts: TrafficCount): TrafficCount {
  for (const why of Object.keys(counts.why)) knownReason(why)
  return counts
}

/** Counts since the window opened; from the start where there is none. */
function since(subject: ResolvedSubject, at: PredicateContext): TrafficCount {
  const ast = subject.ast as TrafficSubject, now = countsOf(ast, at.driver, at)
  if (!at.reference) return now
  const before = countsOf(ast, at.reference.driver, at)
  const less = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries(a).map(([k, n]): [string, number] => [k, n - (b[k] ?? 0)]).filter(([, n]) => n > 0))
  return {
    sent: now.sent - before.sent, served: now.served - before.served, lost: now.lost - before.lost, why: less(now.why, before.why),
    servedBy: less(now.servedBy, before.servedBy), servedByUnready: now.servedByUnready - before.servedByUnready,
  }
}
const told = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).sort(([, a], [, b]) => b - a).slice(0, 3).map(([what, n]) => `${n} ${what}`).join(', ')
const noneSent = 'no request was sent'
const base = {
  subjects: ['traffic'], relative: 'in windows', volatile: true, reads: (o: { readonly type: string }) => o.type === 'traffic',
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/',
} as const

const lose = definePredicate({
  ...base, id: 'lose-requests', phrases: ['lose {count} request(s)', 'lose request(s)'],
  doc:
    'How many requests got no answer (nobody was there, or nobody answered in time), in the window or, without one, since the traffic began; at least one where no number is said.',
  examples: ['traffic "shoppers" loses no request', 'traffic "shoppers" lose at most 3 requests while node worker-1 is down'],
  test(subject, { count = { comparison: 'at least', count: 1 } }, at) {
    const { sent, lost, why } = since(subject, at)
    if (sent === 0 && lost === 0) return nothing(noneSent)
    return holdsIf(satisfies(count, lost), () => `${plural(lost, 'request')} lost${lost ? `: ${told(why)}` : ''}`)
  },
})
const loseShare = definePredicate({
  ...base, id: 'lose-share', phrases: ['lose {share} of its/the/their requests', 'lose {share} of requests', 'lose {share} requests'],
  doc: 'What share of the requests that were sent got no answer, in the window or, without one, since the traffic began.',
  examples: ['traffic "shoppers" loses at most 5 % of its requests', 'traffic "shoppers" loses less than 1 % of the requests while node worker-1 is down'],
  test(subject, { share }, at) {
    const { sent, lost, why } = since(subject, at)
    if (sent === 0) return nothing(noneSent)
    return holdsIf(ofSet(share, lost, sent), () => `${lost} of ${plural(sent, 'request')} lost${lost ? `: ${told(why)}` : ''}`)
  },
})
const loseBecause = definePredicate({
  ...base, id: 'lose-requests-because', phrases: ['lose {count} request(s) because {why}', 'lose request(s) because {why}'], parameters: { why: 'text' },
  doc:
    'How many requests were lost for a reason whose words contain these, in the window or, without one, since the traffic began; at least one where no number is said. Words that are of no reason cannot run, and say which reasons are near.',
  examples: ['traffic "shoppers" loses at least 1 request because "answered 503"', 'traffic "shoppers" loses requests because "answered 404"',
    'traffic "shoppers" loses no request because "has ended"'],
  test(subject, { count = { comparison: 'at least', count: 1 }, why: words }, at) {
    const { sent, lost, why } = since(subject, at)
    if (sent === 0 && lost === 0) return nothing(noneSent)
    const because = Object.entries(why).filter(([reason]) => reason.includes(words)).reduce((sum, [, n]) => sum + n, 0)
    if (because === 0) mayBe(words, countsOf(subject.ast as TrafficSubject, at.driver, at).why, at)
    return holdsIf(satisfies(count, because), () => `${because} of ${plural(lost, 'lost request')}${lost ? `: ${told(why)}` : ''}`)
  },
})
/** Words that no reason has would never be met: what they deny would hold for ever. */
function mayBe(words: string, seen: Readonly<Record<string, number>>, at: PredicateContext): void {
  if (Object.keys(seen).some(why => why.includes(words))) return
  // of redirections a proxy's 301 and 302 may be the end, in a circle or at a page to sign in
  const followed = new CannotRun(`no request is lost because "${words}": clients go where they are sent`)
  if (/\b30[378]\b/.test(words)) throw followed
  const named = (resource: string, text: string, whole: boolean): boolean =>
    whole ? everStored(at, { resource, namespace: resource === 'nodes' ? '' : at.context.namespace, name: text }) || stored(resource, text, true)
      : stored(resource, text, false)
  const stored = (resource: string, text: string, whole: boolean): boolean =>
    at.driver.storedList(resource).some(({ metadata: { name } }) => whole ? name === text : name.includes(text))
  const readings = readingsOf(words), ofHole = { node: 'nodes', service: 'services' } as const
  const odd = readings.map(said => said.find(s => (s.hole === 'node' || s.hole === 'service') && !named(ofHole[s.hole], s.text, s.whole)))
  if (odd.some(o => o === undefined) || ['pods', 'services', 'nodes'].some(resource => stored(resource, words, false))) return
  if (odd[0]) throw new CannotRun(`no request can be lost because "${words}": there is no ${odd[0].hole} ${odd[0].text}`)
  if (/\b30[12]\b/.test(words)) throw followed
  const near = nearestReasons(words)
  throw new CannotRun(
    `no request is ever lost because "${words}"${near.length > 0 ? `; do you mean: ${near.map(n => `"${n}"`).join(', ')}?` : told(seen) && ` (so far: ${told(seen)})`}`
  )
}
const onlyReady = definePredicate({
  ...base, id: 'served-only-by-ready', phrases: ['are served only by ready pods', 'is served only by ready pods', 'are only served by ready pods'],
  doc: 'Every request that was answered was answered by a pod that was ready.',
  examples: ['traffic "shoppers" is served only by ready pods', 'requests from pod orders to service catalog are served only by ready pods'],
  test(subject, _args, at) {
    const { served, servedByUnready } = since(subject, at)
    return served === 0
      ? nothing('no request was served')
      : holdsIf(servedByUnready === 0, () => `${servedByUnready} of ${served} were served by pods that were not ready`)
  },
})
const servedBy = definePredicate({
  ...base, id: 'served-by', phrases: ['are served by {count} pod(s)', 'is served by {count} pod(s)'],
  doc: 'How many pods have answered requests.', examples: ['traffic "shoppers" is eventually served by 3 pods'],
  test(subject, { count }, at) {
    const { sent, servedBy: pods } = since(subject, at), by = Object.keys(pods)
    return sent === 0 ? nothing(noneSent) : holdsIf(satisfies(count, by.length), () => `served by ${by.join(', ') || 'none'}`)
  },
})
export const traffic: readonly PredicateDefinition[] = [lose, loseShare, loseBecause, onlyReady, servedBy]
