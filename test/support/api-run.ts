import { isDeepStrictEqual } from 'node:util'
import type { ApiRequest, ApiResponse } from '../../src/runtime-model/api/request.ts'
import type { Actor } from '../../src/runtime-model/kernel/actor.ts'
import { drawCall, names, namespaces } from './api-calls.ts'
import { Broken, difference, properAnswer, properChange, properObject, withoutBeat } from './api-laws.ts'
import { drawOf, pick, served, WIDGETS, type Served } from './api-objects.ts'
import { admin, startServers, type Servers } from './api-servers.ts'

/** A client that watches and remembers every event, object and all. */
interface Recorded { readonly events: readonly any[]; readonly closed: boolean }
const recorder = (id: string, what: Served, resourceVersion?: string): Actor<Recorded> => ({
  id, component: 'recorder', host: `host-${id}`, supervised: false, init: () => ({ events: [], closed: false }),
  step(state, input, context) {
    if (input.on === 'start') {
      return {
        state,
        effects: [{
          do: 'send', to: 'kube-apiserver',
          message: {
            type: 'request', id: context.nextId(),
            request: {
              verb: 'watch', group: what.group, version: what.version, resource: what.resource, credentials: admin, userAgent: 'test', resourceVersion,
            },
          },
        }],
      }
    }
    if (input.on === 'closed') return { state: { ...state, closed: true }, effects: [] }
    if (input.on !== 'message' || (input.message as any).type === 'response') return { state, effects: [] }
    return { state: { ...state, events: [...state.events, ...(input.message as any).events] }, effects: [] }
  },
})
const pathOf = (what: Served): string => `${what.group}/${what.version}/${what.resource}`
const watchable = (what: Served): boolean => what.verbs.includes('watch')
const aboutOf = (what: Served): Pick<ApiRequest, 'group' | 'version' | 'resource' | 'credentials'> =>
  ({ group: what.group, version: what.version, resource: what.resource, credentials: admin })

