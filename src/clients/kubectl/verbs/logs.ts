import { mustBeAble } from '../../../drivers/driver.ts'
import { isOk } from '../../../runtime-model/api/request.ts'
import { timeProblem } from '../../../runtime-model/api/time-errors.ts'
import { NotModelled } from '../../errors.ts'
import { kubeletUrl, unreached } from '../containers/kubelet.ts'
import { logOf } from '../containers/log.ts'
import { ApiError, bare, failure, isNotFound, usage } from '../errors.ts'
import { bool, duration, inert, int, text, type Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import { selectorText } from '../selector.ts'
import type { Session } from '../session.ts'
import { parseTargets } from '../targets.ts'
import { selectors, type Verb } from '../verb.ts'

/** What containers printed. Sources: kubectl pkg/cmd/logs/logs.go, pkg/polymorphichelpers/logsforobject.go. */
export const logs: Verb = {
  flags: {
    ...selectors, container: text('c'), follow: bool('f'), previous: bool('p'), timestamps: bool(), tail: int('-1'), since: duration(), 'since-time': text(),
    'all-containers': bool(), 'limit-bytes': int(), prefix: bool(), 'ignore-errors': bool(), 'pod-running-timeout': inert(duration('20s')),
    'all-pods': bool(),
    'insecure-skip-tls-verify-backend': inert(bool()), 'max-log-requests': inert(int('5')),
  },
  async run(session, flags, command) {
    if (flags.args.length > 0 && flags.text('selector')) throw usage(command, 'only a selector (-l) or a POD name is allowed')
    const wrong = flags.text('since-time') === '' ? undefined : timeProblem(flags.text('since-time'))
    if (wrong !== undefined) throw failure(wrong)
    const pods = await podsOf(session, flags, command)
    if (flags.int('tail') < -1) throw failure('--tail must be greater than or equal to -1')
    if (flags.given('since') && flags.given('since-time')) throw failure('at most one of `sinceTime` or `sinceSeconds` may be specified')
    if (flags.on('all-containers') && flags.text('container')) {
      throw failure(`--all-containers=true should not be specified with container name ${flags.text('container')}`)
    }
    if (pods.length === 0) session.complain(`No resources found in ${session.namespace} namespace.`)
    for (const pod of pods) {
      const all = [...pod.spec.initContainers ?? [], ...pod.spec.containers].map((c: any) => c.name), asked = flags.text('container') || flags.args[1]
      if (asked && !all.includes(asked)) throw bare(`error: container ${asked} is not valid for pod ${pod.metadata.name}`)
      const named = flags.on('all-containers') ? all : [asked ?? defaultContainer(session, pod)]
      for (const container of named) {
        try { await one(session, flags, pod, container) } catch (error) {
          if (!(error instanceof ApiError) || !flags.on('ignore-errors')) throw error
          session.print(`error: ${error.message}`)
        }
      }
    }
  },
}

async function podsOf(session: Session, flags: Flags, command: string): Promise<any[]> {
  const pods = kindOf('pods'), { args } = flags, selector = flags.text('selector')
  if (selector) return session.list(pods, { namespace: session.namespace, labelSelector: selector })
  if (args.length === 0 || args.length > 2) {
    throw usage(command, "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command")
  }
  const [target] = args[0].includes('/') ? parseTargets([args[0]], session.kinds) : [{ kind: pods, name: args[0] }]
  let object: any
  try { object = await session.get(target.kind, target.name!) } catch (error) {
    if (!isNotFound(error)) throw error
    throw failure(`error from server (NotFound): ${error.message} in namespace ${JSON.stringify(session.namespace)}`)
  }
  if (target.kind === pods) return [object]
  if (!object.spec?.selector) {
    throw failure(
      `cannot get the logs from *${target.kind.version}.${target.kind.kind}: selector for *${target.kind.version}.${target.kind.kind} not implemented`
    )
  }
  const found = await session.list(pods, {
    namespace: session.namespace,
    labelSelector: target.kind.kind === 'Service' ? selectorText({ matchLabels: object.spec.selector }, '') : selectorText(object.spec.selector, ''),
  })
  if (found.length === 0) throw failure('timed out waiting for the condition')
  if (flags.on('all-pods')) return found
  if (found.length > 1) session.complain(`Found ${found.length} pods, using pod/${found[0].metadata.name}`)
  return found.slice(0, 1)
}

export function defaultContainer(session: Session, pod: any, quiet = false): string {
  const annotated = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'], containers = pod.spec.containers as any[]
  const inits = (pod.spec.initContainers ?? []) as any[]
  const chosen = containers.find(c => c.name === annotated)?.name ?? containers[0].name
  if (!quiet && containers.length + inits.length > 1 && chosen !== annotated) {
    session.complain(
      `Defaulted container ${JSON.stringify(chosen)} out of: ${[...containers.map(c => c.name), ...inits.map(c => `${c.name} (init)`)].join(', ')}`
    )
  }
  return chosen
}

/** of a selector ten lines each, unless it is said how many */
const tailOf = (flags: Flags): number => flags.given('tail') || !flags.given('selector') ? flags.int('tail') : 10

/** Which lines an API server is asked for. Source: k8s.io/api core/v1 (PodLogOptions) */
function wantedOf(flags: Flags): Readonly<Record<string, string>> {
  const tail = tailOf(flags)
  return {
    ...flags.on('timestamps') ? { timestamps: 'true' } : {}, ...tail >= 0 ? { tailLines: String(tail) } : {},
    ...flags.given('since') ? { sinceSeconds: String(Math.ceil(flags.duration('since') / 1000)) } : {},
    ...flags.given('since-time') ? { sinceTime: flags.text('since-time') } : {}, ...flags.int('limit-bytes') ? { limitBytes: String(flags.int('limit-bytes')) } : {},
  }
}

/** What the kubelet would stream: the lines of one container, as many as are asked for. Source: pkg/kubelet/kuberuntime/logs/logs.go */
async function one(session: Session, flags: Flags, pod: any, container: string): Promise<void> {
  const { name, namespace, uid } = pod.metadata, previous = flags.on('previous'), { driver } = session
  const request = {
    verb: 'get', ...session.of(kindOf('pods'), namespace), name, subresource: 'log',
    query: { container, ...previous ? { previous: 'true' } : {}, ...wantedOf(flags) },
  } as const
  if (flags.on('follow')) mustBeAble(driver, 'sessions')
  const answer = await session.quietly(request), lead = flags.on('prefix') || flags.on('all-pods') ? `[pod/${name}/${container}] ` : ''
  const asked = (): void => { session.requests.push({ what: `get pod/log ${name}`, response: { code: 200 } }) }
  if (isOk(answer)) { asked(); session.stdout += String(answer.body).replace(/^(?=.|\n)/gm, lead); return }
  if (answer.code !== 501) { await session.send(request); return }
  const why = unreached(driver, pod)
  if (why !== undefined) throw bare(`Error from server: Get "${kubeletUrl(driver, pod, 'containerLogs', container, [])}": ${why}`)
  const runs = driver.nodeTruth.pod(uid, pod.spec.nodeName)?.containers.find(c => c.name === container)?.state === 'running'
  const text = logOf(driver, pod, container, {
    previous, timestamps: flags.on('timestamps'), tail: tailOf(flags),
    ...flags.given('since') ? { fromMs: session.calendarMs - flags.duration('since') }
      : flags.given('since-time') ? { fromMs: Date.parse(flags.text('since-time')) }
      : {},
    lead, limitBytes: flags.int('limit-bytes'),
  })
  if (flags.on('follow') && runs && !previous) throw new NotModelled('kubectl logs --follow of a container that runs: it never ends')
  asked()
  session.stdout += text
}
