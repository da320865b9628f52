import { parseLabelSelector } from '../../../runtime-model/api/selectors.ts'
import { isOk } from '../../../runtime-model/api/request.ts'
import { ApiError, bare, failure, Several } from '../errors.ts'
import { bool, duration, inert, int, situational, text, type Flags } from '../flags.ts'
import { goDuration } from '../go-duration.ts'
import { kindOf, nameOf } from '../kinds.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { dryRun, selectors, type Verb } from '../verb.ts'
import { FOREVER_MS } from '../waiting.ts'
import { nodesOf, setSchedulable } from './cordon.ts'

/** Empties nodes. Sources: kubectl pkg/cmd/drain/drain.go, pkg/drain/{drain,filters}.go. */
export const drain: Verb = {
  flags: {
    ...selectors, ...dryRun, 'chunk-size': inert(int('500')), 'delete-emptydir-data': situational(bool()), 'disable-eviction': situational(bool()),
    force: situational(bool()), 'grace-period': situational(int('-1')),
    'ignore-daemonsets': situational(bool()), 'pod-selector': text(),
    'skip-wait-for-delete-timeout': situational(int('0')), timeout: situational(duration('0s')),
  },
  async run(session, flags, command) {
    if (flags.given('pod-selector') && parseLabelSelector(flags.text('pod-selector')).error !== undefined) {
      throw failure('--pod-selector=<pod_selector> must be a valid label selector')
    }
    const nodes = await nodesOf(session, flags, command), failed: { readonly node: string; readonly errors: readonly string[] }[] = []
    for (const node of nodes) await setSchedulable(session, flags, node, true)
    for (const node of nodes) {
      const errors = await empty(session, flags, node.name)
      if (errors.length === 0) { printDone(session, flags, node, 'drained', dryRunOf(flags)); continue }
      failed.push({ node: node.name, errors })
      session.complain(`error: unable to drain node ${JSON.stringify(node.name)} due to error: ${together(errors)}, continuing command...`)
    }
    if (failed.length === 0) return
    session.complain(['There are pending nodes to be drained:', ...failed.map(f => ` ${f.node}`)].join('\n'))
    throw new Several(failed.flatMap(f => f.errors).map(bare))
  },
}
const together = (errors: readonly string[]): string => errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`

interface Verdict { readonly pod: any; readonly delete: boolean; readonly fatal?: string; readonly warning?: string }

/** What may be done with a pod: the first filter that says no ends the matter, else the last one speaks. */
function judge(pod: any, flags: Flags): Omit<Verdict, 'pod'> {
  const owner = pod.metadata.ownerReferences?.find((r: any) => r.controller), finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
  if (owner?.kind === 'DaemonSet' && !finished) {
    return flags.on('ignore-daemonsets')
      ? { delete: false, warning: 'ignoring DaemonSet-managed Pods' }
      : { delete: false, fatal: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' }
  }
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror']) return { delete: false }
  const local = pod.spec.volumes?.some((v: any) => v.emptyDir) === true && !finished
  if (local && !flags.on('delete-emptydir-data')) return { delete: false, fatal: 'Pods with local storage (use --delete-emptydir-data to override)' }
  if (finished || owner) return { delete: true }
  return flags.on('force')
    ? { delete: true, warning: 'deleting Pods that declare no controller' }
    : { delete: false, fatal: 'cannot delete Pods that declare no controller (use --force to override)' }
}
const placeOf = (pod: any): string => `${pod.metadata.namespace}/${pod.metadata.name}`
function grouped(verdicts: readonly Verdict[], of: 'fatal' | 'warning', words: (why: string) => string): string[] {
  const groups = new Map<string, string[]>()
  for (const v of verdicts) if (v[of]) groups.set(v[of], [...groups.get(v[of]) ?? [], placeOf(v.pod)])
  return [...groups].map(([why, pods]) => `${words(why)}: ${pods.join(', ')}`)
}

/** Evicts the pods of one node and waits until they are gone; what stood in the way is returned. */
async function empty(session: Session, flags: Flags, node: string): Promise<readonly string[]> {
  const consider = async (): Promise<Verdict[]> => {
    const pods = await session.list(kindOf('pods'), {
      namespace: '', fieldSelector: `spec.nodeName=${node}`, ...flags.given('pod-selector') ? { labelSelector: flags.text('pod-selector') } : {},
    })
    return pods.map(pod => ({ pod, ...judge(pod, flags) }))
  }
  const verdicts = await consider(), refused = grouped(verdicts, 'fatal', why => `cannot delete ${why}`)
  if (refused.length > 0) return refused
  const warnings = grouped(verdicts, 'warning', why => why)
  if (warnings.length > 0) session.complain(`Warning: ${warnings.join('; ')}`)
  const going = verdicts.filter(v => v.delete).map(v => v.pod)
  if (dryRunOf(flags) === 'client') {
    for (const pod of going) session.print(`evicting pod ${placeOf(pod)} (dry run)`)
    return []
  }
  const errors = await evictAll(session, flags, going)
  if (errors.length > 0) {
    const pending = (await consider()).filter(v => v.delete)
    if (pending.length > 0) {
      session.complain([
        `There are pending pods in node ${JSON.stringify(node)} when an error occurred: ${together(errors)}`, ...pending.map(v => `pod/${v.pod.metadata.name}`),
      ].join('\n'))
    }
  }
  return errors
}

const retryMs = 5000
interface Leaving { readonly pod: any; state: 'waiting' | 'evicted' | 'gone' | 'failed'; nextAt: number }

/**
 * All pods at once, as kubectl does with one goroutine for each, until none is left to wait for. A budget's refusal is tried again after five seconds, which
 * the deadline does not cut short.
 */
async function evictAll(session: Session, flags: Flags, pods: readonly any[]): Promise<readonly string[]> {
  const ms = flags.duration('timeout') || FOREVER_MS, deadline = session.now + ms, errors: string[] = []
  const leaving: Leaving[] = pods.map(pod => ({ pod, state: 'waiting', nextAt: session.now }))
  const deleted = new Set<string>(), hasGone = (l: Leaving): boolean => l.state === 'evicted' && deleted.has(l.pod.metadata.uid)
  const stop = session.driver.observe(o => {
    if (o.type === 'object' && o.resource === 'pods' && o.change === 'DELETED') deleted.add(o.old?.metadata.uid ?? o.new?.metadata.uid)
  })
  const tried = dryRunOf(flags) === 'server' ? ' (server dry run)' : ''
  const ended = (words: string): string => ms < FOREVER_MS ? words : 'nothing will end the wait'
  const giveUp = (l: Leaving): void => {
    // pods that are deleted are waited for together, and of that wait no more is told than Go's own words
    if (flags.on('disable-eviction') && ms < FOREVER_MS) errors.splice(0, Infinity, ...errors.filter(e => e !== deadlineWords), deadlineWords)
    else errors.push(l.state === 'waiting'
      ? `error when ${evicting(l.pod)}: ${ended(`global timeout reached: ${goDuration(ms)}`)}`
      : `error when waiting for pod ${JSON.stringify(l.pod.metadata.name)} in namespace ${JSON.stringify(l.pod.metadata.namespace)} to terminate: ${
        ended(deadlineWords)}`)
    l.state = 'failed'
  }
  let rests = 0
  try {
    for (;;) {
      for (const l of leaving.filter(l => l.state === 'waiting' && l.nextAt <= session.now)) {
        if (!flags.on('disable-eviction')) session.print(`evicting pod ${placeOf(l.pod)}${tried}`)
        if (session.now >= deadline) giveUp(l)
        else await evict(session, flags, l, errors)
      }
      for (const l of leaving.filter(hasGone)) {
        l.state = 'gone'
        session.print(`${nameOf(kindOf('pods'), l.pod.metadata.name)} ${flags.on('disable-eviction') ? 'deleted' : 'evicted'}`)
      }
      if (session.now >= deadline) leaving.filter(l => l.state === 'evicted').forEach(giveUp)
      const waiting = leaving.filter(l => l.state === 'waiting'), evicted = leaving.filter(l => l.state === 'evicted')
      if (waiting.length + evicted.length === 0) return errors
      const next = Math.min(...waiting.map(l => l.nextAt), evicted.length > 0 ? deadline : Infinity)
      const on = (toDeadline: boolean): Promise<string> => session.driver.runUntil(() => leaving.some(hasGone), next, { toDeadline })
      const atRest = await on(ms < FOREVER_MS) === 'quiescent'
      rests = atRest ? rests + 1 : 0
      // without a timeout kubectl would ask for ever: where nothing changes by itself, asking once more is enough
      if (atRest && (waiting.length === 0 || rests > 1)) [...waiting, ...evicted].forEach(giveUp)
      else if (atRest) await on(true)
    }
  } finally { stop() }
}

const deadlineWords = 'context deadline exceeded'
const evicting = ({ metadata: { name, namespace } }: any): string => `evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`
async function evict(session: Session, flags: Flags, leaving: Leaving, errors: string[]): Promise<void> {
  const { name, namespace } = leaving.pod.metadata, at = { ...session.of(kindOf('pods'), namespace), name }, grace = flags.int('grace-period')
  const options = grace >= 0 ? { gracePeriodSeconds: grace } : {}
  const server = dryRunOf(flags) === 'server', dry = server ? { dryRun: true } : {}
  const answer = flags.on('disable-eviction') ? await session.ask({ verb: 'delete', ...at, body: options, ...dry })
    : await session.ask({
      verb: 'create', ...at, subresource: 'eviction', ...dry, body: {
        apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions: options,
      },
    })
  const failed = `error when ${evicting(leaving.pod)}`
  // what is only tried is not waited for, except where pods are deleted
  if (isOk(answer)) leaving.state = server && !flags.on('disable-eviction') ? 'gone' : 'evicted'
  else if (answer.code === 404) leaving.state = 'gone'
  else if (answer.code === 429) { session.complain(`${failed} (will retry after 5s): ${answer.body.message}`); leaving.nextAt = session.now + retryMs }
  else if (answer.code === 0) throw new ApiError({ verb: 'create', ...at, credentials: { user: '', groups: [] }, userAgent: 'kubectl' }, answer)
  else { leaving.state = 'failed'; errors.push(`${failed}: ${answer.body?.message}`) }
}
