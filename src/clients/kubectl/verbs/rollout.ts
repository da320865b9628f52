import { formatTime } from '../../../runtime-model/api/time.ts'
import { failure, orWorded } from '../errors.ts'
import { bool, duration, int, situational, text, type Flags } from '../flags.ts'
import { qualifiedResource } from '../kinds.ts'
import { patchTypeFor, twoWay } from '../patch/strategic.ts'
import { printDone } from '../printers/index.ts'
import { rolloutStatus } from '../rollout-status.ts'
import type { Session } from '../session.ts'
import type { Item } from '../targets.ts'
import { allTyped, output, type Verb } from '../verb.ts'
import { FOREVER_MS, follow } from '../waiting.ts'
import { informed } from '../watch-rights.ts'
import { eachRollout, needsRollout, rolling } from '../rollouts.ts'
import { bareVerb } from './bare.ts'
import { history, undo } from './rollout-history.ts'

/** Tells how far a rollout is, at every change, until it is done. Source: pkg/cmd/rollout/rollout_status.go. */
const status = eachRollout(async (session, flags, item) => {
  const { kind, namespace, name, object } = item
  if (!rolling.includes(kind.kind)) throw failure(`no status viewer has been implemented for ${kind.group ? `${kind.kind}.${kind.group}` : kind.kind}`)
  const watches = flags.on('watch'), ms = flags.duration('timeout') || FOREVER_MS
  let problem: unknown
  const step = (now: any): boolean => {
    if (now === undefined) { problem = failure('object has been deleted'); return true }
    try {
      const told = rolloutStatus(kind.kind, now, flags.int('revision'))
      session.stdout += told.text
      return told.done || !watches
    } catch (error) { problem = error; return true }
  }
  const sees = await informed(session, { kind, namespace, name }, ms)
  const ended = sees && (step(object) || await follow(session, kind, namespace, name, object, ms, step) === 'done')
  if (problem !== undefined) throw problem
  if (!ended) throw failure('timed out waiting for the condition')
}, { watch: bool('w', 'true'), revision: int('0'), timeout: situational(duration('0s')) })

async function patchTemplate(session: Session, flags: Flags, item: Item, fresh: any, done: string): Promise<void> {
  const answer = await orWorded(error => `failed to patch: ${error.message}`, session.send({
    verb: 'patch', ...session.of(item.kind, item.namespace), name: item.name, body: twoWay(item.kind, item.object, fresh), patchType: patchTypeFor(item.kind),
    fieldManager: flags.text('field-manager'),
  }))
  printDone(session, flags, { kind: item.kind, object: answer }, done)
}

/** Source: pkg/polymorphichelpers/objectrestarter.go. */
const restart = eachRollout(async (session, flags, item) => {
  needsRollout(item, 'restarting is not supported')
  const { object } = item, { template } = object.spec
  if (object.spec.paused) {
    throw failure(`${qualifiedResource(item.kind)} ${JSON.stringify(item.name)} can't restart paused deployment (run rollout resume first)`)
  }
  const annotations = { ...template.metadata?.annotations, 'kubectl.kubernetes.io/restartedAt': formatTime(session.calendarMs) }
  await patchTemplate(
    session, flags, item, { ...object, spec: { ...object.spec, template: { ...template, metadata: { ...template.metadata, annotations } } } }, 'restarted'
  )
}, { ...output, 'field-manager': text(undefined, 'kubectl-rollout') })

/** Source: pkg/polymorphichelpers/{objectpauser,objectresumer}.go. */
const pausing = (pause: boolean): Verb => eachRollout(async (session, flags, item) => {
  const { kind, object, name } = item
  if (kind.kind !== 'Deployment') throw failure(`${qualifiedResource(kind)} ${JSON.stringify(name)} ${pause ? 'pausing' : 'resuming'} is not supported`)
  if ((object.spec.paused === true) === pause) throw failure(`${qualifiedResource(kind)} ${JSON.stringify(name)} is ${pause ? 'already' : 'not'} paused`)
  const { paused: _, ...spec } = object.spec
  await patchTemplate(session, flags, item, { ...object, spec: pause ? { ...spec, paused: true } : spec }, pause ? 'paused' : 'resumed')
}, { ...output, 'field-manager': text(undefined, 'kubectl-rollout') })

export const rollout: Verb = bareVerb(allTyped({ status, history, undo, restart, pause: pausing(true), resume: pausing(false) }), { stdout: true })
