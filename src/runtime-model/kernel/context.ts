import type { StepContext } from './actor.ts'
import type { Core } from './core.ts'
import { suffixFrom, uidFrom } from './names.ts'
import { cut } from './transport.ts'

/** What the process whose step runs may ask the kernel. One object for all steps of a run. */
export function contextOf(core: Core): StepContext {
  const self = (): string => core.cells[core.self].actor.id, { random } = core
  return {
    get now() { return core.now },
    get wallMs() { return core.options.epochMs + core.now + core.skewOf(core.cells[core.self].actor.host) },
    get self() { return core.cells[core.self].actor.id },
    get host() { return core.cells[core.self].actor.host },
    nextId: () => core.nextId++,
    choose: (purpose, n) => random.choose(`${purpose}@${self()}`, n),
    bits: purpose => random.bits(`${purpose}@${self()}`),
    uid: (stream = 'uid') => { const [a, b, c, d] = random.block(stream, 4); return uidFrom(a, b, c, d) },
    suffix: () => { const [a, b] = random.block('suffix', 2); return suffixFrom(a, b) },
    instances: component => core.ids(component),
    heartbeat: key => { const h = core.heartbeats.get(key); return h && { lastAt: core.heartbeats.lastAt(h, core.now), kept: h.stoppedAt < 0 } },
    condition: name => core.condition(name),
    connection: peer => { const i = core.index.get(peer); return i === undefined ? 0 : core.peers.connection(core.self, i) },
    isObserved: type => core.isObserved(type),
    linked: (a, b) => !cut(core, a, b),
    peek: id => {
      const i = core.index.get(id)
      if (i === undefined) return undefined
      const { state, status, actor } = core.cells[i], power = core.powerOf(actor.host)
      return { state, status: power === 'up' ? status : power }
    },
  }
}
