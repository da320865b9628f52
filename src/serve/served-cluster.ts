import { NotModelled } from '../clients/errors.ts'
import { handedOn, type HandedBack } from '../clients/kubectl/containers/handed-on.ts'
import type { Driver } from '../drivers/driver.ts'
import { behindProxy } from '../runtime-model/api/proxied.ts'
import type { ApiResponse, Credentials } from '../runtime-model/api/request.ts'
import { isStatus, notModelled } from '../runtime-model/api/status.ts'
import { httpAnswer } from './http-answer.ts'
import { asked, isSession, type Asked, type HttpRequest } from './http-request.ts'
import { tellLog } from './log.ts'
import type { Pace } from './pace.ts'
import { beginSession, isWebSocket, listed, refuse, type Upgrade } from './sessions.ts'
import { plainConnection, serveWatch, webSocketConnection, type Connection } from './watch.ts'

/** HTTP requests on one side, a cluster on the other; its time passes in between. */
export class ServedCluster {
  readonly #driver: Driver
  readonly #pace: Pace
  readonly #administrator: Credentials
  /** sessions, logs and watches that go on */
  readonly #followers = new Set<() => boolean>()
  /** for what waits in between, which others do not stand still for */
  readonly #paced: Driver
  constructor(driver: Driver, pace: Pace, administrator: Credentials) {
    this.#driver = driver; this.#pace = pace; this.#administrator = administrator
    this.#paced = { ...driver, advance: ms => pace.pass(ms) }
  }

  /** Answers what to do when the client goes away first. */
  async take(http: HttpRequest, connection: Connection): Promise<() => void> {
    const question = asked(http, this.#administrator)
    if (isStatus(question)) { connection.answer(httpAnswer({ code: question.code, body: question }, { wanted: {}, pretty: false })); return nothing }
    const { verb, resource, subresource } = question.request
    return verb === 'watch' ? this.#watch(question, connection)
      : verb === 'get' && resource === 'pods' && subresource === 'log' ? this.#log(question, connection)
      : subresource === 'proxy' ? this.#handOn(http, question, connection)
      : this.#ask(question, connection)
  }

  /** A connection that is to become another: a session with a pod. */
  async upgrade(http: HttpRequest, upgrade: Upgrade): Promise<void> {
    const question = asked(http, this.#administrator)
    if (isStatus(question)) return refuse(upgrade, { code: question.code, body: question })
    const { request } = question
    if (request.verb === 'watch' && isWebSocket(http)) {
      const { origin, 'sec-websocket-protocol': protocols } = http.headers
      return upgrade.onGone(await this.#watch(question, webSocketConnection(upgrade, listed(origin)[0], listed(protocols))))
    }
    if (!isSession(request)) {
      // an offer that nobody takes; what it would send with it has not come
      if (http.method === 'GET') { await this.take(http, plainConnection(upgrade)); return }
      return refuse(upgrade, { code: 501, body: notModelled(`${http.method} that offers to become another connection`) })
    }
    let answer: ApiResponse | undefined
    this.#driver.submit(request, response => { answer = response })
    await this.#pace.hurry(() => answer !== undefined)
    if (!answer || answer.code === 0) return upgrade.hangUp()
    if (answer.code !== 101) return refuse(upgrade, answer)
    await beginSession(this.#paced, http, request.subresource!, answer.body, upgrade, goOn => this.#follow(goOn))
  }
  #follow(goOn: () => boolean): () => void {
    if (!goOn()) return nothing
    this.#followers.add(goOn)
    return () => { this.#followers.delete(goOn) }
  }

  async #ask(question: Asked, connection: Connection): Promise<() => void> {
    let there = false
    this.#driver.submit(question.request, response => {
      there = true
      if (response.code === 0) connection.hangUp()
      else connection.answer(httpAnswer(response, question))
    })
    await this.#pace.hurry(() => there)
    return nothing
  }

  /** What an API server allows is between its client and who answers behind it. */
  async #handOn({ method, url }: HttpRequest, question: Asked, connection: Connection): Promise<() => void> {
    let answer: ApiResponse | undefined
    this.#driver.submit(question.request, response => { answer = response })
    await this.#pace.hurry(() => answer !== undefined)
    if (!answer || answer.code === 0) connection.hangUp()
    else if (answer.code !== 101) connection.answer(httpAnswer(answer, question))
    else {
      const { pathname: path, search: query } = new URL(url, 'http://server')
      const handed = { method, path, rest: behindProxy(path)!, query }
      const { location, ...back } = await handedOn(this.#paced, answer.body, handed).catch(notModelledAnswer), told = httpAnswer(back, question)
      connection.answer(location === undefined ? told : { ...told, headers: { ...told.headers, location } })
    }
    return nothing
  }

  async #log(question: Asked, connection: Connection): Promise<() => void> {
    let answer: ApiResponse | undefined, leave = nothing
    this.#driver.submit(question.request, response => { answer = response })
    await this.#pace.hurry(() => answer !== undefined)
    const tell = (response: ApiResponse): void => connection.answer(httpAnswer(response, question))
    if (!answer || answer.code === 0) connection.hangUp()
    // the server has nothing against it, and hands it on to the kubelet
    else if (answer.code === 501) leave = tellLog(this.#driver, question.request, { ...connection, tell }, goOn => this.#follow(goOn))
    else tell(answer)
    return leave
  }

  async #watch(question: Asked, connection: Connection): Promise<() => void> {
    const watch = serveWatch(this.#driver, question, connection)
    await this.#pace.hurry(watch.there)
    this.#follow(watch.goOn)
    return watch.leave
  }

  /** Lets time pass; watches that have lasted as long as they were to end. */
  async tick(): Promise<void> {
    await this.#pace.tick()
    for (const goOn of [...this.#followers]) {
      this.#followers.delete(goOn)
      if (goOn()) this.#followers.add(goOn)
    }
  }
}
function notModelledAnswer(error: unknown): HandedBack {
  if (!(error instanceof NotModelled)) throw error
  return { code: 501, body: notModelled(error.message) }
}
const nothing = (): void => {}
