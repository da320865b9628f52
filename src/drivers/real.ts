import { span } from '../base/clock.ts'
import { isOk, requestText } from '../runtime-model/api/request.ts'
import type { ClusterOptions, Driver } from './driver.ts'
import { CannotHere, Interrupted } from './driver.ts'
import { Belongings, isOfAnother, newName } from './real/belongings.ts'
import { asOurselves, connect } from './real/connection.ts'
import type { ClusterChoice, Connection } from './real/connection.ts'
import { idOf, wordsOf } from './real/informer.ts'
import { Mirror } from './real/mirror.ts'
import type { Change } from './real/informer.ts'
import { ObservationLog } from './real/observation-log.ts'
import { reportedComponents, reportedTruth, toldOfNodes } from './real/seen-on-nodes.ts'
import { wait } from './real/wait.ts'
import { mustBeSuch } from './real/world.ts'

/** A cluster that is there already; scenarios are run on it one after the other. */
export interface RealCluster {
  /** `kind-kind (v1.35.4)` */
  readonly title: string
  /** a name for the namespace of the next scenario */
  newNamespace(): string
  createDriver(world: ClusterOptions, namespace: string): Driver
  close(): void
}
export interface RealOptions extends ClusterChoice {
  /** has the user asked for an end? */
  readonly interrupted?: () => Promise<boolean>
  /** told of what could not be cleared away */
  readonly left?: (what: readonly string[]) => void
}

/** Opens a cluster by a kubeconfig (or over a connection that is there) and looks at all that its API serves. Throws WrongChoice and Unavailable. */
export async function connectRealCluster(options: RealOptions, connecting: Promise<Connection> = connect(options)): Promise<RealCluster> {
  const connection = await connecting, mirror = new Mirror(connection)
  try {
    const { code, body } = await connection.request({
      verb: 'get', group: '', version: 'v1', resource: '', path: '/version', credentials: { user: '', groups: [] }, userAgent: 'kscenario', timeoutMs: 10_000,
    })
    const version: string = isOk({ code }) ? body?.gitVersion ?? 'unknown' : 'unknown'
    await mirror.open()
    return {
      title: `${connection.context} (${version})`,
      newNamespace: newName,
      createDriver(world, namespace) {
        mustBeSuch(world, mirror, version)
        return createRealDriver({ connection, mirror, options, namespace, world })
      },
      close() { mirror.close(); connection.close() },
    }
  } catch (error) {
    mirror.close(); connection.close()
    throw error
  }
}

interface Given {
  readonly connection: Connection
  readonly mirror: Mirror
  readonly options: RealOptions
  readonly namespace: string
  readonly world: ClusterOptions
}
/** so often signals are let in, and so long may one step wait, ms */
const letInMs = 250, longestMs = 15 * 60_000

/**
 * One scenario on a cluster that is there already: in a namespace of its own, in real time, and seen through the API alone. What cannot be done or seen that
 * way is thrown as CannotHere, and never passes.
 */