/** API servers with two namespaces, a node, somebody who may do little, and a kind of one's own. */
let prepared: Servers | undefined
function world(): Servers {
  if (prepared) return prepared.fork()
  const servers = startServers()
  servers.say('create namespaces team-a')
  for (const ns of namespaces) servers.say(`create serviceaccounts ${ns}/default`)
  servers.say('create nodes worker-1')
  servers.say(
    'create roles.rbac.authorization.k8s.io default/shop {"rules":[{"apiGroups":["","apps","shop.example.com"],"resources":["configmaps","deployments","deployments/scale","widgets","pods"],"verbs":["get","list","create","update","patch"]}]}'
  )
  servers.say(
    'create rolebindings.rbac.authorization.k8s.io default/shop {"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"shop"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"jane"}]}'
  )
  servers.ask({ verb: 'create', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', body: WIDGETS })
  servers.kernel.runTo(servers.kernel.now + 10_000)
  prepared = servers
  return servers.fork()
}

export interface Figures { calls: number; refused: number; written: number; notModelled: number; replayed: number; readonly codes: Map<string, number> }
export const noFigures = (): Figures => ({ calls: 0, refused: 0, written: 0, notModelled: 0, replayed: 0, codes: new Map() })

/** Some calls in a row, of which those in `without` are left out; throws Broken with all that were made. */
export function runCalls(seed: number, count: number, figures: Figures, without: ReadonlySet<number> = new Set()): void {
  const servers = world(), made: string[] = [], { kernel } = servers, draw = drawOf(seed)
  const focus = Array.from({ length: 3 + draw(4) }, () => pick(draw, served)), begun = new Map<string, any>()
  let revision = 0
  kernel.observe(o => { if (o.type === 'object') { properChange(o, revision); revision = o.revision } }, ['object'])
  const list = (what: Served, rest: Partial<ApiRequest> = {}): any => servers.ask({ ...aboutOf(what), verb: 'list', ...rest }).body
  for (const what of new Set(focus)) {
    if (watchable(what)) {
      begun.set(pathOf(what), list(what))
      kernel.add(recorder(`from-${pathOf(what)}`, what, begun.get(pathOf(what)).metadata.resourceVersion))
    }
  }
  try {
    for (let i = 0; i < count; i++) {
      const own = drawOf(seed, i + 1)
      if (own(6) === 0) kernel.runTo(kernel.now + own(4000))
      if (without.has(i)) continue
      const request = drawCall(own, focus, what =>
        what.verbs.includes('list') ? (list(what).items ?? []).filter((o: any) => names.includes(o.metadata.name) || own(6) === 0) : [])
      made.push(`${i}: ${describeCall(request)}`)
      const answer = servers.ask(request)
      made[made.length - 1] += ` → ${answer.code} ${answer.body?.message ?? answer.body?.kind ?? ''}`
      note(figures, answer)
      properAnswer(request, answer)
      afterwards(servers, request, answer)
    }
    for (const what of new Set(focus)) if (watchable(what)) { replay(servers, what, begun.get(pathOf(what))); figures.replayed++ }
  } catch (error) {
    const inner = error instanceof Error ? error : new Error(String(error))
    throw new Broken(`${inner instanceof Broken ? inner.message : inner.stack}\nafter\n${made.join('\n')}`)
  }
}
const describeCall = ({ credentials, userAgent: _, group, version, resource, subresource, namespace, name, verb, ...rest }: ApiRequest): string =>
  `${credentials.user || 'anonymous'}: ${verb} ${group ? `${group}/` : ''}${version} ${resource}${subresource ? `/${subresource}` : ''} ${namespace ?? ''}/${name ?? ''} ${JSON.stringify(rest)}`
function note(figures: Figures, { code, body }: ApiResponse): void {
  figures.calls++
  const reason = `${code} ${code < 300 ? '' : body?.reason ?? String(body?.message).split(/[:(]/, 1)[0]}`
  figures.codes.set(reason, (figures.codes.get(reason) ?? 0) + 1)
  if (code === 501) figures.notModelled++
  else if (code >= 300) figures.refused++
  else if (body?.metadata?.uid) figures.written++
}

/** What is there now under the name that was called, or under the name that was made. */
function afterwards(servers: Servers, request: ApiRequest, { code, body }: ApiResponse): void {
  if (code >= 300 || request.dryRun || !['create', 'update', 'patch', 'delete'].includes(request.verb)) return
  const what = served.find(s => s.group === request.group && s.version === request.version && s.resource === request.resource)
  const name = request.name ?? body?.metadata?.name
  if (!what?.verbs.includes('get') || !name) return
  const stored = servers.ask({ ...aboutOf(what), verb: 'get', namespace: what.namespaced ? request.namespace : undefined, name })
  if (stored.code === 200) properObject(servers, what, stored.body)
}

/** The list with which a watch began and what it told make the list of every later revision; a watch from there tells the rest. */
function replay(servers: Servers, what: Served, first: any): void {
  const { kernel } = servers, list = (rest: Partial<ApiRequest>): any => servers.ask({ ...aboutOf(what), verb: 'list', ...rest }).body
  kernel.runTo(kernel.now + 20)
  const { events } = kernel.stateOf<Recorded>(`from-${pathOf(what)}`), key = (o: any): string => `${o.metadata.namespace ?? ''}/${o.metadata.name}`
  const now = new Map<string, any>(first.items.map((o: any) => [key(o), o]))
  const same = (then: any, at: string): void => {
    // its definition is gone
    if (then.code === 404) return
    const told = [...now].sort(([a], [b]) => a < b ? -1 : 1).map(([, o]) => withoutBeat(servers, o)), listed = then.items?.map((o: any) => withoutBeat(servers, o))
    if (!isDeepStrictEqual(told, listed)) {
      throw new Broken(
        `the watch of ${what.resource} and the list at revision ${at} differ: ${JSON.stringify(difference(told, listed)).slice(0, 1500)} ${then.message ?? ''}`
      )
    }
  }
  events.forEach((event, i) => {
    if (event.type === 'DELETED') now.delete(key(event.object)); else now.set(key(event.object), event.object)
    const at = event.object.metadata.resourceVersion
    if (i > 0 && Number(at) <= Number(events[i - 1].object.metadata.resourceVersion)) {
      throw new Broken(`the watch of ${what.resource} tells ${at} after ${events[i - 1].object.metadata.resourceVersion}`)
    }
    if (i % 3 === 0 || i === events.length - 1) same(list({ resourceVersion: at, resourceVersionMatch: 'Exact' }), at)
  })
  const present = list({})
  same(present, 'now')
  // nor is there anything to watch any more
  if (present.code === 404) return
  const middle = events[events.length >> 1]?.object.metadata.resourceVersion
  if (middle === undefined) return
  kernel.add(recorder(`again-${pathOf(what)}`, what, middle)); kernel.runTo(kernel.now + 20)
  const still = (told: Recorded['events']): unknown => told.map(event => ({ ...event, object: withoutBeat(servers, event.object) }))
  if (!isDeepStrictEqual(still(kernel.stateOf<Recorded>(`again-${pathOf(what)}`).events), still(events.slice((events.length >> 1) + 1)))) {
    throw new Broken(`a watch of ${what.resource} from ${middle} tells something else`)
  }
}

/** The fewest calls of a broken run that still break it: calls are left out one by one, later ones first. */
export function shrunk(seed: number, count: number): string {
  const without = new Set<number>()
  const breaks = (candidate: ReadonlySet<number>): string | undefined => {
    try { runCalls(seed, count, noFigures(), candidate); return undefined } catch (error) { return (error as Error).message }
  }
  let message = breaks(without) ?? 'not broken when it is run again'
  const kind = message.split(/[:\n]/, 1)[0]
  for (let size = count >> 1; size >= 1; size >>= 1) for (let from = 0; from < count; from += size) {
    const candidate = new Set([...without, ...Array.from({ length: size }, (_, k) => from + k)])
    const still = candidate.size > without.size ? breaks(candidate) : undefined
    if (still?.startsWith(kind)) { for (const i of candidate) without.add(i); message = still }
  }
  return `seed ${seed}: ${message}`
}
