import type { Driver } from '../drivers/driver.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import { wordOf } from './narrate.ts'

/** One arrow of a sequence diagram: who did what to whom. */
export interface Arrow {
  readonly id: number
  readonly at: number
  readonly from: string
  readonly to: string
  readonly what: string
  /** what it is about, to tell the journeys of several objects apart */
  readonly about: string
}
export interface JourneyRow { readonly from: string; readonly to: string; readonly what: string }

const httpWords: Readonly<Record<number, string>> = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed',
  409: 'Conflict', 410: 'Gone', 415: 'Unsupported Media Type',
  422: 'Unprocessable Entity', 429: 'Too Many Requests', 500: 'Internal Server Error', 503: 'Service Unavailable', 504: 'Gateway Timeout',
}

/** Everything the trace tells as arrows, in order; or what these observations tell. */
export function arrowsOf(driver: Pick<Driver, 'history' | 'epochMs'>, only?: ReadonlySet<number>): readonly Arrow[] {
  const history = [...driver.history()], first = history[0]?.id ?? 1
  const at = (id: number): Observation | undefined => id >= first ? history[id - first] : undefined
  const outcomes = writesByRequest(history, at, driver.epochMs)
  return history.flatMap(o => {
    if (only?.has(o.id) === false) return []
    const base = { id: o.id, at: o.at }
    switch (o.type) {
      case 'request':
        return [
          { ...base, from: o.actor, to: o.to, what: o.what, about: o.what },
          ...(outcomes.get(o.id) ?? []).map(what => ({ ...base, from: o.actor, to: o.to, what, about: `${what} ${o.what}` })),
        ]
      case 'answer':
        return [{
          ...base, from: o.actor.startsWith('kube-apiserver') ? o.actor : 'kube-apiserver', to: o.to,
          what: `answers ${o.code} ${httpWords[o.code] ?? o.reason ?? ''}`.trim(), about: o.what,
        }]
      case 'stage':
        return o.refused
          ? [{ ...base, from: 'kube-apiserver', to: 'kube-apiserver', what: `${o.stage} refuses`, about: o.what }]
          : [{ ...base, from: 'kube-apiserver', to: 'kube-apiserver', what: o.stage, about: o.what }]
      case 'etcd': return [{ ...base, from: o.actor, to: 'etcd', what: o.operation, about: `${o.what} ${o.key ?? ''}` }]
      case 'notify':
        return [{ ...base, from: 'kube-apiserver', to: o.to, what: o.what.startsWith('notifies') ? o.what : `notifies of ${o.what}`, about: o.what }]
      case 'schedule':
        return o.phase === 'bind'
          ? [{ ...base, from: 'kube-scheduler', to: 'kube-apiserver', what: `bind pod ${o.pod}`, about: o.pod }]
          : [{ ...base, from: 'kube-scheduler', to: 'kube-scheduler', what: o.phase, about: o.pod }]
      case 'cri': return [{ ...base, from: `kubelet/${o.node}`, to: `container-runtime/${o.node}`, what: o.call, about: o.pod }]
      case 'proxy': return [{ ...base, from: `kube-proxy/${o.node}`, to: `kube-proxy/${o.node}`, what: `program service ${o.service}`, about: '*' }]
      default: return []
    }
  })
}

/** `status of pod x: Running` and `endpoints of service x` are what a request came to: told where it was sent. */
function writesByRequest(
  history: readonly Observation[], at: (id: number) => Observation | undefined, epochMs: number
): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>()
  for (const o of history) {
    if (o.type !== 'object') continue
    const what = o.resource === 'pods' && o.change === 'MODIFIED' && o.old?.status !== o.new?.status
      ? `status of pod ${o.name}: ${wordOf(o.new, 'pods', epochMs + o.at)}`
      : o.resource === 'endpointslices.discovery.k8s.io' && o.change !== 'DELETED'
      ? `endpoints of service ${o.new.metadata.labels?.['kubernetes.io/service-name']}`
      : undefined
    if (what === undefined) continue
    let up: Observation | undefined = o
    for (let n = 0; up && up.type !== 'request' && n < 30; n++) up = at(up.cause)
    if (up?.type === 'request' && (up.actor.startsWith('kubelet') || o.resource !== 'pods')) found.set(up.id, [...(found.get(up.id) ?? []), what])
  }
  return found
}

const aliases: Readonly<Record<string, string>> = {
  'container runtime': 'container-runtime', containerd: 'container-runtime', cri: 'container-runtime', client: 'kubectl', user: 'kubectl',
  runtime: 'container-runtime',
}
/** `kubelet`, `kubelet on worker-1`, `kubelet/worker-1`; nothing, `*` or `-`: anybody. */
export function isParty(written: string, party: string): boolean {
  const said = written.trim().replace(/^the /, '')
  if (said === '' || said === '*' || said === '-') return true
  const [component, host] = said.split(/ on |\//), [actual, actualHost] = party.split('/')
  return (aliases[component.toLowerCase()] ?? component) === actual && (host === undefined || host === actualHost)
}
const sameWhat = (written: string, what: string): boolean => {
  const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').replace(/docker\.io\/(library\/)?/, '')
  return plain(written) === '' || plain(written) === plain(what)
}
export const isArrow = (row: JourneyRow, arrow: Arrow): boolean => isParty(row.from, arrow.from) && isParty(row.to, arrow.to) && sameWhat(row.what, arrow.what)

/** Is the arrow about an object of this name (or about none in particular)? */
export const concerns = (arrow: Arrow, name: string): boolean =>
  arrow.about === '*' || /^endpoints of/.test(arrow.what)
    || new RegExp(`(^|[\\s/:])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}($|[\\s/:])`).test(arrow.about)

export interface JourneyProblem {
  readonly row: number
  readonly found: number
  readonly nearest?: Arrow
  /** exactly: what came in its place */
  readonly instead?: Arrow
}

/** Of two arrows of the same millisecond: did the first lead to the second? What is independent has no order. */
export const leadsTo = (driver: Driver) => (earlier: Arrow, later: Arrow): boolean => {
  let at: number | undefined = later.id
  while (at !== undefined && at > earlier.id) at = driver.observation(at)?.cause
  return at === earlier.id
}

/** The rows as a subsequence of the arrows (or, `exactly`, the whole of them); undefined: they are. */
export function journeyProblem(
  rows: readonly JourneyRow[], arrows: readonly Arrow[], exactly: boolean, leads: (earlier: Arrow, later: Arrow) => boolean
): JourneyProblem | undefined {
  if (exactly) {
    const row = rows.findIndex((r, i) => arrows[i] === undefined || !isArrow(r, arrows[i]))
    if (row >= 0) return { row, found: row, instead: arrows[row] }
    return arrows.length > rows.length ? { row: rows.length, found: rows.length, instead: arrows[rows.length] } : undefined
  }
  const used = new Set<number>()
  let last = -1
  const mayFollow = (arrow: Arrow, i: number): boolean => i > last || (arrow.at === arrows[last].at && !leads(arrow, arrows[last]))
  for (const [index, row] of rows.entries()) {
    const next = arrows.findIndex((a, i) => !used.has(i) && isArrow(row, a) && mayFollow(a, i))
    if (next < 0) return { row: index, found: index, nearest: arrows.find((a, i) => !used.has(i) && isArrow(row, a)) }
    used.add(next); last = next
  }
  return undefined
}
