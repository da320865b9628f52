import type { Driver } from '../drivers/driver.ts'
import { isOk } from '../runtime-model/api/request.ts'
import { httpAnswer, watchLine, type HttpAnswer } from './http-answer.ts'
import type { Asked } from './http-request.ts'
import type { Upgrade } from './sessions.ts'

/** The other end of a connection. `hangUp`: nobody answers, as when a server is gone. */
export interface Connection {
  answer(answer: HttpAnswer): void
  /** begins an answer that goes on for as long as the watch does */
  begin(answer: HttpAnswer): void
  write(line: string): void
  end(): void
  hangUp(): void
}

/** A watch that is told to its client; `there`: it is open, or refused. `goOn` looks what is due and says whether it lasts. */
export interface ServedWatch { there(): boolean; goOn(): boolean; leave(): void }

/**
 * When bookmarks come: behind the beginning, from one to the next, and before the end. Source: k8s.io/apiserver pkg/storage/cacher/cache_watcher.go
 * (nextBookmarkTime)
 */
const firstMs = 1000, eachMs = 60_000, beforeEndMs = 2000
export function serveWatch(driver: Driver, question: Asked, connection: Connection): ServedWatch {
  const from = driver.now(), endsAt = from + (question.forMs ?? Infinity), { request } = question
  let there = false, over = false, next = request.allowWatchBookmarks ? from + firstMs : Infinity
  const close = driver.watch!(request, {
    answered: response => {
      there = true
      over = !isOk(response)
      if (response.code === 0) connection.hangUp()
      else if (over) connection.answer(httpAnswer(response, question))
      else connection.begin(httpAnswer({ code: 200 }, question))
    },
    told: events => { for (const event of events) connection.write(watchLine(event)) },
    ended: () => { over = true; connection.end() },
  })
  const leave = (): void => { over = true; close() }
  return {
    there: () => there, leave,
    goOn() {
      const now = driver.now()
      if (!over && now >= next) {
        close.bookmark?.()
        next = now < endsAt - beforeEndMs ? Math.min(now + eachMs, endsAt - beforeEndMs) : Infinity
      }
      if (!over && now >= endsAt) { leave(); connection.end() }
      return !over && Math.min(endsAt, next) < Infinity
    },
  }
}

/**
 * A watch as a WebSocket: each line is a message of text, whatever subprotocol its client asks for. Sources: k8s.io/apiserver pkg/endpoints/handlers/watch.go
 * (HandleWS); golang.org/x/net/websocket hybi.go
 */
export function webSocketConnection(upgrade: Upgrade, origin: string | undefined, protocols: readonly string[]): Connection {
  let socket: ReturnType<Upgrade['webSocket']> | undefined
  const refused = origin === undefined ? 403 : protocols.length > 1 ? 400 : undefined
  return {
    ...plainConnection(upgrade),
    begin() {
      if (refused !== undefined) upgrade.refuse({ status: refused, body: '' })
      else socket = upgrade.webSocket(protocols[0])
    },
    write(line) { socket?.then(open => open.send(line)) },
    end() { socket?.then(open => open.close()) },
  }
}
/** A request that would have become another connection, and is answered as any other. */
export const plainConnection = (upgrade: Upgrade): Connection => ({
  answer({ status, body, headers }) { upgrade.refuse({ status, body: typeof body === 'string' ? body : Buffer.from(body).toString(), headers }) },
  begin() { upgrade.hangUp() }, write() {}, end() {}, hangUp() { upgrade.hangUp() },
})
