import type { Driver } from '../../drivers/driver.ts'
import type { Observation } from '../../runtime-model/kernel/observation.ts'

/** The observations of a run so far by their ids, those of the cluster's coming up included. */
export class History {
  readonly #driver: Driver
  /** of the scenario itself, in order; ids are consecutive */
  readonly own: readonly Observation[]
  readonly firstId: number
  readonly lastId: number

  constructor(driver: Driver) {
    this.#driver = driver
    this.own = [...driver.history()]
    this.firstId = this.own[0]?.id ?? 1
    this.lastId = this.own.at(-1)?.id ?? this.firstId - 1
  }
  at(id: number): Observation | undefined { return id >= this.firstId ? this.own[id - this.firstId] : this.#driver.observation(id) }

  /** The latest observation up to a time. */
  upTo(at: number): number {
    let id = this.lastId
    while (id >= this.firstId && this.at(id)!.at > at) id--
    return id
  }

  /**
   * The moment just before what happened at `id`: before the step that caused it at this very time (its mark), else before the first
   * thing of the same millisecond.
   */
  before(id: number): number {
    const at = this.at(id)?.at
    let first = id
    while (first > this.firstId && !isMark(this.at(first)!) && this.at(first - 1)!.at === at) first--
    return first - 1
  }
}
const isMark = (o: Observation): boolean => o.actor === 'scenario' && o.type === 'note'
