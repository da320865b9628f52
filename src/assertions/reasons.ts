import type { Driver } from '../drivers/driver.ts'
import type { ResolvedSubject } from '../extension.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import type { ScenarioContext } from '../steps/context.ts'
import { chainText, isOfScenario, linksTo } from './causes.ts'
import type { Link } from './causes.ts'
import { readsNode } from './claim.ts'
import { faultText } from './narrate.ts'
import { thingOf } from './obstacles.ts'
import { keptBy, staysBy } from './kept.ts'
import { diagnose, silence } from './stages.ts'
import type { ComponentSubject } from '../dsl/step-ast.ts'
import { processesOf, resolveObject } from './subjects/index.ts'
import type { Place } from './subjects/index.ts'
import type { Violated } from './temporal.ts'
import type { Watched, Watching } from './watch.ts'
import { scalingOf, updatesHeldBack } from './what-is-said.ts'

/** Why it is as it was seen: first cause first, with what has failed where something has. */
export interface Reason { readonly why?: readonly string[]; readonly atFault?: string; /** the object in which it is stuck */ readonly about?: string }
/**
 * Two kinds of reason: what came to be has a causal chain; what did not come to be has a stage at which it got stuck. `whole`: all
 * links of the chain.
 */
export function reasonOf(watched: Watched, outcome: Violated, watching: Watching, context: ScenarioContext, whole: boolean): Reason {
  const driver = context.driver(), tooFew = whoseTooFew(watched, watching, context), witness = watching.reading?.witnesses[0]?.subject ?? tooFew
  if (watched.ast.subject.type === 'outcome') return unanswered(context) ?? {}
  if (!witness || outcome.why === 'condition never came') return {}
  const lost = lostWithEtcd(witness, driver)
  if (lost) return lost
  const happened = ['false', 'broke', 'window closed'].includes(outcome.why) && watched.ast.modality.type !== 'now'
    || watched.ast.windows.length > 0 && outcome.why === 'false' || watched.claim.definition.relative === true
  const links = happened || outcome.why === 'false' ? linksTo(latestAbout(watched, witness, watching, outcome.at, driver), driver) : []
  const wantsStage = (isProgress(watched) || (tooFew === witness && isPresence(watched))) && (!happened || (outcome.why === 'broke' && links[0]?.observation.type !== 'fault'))
  const stuck = wantsStage || isStale(watching) ? diagnose(witness, { driver, context }) : undefined
  if (stuck) {
    return stuck.why.length === 1 && stuck.why[0] === watching.reading?.witnesses[0]?.seen
      ? { about: stuck.about }
      : { why: stuck.why, atFault: stuck.atFault, about: stuck.about }
  }
  const broken = watched.ast.modality.type === 'now' || !happened ? brokenParts(watched, witness, { driver, context }) : undefined
  if (broken) return broken
  if (!happened && outcome.why !== 'false') {
    const place = { driver, context }, held = watched.claim.definition.id === 'uses-image' ? updatesHeldBack(witness, place) : scalingOf(witness, place)
    return held === undefined ? keptBy(watched, witness, place, watching.reading?.witnesses[0]?.seen) : { why: [held] }
  }
  const recent = links[0] !== undefined && isOfScenario(links)
    && (links[0].observation.type === 'fault' || links[0].observation.id >= context.beforeLatest.observation)
  const told = outcome.why === 'window closed' ? recent : happened || (recent && witness.type !== 'file')
  if (told && links.length > 1) return { why: chainText(links, whole), ...failedIn(links) }
  return happened || watched.ast.windows.length > 0 ? {} : staysBy(watched, witness, { driver, context })
}

/** Of a component whose replicas or members are not all up: what has befallen them. */
function brokenParts({ claim }: Watched, witness: ResolvedSubject, place: Place): Reason | undefined {
  const { driver } = place
  if (witness.type !== 'component') return undefined
  const broken = processesOf(witness.ast as ComponentSubject, place).filter(c => c.state !== 'up'), chains = broken.map(c =>
    linksTo(latest(driver, driver.now(), o => o.type === 'component' && o.component === c.component && (o.node === c.node || o.actor.endsWith(`/${c.node}`)) && o.state === c.state), driver))
  const first = chains.flatMap(([link]) => link?.observation.type === 'fault' ? [link] : [])
  if (claim.predicate.negated || first.length === 0) return undefined
  return { why: [...new Set(first.map(l => l.text))], atFault: [...new Set(first.flatMap(l => failedIn([l]).atFault ?? []))].join(' and ') }
}

/** Neither a count nor its opposite can be said: whose work it would be to look at the latest spec? */
const isStale = ({ reading }: Watching): boolean => reading?.witnesses[0]?.seen.startsWith('the controller has not seen') === true

