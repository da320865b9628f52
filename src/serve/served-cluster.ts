import type { Driver } from '../drivers/driver.ts'
import type { Credentials } from '../runtime-model/api/request.ts'
import { isOk } from '../runtime-model/api/request.ts'
import { isStatus } from '../runtime-model/api/status.ts'
import { httpAnswer, watchLine, type HttpAnswer } from './http-answer.ts'
import { asked, type Asked, type HttpRequest } from './http-request.ts'
import type { Pace } from './pace.ts'

/** The other end of a connection. `hangUp`: nobody answers, as when a server is gone. */
export interface Connection {
  answer(answer: HttpAnswer): void
  /** begins an answer that goes on for as long as the watch does */
  begin(answer: HttpAnswer): void
  write(line: string): void
  end(): void
  hangUp(): void
}

/** HTTP requests on one side, a cluster on the other; its time passes in between. */
export class ServedCluster {
  readonly #driver: Driver
  readonly #pace: Pace
  readonly #administrator: Credentials
  /** watches that end by themselves, and when */
  #endings: { readonly at: number; readonly end: () => void }[] = []
  constructor(driver: Driver, pace: Pace, administrator: Credentials) { this.#driver = driver; this.#pace = pace; this.#administrator = administrator }

  /** Answers what to do when the client goes away first. */
  async take(http: HttpRequest, connection: Connection): Promise<() => void> {
    const question = asked(http, this.#administrator)
    if (isStatus(question)) { connection.answer(httpAnswer({ code: question.code, body: question }, { wanted: {}, pretty: false })); return nothing }
    return question.request.verb === 'watch' ? this.#watch(question, connection) : this.#ask(question, connection)
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

  async #watch(question: Asked, connection: Connection): Promise<() => void> {
    const endsAt = this.#driver.now() + (question.forMs ?? Infinity)
    let there = false, over = false
    const close = this.#driver.watch!(question.request, {
      answered: response => {
        there = true
        if (response.code === 0) connection.hangUp()
        else if (!isOk(response)) connection.answer(httpAnswer(response, question))
        else connection.begin(httpAnswer({ code: 200 }, question))
      },
      told: events => { for (const event of events) connection.write(watchLine(event)) },
      ended: () => { over = true; connection.end() },
    })
    await this.#pace.hurry(() => there)
    if (endsAt < Infinity) this.#endings.push({ at: endsAt, end: () => { if (!over) { close(); connection.end() } } })
    return close
  }

  /** Lets time pass; watches that have lasted as long as they were to end. */
  async tick(): Promise<void> {
    await this.#pace.tick()
    const now = this.#driver.now(), due = this.#endings.filter(e => e.at <= now)
    if (due.length === 0) return
    this.#endings = this.#endings.filter(e => e.at > now)
    for (const { end } of due) end()
  }
}
const nothing = (): void => {}
