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
    const id = this.note(at, actor, body), observation = observed(body, id, at, cause, actor)
    if (this.keep) this.#log.append(observation)
    return observation
  }

  /** Takes an observation that nobody looks at into the hash only; answers its id. */
  note(at: number, actor: string, body: ObservationBody): number {
    const summary = fingerprint(body)
    if (summary !== 0) {
      const mixed = mix32(summary ^ Math.imul(at | 0, 0x85ebca6b) ^ hashOf(actor))
      this.#low = mix32(this.#low ^ mixed)
      this.#high = mix32(this.#high + mixed)
    }
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

/** The record of an observation. The frequent types are spelled out: literals are made many times faster than copies. */
function observed(o: ObservationBody, id: number, at: number, cause: number, actor: string): Observation {
  switch (o.type) {
    case 'object':
      return {
        type: o.type, change: o.change, resource: o.resource, kind: o.kind, namespace: o.namespace, name: o.name, old: o.old, new: o.new, revision: o.revision,
        id, at, cause, actor,
      }
    case 'request': return { type: o.type, request: o.request, to: o.to, verb: o.verb, what: o.what, user: o.user, id, at, cause, actor }
    case 'answer':
      return o.reason === undefined && o.message === undefined
        ? { type: o.type, request: o.request, to: o.to, what: o.what, code: o.code, id, at, cause, actor }
        : { ...o, id, at, cause, actor }
    case 'stage':
      return o.refused === undefined ? { type: o.type, request: o.request, stage: o.stage, what: o.what, id, at, cause, actor } : { ...o, id, at, cause, actor }
    case 'etcd': return { type: o.type, to: o.to, operation: o.operation, key: o.key, what: o.what, request: o.request, id, at, cause, actor }
    case 'notify': return { type: o.type, to: o.to, change: o.change, what: o.what, id, at, cause, actor }
    default: return { ...o, id, at, cause, actor }
  }
}

/** Hashes of words that come again and again: types, verbs, ids of processes. */
const known = new Map<string, number>()
function hashOf(word: string): number {
  let hash = known.get(word)
  if (hash === undefined) {
    if (known.size > 100_000) known.clear()
    known.set(word, hash = hashString(word))
  }
  return hash
}

/**
 * What of an observation goes into the hash: everything that tells two runs apart, objects by their revision. 0: nothing, as stages, storage
 * operations and notices of watches follow from the requests, answers and changes around them. (Those need not even be recorded.)
 */
function fingerprint(body: ObservationBody): number {
  switch (body.type) {
    case 'stage': case 'etcd': case 'notify': return 0
    case 'object':
      return mix32(
        hashOf(body.resource) + Math.imul(hashString(body.name, hashOf(body.namespace)), 31) + Math.imul(body.revision, 0x9e3779b1)
      ) ^ hashOf(body.change)
    case 'request': return mix32(hashString(body.what, body.request) ^ hashOf(body.to))
    case 'answer': return mix32(Math.imul(body.request, 0x9e3779b1) + body.code)
    default: return fieldsHash(body)
  }
}

function fieldsHash(body: object): number {
  let hash = 1
  for (const key in body) {
    const value: unknown = (body as any)[key]
    hash = mix32(
      hash
        + hashOf(key) ^ (typeof value === 'string' ? hashString(value)
          : typeof value === 'number' ? Math.imul(value | 0, 0x9e3779b1)
          : hashString(JSON.stringify(value) ?? ''))
    )
  }
  return hash
}
