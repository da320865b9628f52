import { hashString, mix32 } from '../../base/hash.ts'
import { PersistentLog } from '../../base/persistent-log.ts'
import type { Observation, ObservationBody } from './observation.ts'

/** The record of a run: every observation with its cause, and a rolling hash that two equal runs share. */
export class Trace {
  #log = new PersistentLog<Observation>()
  #low = 0x9e3779b9
  #high = 0x243f6a88
  #count = 0
  readonly keep: boolean

  constructor(keep: boolean) { this.keep = keep }

  get count(): number { return this.#count }

  add(at: number, cause: number, actor: string, body: ObservationBody): Observation {
    const id = this.note(at, cause, actor, body), observation = Object.assign({ id, at, cause, actor }, body) as Observation
    if (this.keep) this.#log.append(observation)
    return observation
  }

  /** Takes an observation that nobody looks at into the hash only; answers its id. */
  note(at: number, cause: number, actor: string, body: ObservationBody): number {
    const summary = hashString(fingerprint(body), hashString(actor))
    this.#low = mix32(this.#low ^ summary ^ Math.imul(at | 0, 0x85ebca6b))
    this.#high = mix32(this.#high + summary + Math.imul(cause, 0xc2b2ae35))
    return ++this.#count
  }

  get(id: number): Observation | undefined { return this.#log.get(id - 1) }
  history(): Iterable<Observation> { return this.#log }
  hash(): string { return (this.#high >>> 0).toString(16).padStart(8, '0') + (this.#low >>> 0).toString(16).padStart(8, '0') }

  fork(): Trace {
    const twin = new Trace(this.keep)
    twin.#log = this.#log.fork(); twin.#low = this.#low; twin.#high = this.#high; twin.#count = this.#count
    return twin
  }
}

/** What of an observation goes into the hash: everything that tells two runs apart, objects by their revision. */
function fingerprint(body: ObservationBody): string {
  switch (body.type) {
    case 'object': return `o${body.change}${body.resource}/${body.namespace}/${body.name}@${body.revision}`
    case 'request': return `q${body.request}${body.to}${body.verb} ${body.what}`
    case 'answer': return `a${body.request}${body.code}`
    case 'stage': return `s${body.request}${body.stage}${body.refused ?? ''}`
    case 'etcd': return `e${body.operation}${body.key ?? ''}`
    case 'notify': return `n${body.to}${body.change}${body.what}`
    default: return JSON.stringify(body)
  }
}