function createRealDriver({ connection, mirror, options, namespace, world }: Given): Driver {
  const began = performance.now(), now = (): number => Math.round(performance.now() - began)
  const log = new ObservationLog(now), stop = observed(mirror, log, isOfAnother(namespace)), belongings = new Belongings(namespace, connection, mirror)
  const ready = belongings.begin()
  ready.catch(() => {}) // whoever waits for it is told

  /** What may not be looked at is not taken for absent. */
  const known = <T>(resource: string, value: T): T => {
    const why = mirror.unknown(resource)
    if (why !== undefined) throw new CannotHere(why)
    return value
  }
  /** That nothing has happened is known only to who has looked all the time, and still does. */
  const inTouch = async (gaps: number): Promise<void> => {
    const answer = await connection.request({ verb: 'get', group: '', version: 'v1', resource: '', path: '/version', timeoutMs: 10_000, ...asOurselves })
    if (!isOk(answer)) throw new CannotHere(`the API server is out of touch: ${wordsOf(answer)}`)
    if (mirror.gaps !== gaps) throw new CannotHere('a watch was lost for a while, and what came meanwhile is not known')
  }
  let requests = 0
  const driver: Driver = {
    name: 'real', seed: 0, epochMs: Date.now(), kept: new Map(), now, can: () => false,
    async request(request) {
      await ready
      belongings.mustBeOwn(request)
      const number = ++requests, what = requestText(request, mirror.served(idOf(request))?.kind.toLowerCase()), to = 'kube-apiserver'
      log.record(request.userAgent, { type: 'request', request: number, to, verb: request.verb, what, user: request.credentials.user })
      const answer = await connection.request(request)
      belongings.note(request, answer)
      await mirror.catchUp(request, answer)
      const { reason, message } = answer.body?.kind === 'Status' ? answer.body : {} as any
      log.record(to, { type: 'answer', request: number, to, what, code: answer.code, ...reason ? { reason } : {}, ...message ? { message } : {} })
      return answer
    },
    submit(request, onAnswer) { void driver.request(request).then(onAnswer, (error: Error) => onAnswer({ code: 501, body: { message: error.message } })) },
    watch: (request, listener) => connection.watch(request, listener),
    async exec(target, command) {
      await ready
      belongings.mustBeOwn({ verb: 'create', group: '', version: 'v1', resource: 'pods', subresource: 'exec', ...target, ...asOurselves })
      return connection.exec(target, command)
    },

    async advance(ms) {
      if (ms > longestMs) throw new CannotHere(`${span(ms)} pass in real time there: one step may wait ${span(longestMs)}`)
      await driver.runUntil(() => false, now() + ms)
    },
    // nothing is ever quiescent
    async runUntil(done, deadline) {
      await ready
      const { gaps } = mirror, began = now()
      for (;;) {
        const woken = log.next()
        if (done()) return 'done'
        const left = deadline - now()
        if (left <= 0) { await inTouch(gaps); return 'deadline' }
        if (now() - began > longestMs) throw new CannotHere(`it has been waited for ${span(longestMs)}`)
        if (await options.interrupted?.()) throw new Interrupted('it was waiting when the run was interrupted')
        await Promise.race([woken, wait(Math.min(left, letInMs))])
      }
    },

    observe: (listener, types) => log.observe(listener, types),
    history: () => log.all, observation: id => log.all[id - 1], mark: text => log.record('scenario', { type: 'note', text }),
    stored(resource, within, name) {
      const found = mirror.one(resource, within, name)
      if (!found && resource === 'nodes' && (ofTheModel.test(name) || world.nodes?.some(n => n.name === name))) {
        throw new CannotHere(`there is no node ${name}: the nodes of this cluster are called ${mirror.all('nodes').map(n => n.metadata.name).join(', ')}`)
      }
      return known(resource, found)
    },
    storedList: (resource, within) => known(resource, mirror.all(resource, within).filter(o => !isOfAnother(namespace)(o.metadata.namespace ?? ''))),
    nodeTruth: reportedTruth(mirror), components: () => reportedComponents(mirror),
    rawValue() { throw new CannotHere('what etcd keeps cannot be seen through the API') },
    traffic() { throw new CannotHere('requests of traffic sources are not sent') },
    trafficBetween() { throw new CannotHere('requests between pods are not seen') },
    resolve() { throw new CannotHere('names are not looked up inside the cluster: `kubectl exec` asks a pod to do so') },
    reach() { throw new CannotHere('no requests are sent inside the cluster: `kubectl exec` asks a pod to do so') },

    inject() { throw new CannotHere(noFaults) }, heal() { throw new CannotHere(noFaults) }, healAfter() { throw new CannotHere(noFaults) },
    image(name) { throw new CannotHere(`how containers of image ${name} behave is the image's own affair`) },
    operate(operation) { throw new CannotHere(`${operation.replaceAll('-', ' ')}: the cluster itself is not changed`) },
    async close() {
      stop()
      await ready.catch(() => {})
      const left = await belongings.clearAway()
      if (left.length) options.left?.(left)
    },
  }
  return driver
}
/** Tells what a mirror shows, but for what other scenarios have left behind: what is there at the beginning has come before. Answers the way to end it. */
function observed(mirror: Mirror, log: ObservationLog, others: (namespace: string) => boolean): () => void {
  const take = (change: Change, at?: number): void => {
    const { of, old, new: object, revision } = change, { name, namespace = '' } = (object ?? old)!.metadata
    if (others(namespace) || of.resource === 'namespaces' && others(name)) return
    log.record('kube-apiserver', { type: 'object', change: change.change, resource: idOf(of), kind: of.kind, namespace, name, old, new: object, revision }, at)
    for (const body of toldOfNodes(change)) log.record(`kubelet/${body.node}`, body, at)
  }
  for (const { id, of } of mirror.kinds) {
    for (const object of mirror.all(id)) take({ change: 'ADDED', of, old: null, new: object, revision: Number(object.metadata.resourceVersion) }, 0)
  }
  return mirror.tell(take)
}
/** nodes are called so where a scenario says only how many there are */
const ofTheModel = /^(worker|cp)-\d+$/
const noFaults = 'no faults are injected into a cluster that others may use'
