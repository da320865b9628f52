import type { KubeObject } from '../api/request.ts'
import type { StepContext } from '../kernel/actor.ts'
import type { Identity } from '../network/client.ts'
import { store } from '../network/informer.ts'
import type { Informers } from '../network/informer.ts'
import type { Index, Memory, View } from './controller.ts'
import { countUnder, namesUnder } from './tables.ts'
import type { Tables } from './tables.ts'

/** What the manager has for its controllers to see. */
export interface Seen {
  readonly custom: View['custom']
  readonly informers: Informers
  readonly tables: Tables
  readonly minorVersion: number
  readonly startedAt: number
}

/** The view of one controller, for the length of one step. */
export class ControllerView implements View {
  readonly #seen: Seen
  readonly #context: StepContext
  readonly identity: Identity
  readonly memory: Memory

  constructor(seen: Seen, context: StepContext, identity: Identity, memory: Memory) {
    this.#seen = seen
    this.#context = context
    this.identity = identity
    this.memory = memory
  }

  get now(): number { return this.#context.now }
  get wallMs(): number { return this.#context.wallMs }
  get minorVersion(): number { return this.#seen.minorVersion }
  get custom(): View['custom'] { return this.#seen.custom }
  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return store(this.#seen.informers, resource).get(`${namespace ?? ''}/${name}`)
  }
  list(resource: string, namespace?: string): readonly KubeObject[] {
    const all = store(this.#seen.informers, resource).sorted(), found: KubeObject[] = []
    for (const [, object] of all) if (namespace === undefined || object.metadata.namespace === namespace) found.push(object)
    return found
  }
  by(index: Index, key: string): readonly KubeObject[] {
    const objects = store(this.#seen.informers, index.resource)
    return namesUnder(this.#seen.tables, index, key).map(name => objects.get(name)!)
  }
  count(index: Index, key: string, count?: string): number { return countUnder(this.#seen.tables, index, key, count) }
  heartbeat(key: string): { readonly lastAt: number; readonly kept: boolean } | undefined { return this.#context.heartbeat(key) }
  untilTick(periodMs: number): number { return periodMs - (this.#context.now - this.#seen.startedAt) % periodMs }
  choose(purpose: string, n: number): number { return this.#context.choose(purpose, n) }
  uid(): string { return this.#context.uid() }
  suffix(): string { return this.#context.suffix() }
}
