import type { ApiRequest } from '../runtime-model/api/request.ts'
import { isOk } from '../runtime-model/api/request.ts'
import type { Cluster } from '../runtime-model/cluster.ts'
import type { EndWatch, WatchListener } from './driver.ts'

interface Open { readonly call: number; readonly listener: WatchListener; stream?: number; /** its client is gone */ over?: true }

/** The watches of one who looks at a model from outside: what comes through their streams is handed on after each event. */
export class Watches {
  readonly #cluster: Cluster
  readonly #open = new Set<Open>()
  /** as much of what the streams have told is handed on */
  #taken: number
  constructor(cluster: Cluster) { this.#cluster = cluster; this.#taken = cluster.told.length }

  /** Answers the way to end it. */
  open(request: ApiRequest, listener: WatchListener): EndWatch {
    const watch: Open = { call: this.#cluster.submit(request), listener }
    if (this.#open.size === 0) this.#taken = this.#cluster.told.length
    this.#open.add(watch)
    const end = (): void => {
      watch.over = true
      if (watch.stream !== undefined && this.#open.delete(watch)) this.#cluster.hangUp(watch.stream)
    }
    return Object.assign(end, { bookmark: () => { if (watch.stream !== undefined && this.#open.has(watch)) this.#cluster.bookmark(watch.stream) } })
  }

  deliver(): void {
    if (this.#open.size === 0) return
    for (const watch of [...this.#open]) this.#answer(watch)
    const { told } = this.#cluster
    for (; this.#taken < told.length; this.#taken++) {
      const { stream, events } = told.get(this.#taken)!
      for (const watch of [...this.#open]) if (watch.stream === stream) {
        if (events) watch.listener.told(events)
        else { this.#open.delete(watch); watch.listener.ended() }
      }
    }
  }

  #answer(watch: Open): void {
    if (watch.stream !== undefined) return
    const response = this.#cluster.answer(watch.call)
    if (!response) return
    watch.stream = this.#cluster.streamOf(watch.call)
    if (!isOk(response) || watch.over) this.#open.delete(watch)
    if (!watch.over) watch.listener.answered(response)
    else if (watch.stream !== undefined) this.#cluster.hangUp(watch.stream)
  }
}