/** What the API server did not answer, or not itself. */
function unanswered({ lastRequest, driver }: ScenarioContext): Reason | undefined {
  const code = lastRequest?.response.code
  return code === 0 || (code !== undefined && code >= 500) ? silence(driver()) : undefined
}
/** `there are 5 pods of deployment web`: who makes them has got stuck. */
const isPresence = ({ ast: { predicate, modality } }: Watched): boolean => predicate.definition === 'present' && !predicate.negated && modality.type !== 'never'
const isProgress = ({ ast, claim }: Watched): boolean => {
  const { progress } = claim.definition
  return ast.modality.type !== 'never' && !ast.predicate.negated && (typeof progress === 'function' ? progress(ast.predicate.args) : progress === true)
}
/** Of a number of pods that there are not: whose they would be. */
function whoseTooFew({ ast: { subject } }: Watched, { reading }: Watching, context: ScenarioContext): ResolvedSubject | undefined {
  if (subject.type !== 'set' || subject.quantifier.type !== 'count' || subject.quantifier.percent) return undefined
  if (!reading || reading.total >= subject.quantifier.count) return undefined
  const { owner } = subject.refinements, namespace = subject.scope.type === 'named' ? { namespace: subject.scope.namespace } : {}
  return owner && resolveObject(owner.type === 'object' ? { ...namespace, ...owner } : owner, { driver: context.driver(), context })
}

/** The latest observation about the one that broke it: the object itself, or what runs of it on its node. */
function latestAbout({ claim }: Watched, witness: ResolvedSubject, { cause }: Watching, until: number, driver: Driver): number | undefined {
  const { ref, object } = witness
  if (witness.type === 'traffic') return lostFor(driver) ?? cause
  const decisive = cause === undefined ? undefined : driver.observation(cause)
  // what a request meets is decided all over the cluster: nothing that happened to who asks explains it
  if (claim.definition.volatile === true) return decisive?.at === until ? cause : undefined
  const tells = (o: Observation): boolean => o.type === 'object' && o.resource !== ref?.resource && readsNode(claim, o) && isAbout(o.new ?? o.old, ref!.name)
  if (!ref || decisive && tells(decisive)) return cause
  const node: string | undefined = object?.spec?.nodeName, onNode = claim.definition.reads !== undefined || claim.predicate.truth === 'node'
  const about = (o: Observation): boolean =>
    o.type === 'object'
      ? tells(o) || o.resource === ref.resource && o.name === ref.name && (o.namespace ?? '') === (ref.namespace ?? '')
      : onNode && readsNode(claim, o)
    && ('pod' in o ? o.pod === ref.name
      : o.type === 'nodePower' ? o.node === node || o.node === ref.name
      : o.type === 'component' ? o.node === ref.name
      : false)
  return latest(driver, until, o => (cause === undefined || o.id <= cause) && about(o)) ?? cause
}
/** What tells of another object: its EndpointSlices, its Events, the attachments of a volume. */
const isAbout = (object: any, name: string): boolean =>
  object?.metadata?.labels?.['kubernetes.io/service-name'] === name || object?.involvedObject?.name === name
    || object?.spec?.source?.persistentVolumeName === name

/** The first lost requests that a step or a fault led to, told by their chain. */
function lostFor(driver: Driver): number | undefined {
  let looked = 0
  for (const o of driver.history()) {
    if (o.type !== 'traffic' || o.outcome !== 'lost' || looked++ > 50) continue
    const links = linksTo(o.id, driver)
    if (links.length > 1 && isOfScenario(links)) return o.id
  }
  return undefined
}
function latest(driver: Driver, until: number, is: (o: Observation) => boolean): number | undefined {
  let found: number | undefined
  for (const o of driver.history()) { if (o.at > until) break; if (is(o)) found = o.id }
  return found
}

/** The fault with which the chain begins. */
function failedIn([{ observation: first }]: readonly Link[]): Pick<Reason, 'atFault'> {
  return first.type === 'fault' ? { atFault: thingOf(first.fault, first.target) } : {}
}

/** An object that was stored, and is not, though nobody has deleted it: etcd was given another state. */
function lostWithEtcd({ ref, object, label }: ResolvedSubject, driver: Driver): Reason | undefined {
  if (!ref || object !== undefined) return undefined
  let last: Observation | undefined, restored: string | undefined
  for (const o of driver.history()) {
    if (o.type === 'object' && o.resource === ref.resource && o.name === ref.name && (o.namespace ?? '') === (ref.namespace ?? '')) {
      last = o
      restored = undefined
    }
    if (last && o.type === 'note' && o.actor === 'scenario' && /restore/.test(o.text)) restored = o.text
    if (last && o.type === 'fault' && o.fault.startsWith('etcd')) restored = faultText(o.fault, o.target, o.phase)
  }
  return last?.type === 'object' && last.change !== 'DELETED' && restored !== undefined
    ? { why: [`${label} was stored`, restored, 'what etcd holds now does not have it'] }
    : undefined
}
