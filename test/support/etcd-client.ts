import { PersistentMap } from '../../src/base/persistent-map.ts'
import type { EtcdOperation, EtcdResult } from '../../src/runtime-model/api/etcd.ts'
import { etcdMember, committedView, type MemberState } from '../../src/runtime-model/etcd/index.ts'
import type { Actor } from '../../src/runtime-model/kernel/actor.ts'
import { Kernel } from '../../src/runtime-model/kernel/kernel.ts'

export interface ClientState {
  readonly answers: PersistentMap<EtcdResult | string>
  seen: readonly string[]
  told: readonly (readonly [stream: number, revision: number])[]
  closed: number
  stream: number
}

/** Stands for kube-apiserver: keeps what etcd answered and what its watch told. */
export const etcdClient = (name: string, host = name): Actor<ClientState> => ({
  id: `client/${name}`, component: 'client', host, supervised: false,
  init: () => ({ answers: new PersistentMap(), seen: [], told: [], closed: 0, stream: 0 }),
  step(state, input) {
    if (input.on === 'message' && input.message.type === 'etcd reply') {
      state.answers.set(String(input.message.replyTo), input.message.result)
      if (input.message.stream !== undefined) state.stream = input.message.stream
    }
    if (input.on === 'message' && input.message.type === 'etcd watch') {
      state.told = [...state.told, ...input.message.events.map((e: any) => [input.message.stream, e.revision] as const)]
    }
    if (input.on === 'message' && input.message.type === 'etcd watch') {
      state.seen = [...state.seen, ...input.message.events.map((e: any) => `${e.type} ${e.key.name}@${e.revision}`)]
    }
    if (input.on === 'failed') state.answers.set(String(input.id), input.why)
    if (input.on === 'closed') state.closed++
    return { state, effects: [] }
  },
})

export const configMap = (name: string, value = ''): any => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { value } })

/** A group of so many members on machines of their own, and a client. */
export function etcdWorld(count: number, { seed = 1, trace = 'full' as 'full' | 'none', initial = [] as any[], stacked = false } = {}) {
  const kernel = new Kernel({ seed, epochMs: 0, trace }), names = Array.from({ length: count }, (_, i) => `etcd-${i + 1}`)
  for (const name of names) {
    kernel.add(etcdMember({ name, host: stacked ? `cp-${name.slice(5)}` : name, members: names, initial, encryptedResources: ['secrets'] }))
  }
  kernel.add(etcdClient('c'))
  kernel.runTo(0)
  return over(kernel)
}

export function over(kernel: Kernel) {
  const state = (member: number): MemberState => kernel.stateOf(`etcd/etcd-${member}`), client = (): ClientState => kernel.stateOf('client/c')
  const world = {
    kernel, state, client,
    ids: () => kernel.ids('etcd'),
    view: () => committedView(kernel.ids('etcd').map(id => kernel.stateOf(id))),
    /** Sends a call; the answer is to be asked for later. */
    ask(operation: EtcdOperation, member = 1, timeoutMs = 60_000): number {
      const id = kernel.nextId()
      kernel.sendFrom('client/c', { do: 'send', to: `etcd/etcd-${member}`, message: { type: 'etcd', id, operation, request: 0 }, timeoutMs })
      return id
    },
    answer: (id: number): any => client().answers.get(String(id)),
    call(operation: EtcdOperation, member = 1, timeoutMs = 60_000): any {
      const id = world.ask(operation, member, timeoutMs)
      while (world.answer(id) === undefined && kernel.stepOnce()) { /* until it is answered */ }
      return world.answer(id)
    },
    put: (name: string, member = 1, expected = 0, rest = {}) =>
      world.call({ op: 'put', key: { resource: 'configmaps', namespace: 'default', name }, expected, value: configMap(name), ...rest }, member),
    get: (name: string, member = 1, linearizable = true) =>
      world.call({ op: 'get', key: { resource: 'configmaps', namespace: 'default', name }, linearizable }, member),
    leaders: () => kernel.ids('etcd').filter(id => kernel.stateOf<MemberState>(id).raft.role === 'leader'),
    fork: () => over(kernel.fork()),
  }
  return world
}
