import { isOk } from '../../../runtime-model/api/request.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { evaluate, parseJsonPath, type JsonPath } from '../../../dsl/jsonpath.ts'
import { ApiError, Exit, failure, isNotFound, throwAll } from '../errors.ts'
import { bool, duration, text, type Flags } from '../flags.ts'
import { readManifests } from '../manifests.ts'
import { printDone } from '../printers/index.ts'
import { relaxed } from '../relaxed-path.ts'
import type { Session } from '../session.ts'
import { findObjects, nothingNamed, parseTargets, type Item } from '../targets.ts'
import { output, plainFiles, selectors, type Verb } from '../verb.ts'
import { FOREVER_MS, follow, untilGone } from '../waiting.ts'
import { informed } from '../watch-rights.ts'

/** Waits for a condition. Sources: kubectl pkg/cmd/wait/{wait,condition,json,delete,create}.go. */
export const wait: Verb = {
  flags: {
    ...plainFiles, recursive: bool('R', 'true'), ...selectors, ...output, all: bool(), 'all-namespaces': bool('A'), 'field-selector': text(), for: text(),
    local: bool(), timeout: duration('30s'),
  },
  async run(session, flags) {
    const condition = conditionOf(flags.text('for')), ms = flags.duration('timeout') < 0 ? FOREVER_MS : flags.duration('timeout')
    if (condition.type === 'create') return untilCreated(session, flags, ms)
    const { items, errors } = await findObjects(session, flags, flags.args)
    const failed: unknown[] = errors.filter(e => !(condition.type === 'delete' && isNotFound(e)))
    if (items.length === 0 && errors.length === 0) {
      if (condition.type === 'delete') return
      throw failure('no matching resources found')
    }
    // the time is that of the whole command: once it is over, what is looked at next is too late even if it is as wanted
    const deadline = session.now + ms
    for (const item of items) {
      try {
        if (ms > 0 && session.now >= deadline) throw late(item)
        await one(session, flags, item, condition, Math.max(0, deadline - session.now))
      } catch (error) { failed.push(error) }
    }
    throwAll(failed)
  },
}

type Condition = { readonly type: 'delete' | 'create' } | { readonly type: 'holds'; readonly holds: (object: any) => boolean }

function conditionOf(text: string): Condition {
  const lower = text.toLowerCase()
  if (lower === 'delete' || lower === 'create') return { type: lower }
  if (text.startsWith('condition=')) {
    const [name, value = 'true'] = text.slice('condition='.length).split('=')
    return { type: 'holds', holds: object => hasCondition(object, name, value) }
  }
  if (text.startsWith('jsonpath=')) return jsonCondition(text.slice('jsonpath='.length))
  throw failure(`unrecognized condition: ${JSON.stringify(text)}`)
}
/** A condition that speaks of an older generation does not count. */
function hasCondition(object: any, name: string, value: string): boolean {
  for (const condition of object.status?.conditions ?? []) {
    if (String(condition.type).toLowerCase() !== name.toLowerCase()) continue
    const observed = condition.observedGeneration ?? object.status?.observedGeneration
    if (observed !== undefined && object.metadata.generation !== undefined && observed < object.metadata.generation) return false
    return String(condition.status).toLowerCase() === value.toLowerCase()
  }
  return false
}
function jsonCondition(expression: string): Condition {
  const split = /^(\{.*?\}|[^=]*)(=([\s\S]*))?$/.exec(expression)!, [, path, , wanted] = split
  if (path === '') throw failure('jsonpath expression cannot be empty')
  if (wanted === '') throw failure(`jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3`)
  const parsed = parseJsonPath(relaxed(path))
  if (!parsed.value) throw failure(parsed.diagnostics[0].message)
  const json: JsonPath = parsed.value
  const holds = (object: any): boolean => {
    const found = evaluate(json, object), values = 'error' in found ? [] : found.results.flat()
    if (values.length === 0) return false
    if (wanted === undefined) return true
    if (values.length > 1) throw failure('given jsonpath expression matches more than one list element')
    if (typeof values[0] === 'object' && values[0] !== null) throw failure('jsonpath leads to a nested object or list which is not supported')
    return String(values[0]) === wanted.replace(/^(['"])(.*)\1$/, '$2')
  }
  return { type: 'holds', holds }
}

const late = ({ kind, name }: Item): Exit => new Exit(`error: timed out waiting for the condition on ${kind.resource}/${name}\n`)
async function one(session: Session, flags: Flags, item: Item, condition: Condition, ms: number): Promise<void> {
  const { kind, name, namespace, object } = item
  const sees = await informed(session, { kind, namespace, name }, ms), done = !sees ? false : condition.type === 'holds'
    ? condition.holds(object) || await follow(session, kind, namespace, name, object, ms, now => now !== undefined && condition.holds(now)) === 'done'
    : await untilGone(session, kind, namespace, name, object.metadata.uid, ms) === 'done'
  if (!done && flags.duration('timeout') === 0) throw failure(`condition not met for ${kind.resource}/${name}`)
  if (!done) throw late(item)
  printDone(session, flags, { kind, object }, 'condition met')
}

function namedOnes(session: Session, flags: Flags): readonly { readonly kind: KindDefinition; readonly name?: string; readonly namespace?: string }[] {
  if (!flags.given('filename')) return parseTargets(flags.args, session.kinds)
  const { manifests, errors } = readManifests(session, flags)
  throwAll(errors)
  return manifests
}
async function untilCreated(session: Session, flags: Flags, ms: number): Promise<void> {
  const deadline = session.now + ms, selector = flags.text('selector')
  // what is selected need not be named, but must come within the time
  if (selector !== '' || flags.on('all')) {
    const made = (): Promise<any[][]> =>
      Promise.all(parseTargets(flags.args, session.kinds).map(({ kind }) => session.list(kind, selector ? { labelSelector: selector } : {})))
    if ((await made()).flat().length === 0) await session.driver.runUntil(() => false, deadline, { toDeadline: true })
    const found = await made()
    if (found.flat().length === 0) throw failure('timed out waiting for the condition')
    for (const [i, { kind }] of parseTargets(flags.args, session.kinds).entries()) {
      for (const object of found[i]) printDone(session, flags, { kind, object }, 'condition met')
    }
    return
  }
  const targets = namedOnes(session, flags)
  if (targets.length === 0) throw failure(nothingNamed)
  for (const { kind, name, namespace } of targets) {
    if (name === undefined) throw failure('resource name must be provided')
    const answer = await session.ask({ verb: 'get', ...session.of(kind, namespace), name })
    if (!isOk(answer) && answer.code !== 404) {
      throw new ApiError({ verb: 'get', ...session.of(kind, namespace), name, credentials: { user: '', groups: [] }, userAgent: 'kubectl' }, answer)
    }
    let object = isOk(answer) ? answer.body : undefined
    if (!object
      && await follow(session, kind, namespace ?? session.namespace, name, undefined, Math.max(0, deadline - session.now), now => {
        object = now
        return now !== undefined
      }) === 'timeout') {
      throw failure('timed out waiting for the condition')
    }
    printDone(session, flags, { kind, object }, 'condition met')
  }
}
