import type { ApiRequest, ApiResponse } from '../../src/runtime-model/api/request.ts'
import { pair, WELL } from '../../src/runtime-model/network/links.ts'
import { drawOf, pick, type Draw } from './api-objects.ts'
import { startServers, type Servers } from './api-servers.ts'
import type { Input, Operation, Output } from './linearizability.ts'

/** Three machines with an etcd member and an API server each, and people who write and read through whichever answers. */
const hosts = ['cp-1', 'cp-2', 'cp-3'], keys = ['a', 'b', 'c']
let prepared: Servers | undefined
const world = (): Servers => (prepared ??= startServers({ servers: hosts.length })).fork()

const mishaps: readonly ((servers: Servers, draw: Draw) => void)[] = [
  ({ kernel }, draw) => { kernel.stop(pick(draw, kernel.ids('etcd'))) }, ({ kernel }, draw) => { kernel.start(pick(draw, kernel.ids('etcd'))) },
  ({ kernel }, draw) => { kernel.crash(pick(draw, kernel.ids('etcd'))) }, ({ kernel }, draw) => { kernel.crash(pick(draw, kernel.ids('kube-apiserver'))) },
  ({ kernel }, draw) => { kernel.stop(pick(draw, kernel.ids('kube-apiserver'))) },
  ({ kernel }, draw) => { kernel.start(pick(draw, kernel.ids('kube-apiserver'))) },
  ({ kernel }, draw) => { kernel.hang(pick(draw, [...kernel.ids('etcd'), ...kernel.ids('kube-apiserver')])) },
  ({ kernel }) => { for (const id of kernel.ids()) kernel.resume(id) },
  ({ kernel }, draw) => { kernel.hostDown(pick(draw, hosts)) }, ({ kernel }, draw) => { kernel.hostUp(pick(draw, hosts)) },
  ({ kernel }, draw) => {
    const side = hosts.filter(() => draw(2) === 0), rest = [...hosts, 'client'].filter(h => !side.includes(h))
    kernel.setLinks(links => ({ ...links, blocked: new Set(side.flatMap(a => rest.filter(b => draw(5) > 0 || b !== 'client').map(b => pair(a, b)))) }))
  },
  ({ kernel }) => { kernel.setLinks(() => WELL) }, ({ kernel }) => { kernel.setLinks(() => WELL) },
]

interface Pending { readonly id: number; readonly called: number; readonly input: Input; readonly key: string }
export interface Schedule {
  readonly history: readonly Operation<Input, Output>[]
  readonly figures: { certain: number; unknown: number; refused: number; written: number }
}

/** Some minutes of bad luck; then everything is healed and read again. The history of all that was asked, with what came back. */
export function runApiSchedule(seed: number, rounds = 8): Schedule {
  const servers = world(), { kernel } = servers, draw = drawOf(seed), history: Operation<Input, Output>[] = []
  const figures = { certain: 0, unknown: 0, refused: 0, written: 0 }, open = new Map<number, Pending>()
  const seen = new Map<string, { readonly value: string; readonly resourceVersion: string }>()
  let clock = 0, writes = 0
  const settle = (): void => {
    for (const [id, pending] of open) {
      const response = servers.answer(id)
      if (!response) continue
      open.delete(id)
      const output = outcomeOf(pending.input, response)
      if (response.body?.data?.value && response.code < 300) {
        seen.set(pending.key, { value: response.body.data.value, resourceVersion: response.body.metadata.resourceVersion })
      }
      if (output === 'never') { figures.refused++; continue }
      if (output === undefined) figures.unknown++; else { figures.certain++; if (output.ok && pending.input.do !== 'read') figures.written++ }
      // a read that failed says nothing
      if (output !== undefined || pending.input.do !== 'read') history.push({ ...pending, returned: output === undefined ? Infinity : ++clock, output })
    }
  }
  const runTo = (at: number): void => { while (kernel.nextAt() <= at) { kernel.stepOnce(); settle() } kernel.idleTo(at) }
  const ask = (input: Input, key: string, request: Partial<ApiRequest>): void => {
    const id = servers.submit({ resource: 'configmaps', namespace: 'default', name: key, timeoutMs: pick(draw, [5000, 20_000, 60_000]), ...request })
    open.set(id, { id, called: ++clock, input, key })
    settle()
  }
  const anything = (): void => {
    const key = pick(draw, keys), value = `v${++writes}`, last = seen.get(key), body = { metadata: { name: key }, data: { value } }
    switch (draw(7)) {
      case 0: case 1: return ask({ do: 'create', value }, key, { verb: 'create', name: undefined, body })
      case 2: return ask({ do: 'set', value }, key, { verb: 'patch', patchType: 'application/merge-patch+json', body: { data: { value } } })
      case 3:
        if (last) {
          return ask({ do: 'replace', expected: last.value, value }, key, {
            verb: 'update', body: { metadata: { name: key, resourceVersion: last.resourceVersion }, data: { value } },
          })
        }
        return
      case 4: return ask({ do: 'delete' }, key, { verb: 'delete' })
      default: return ask({ do: 'read' }, key, draw(2) ? { verb: 'get' } : { verb: 'list', name: undefined, fieldSelector: `metadata.name=${key}` })
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (let k = draw(3); k > 0; k--) pick(draw, mishaps)(servers, draw)
    for (let k = 1 + draw(4); k > 0; k--) { anything(); runTo(kernel.now + pick(draw, [0, 0, 1, 2, 5, 60])) }
    runTo(kernel.now + pick(draw, [0, 1, 10, 800, 3000, 15_000]))
  }
  heal(servers)
  runTo(kernel.now + 90_000) // longer than anybody waits
  for (const key of keys) for (const _ of hosts) { ask({ do: 'read' }, key, { verb: 'get' }); runTo(kernel.now + 1000) }
  if (open.size > 0) throw new Error(`seed ${seed}: ${open.size} requests are never answered, although everything is well`)
  for (const key of keys) {
    if (!history.some(o => o.key === key && o.input.do === 'read' && o.output !== undefined)) {
      throw new Error(`seed ${seed}: ${key} cannot be read, although everything is well`)
    }
  }
  return { history, figures }
}

function heal({ kernel }: Servers): void {
  kernel.setLinks(() => WELL)
  for (const host of hosts) kernel.hostUp(host)
  for (const id of kernel.ids()) { kernel.start(id); kernel.resume(id) }
}

/** What an answer says of what was asked: it happened, it could not, nobody knows (undefined), or it never began. */
function outcomeOf(input: Input, { code, body, failure }: ApiResponse): Output | 'never' | undefined {
  if (code === 0) return failure === 'refused' ? 'never' : undefined
  if (code === 429 || code === 503 || code === 403) return 'never'
  if (code < 300) return { ok: true, ...input.do === 'read' ? { value: valueOf(body) } : undefined }
  if (code === 404) return input.do === 'read' ? { ok: true, value: '' } : { ok: false, why: 'missing' }
  if (code === 409) return { ok: false, why: body.reason === 'AlreadyExists' ? 'exists' : 'conflict' }
  return undefined
}
const valueOf = (body: any): string => body.items ? body.items[0]?.data.value ?? '' : body.data.value

/** One line an operation, in order of calls. */
export const tellHistory = (history: readonly Operation<Input, Output>[], key: string): string =>
  history.filter(o => o.key === key)
    .sort((a, b) => a.called - b.called)
    .map(o => `${o.called}–${o.returned} ${JSON.stringify(o.input)} → ${JSON.stringify(o.output) ?? 'unknown'}`)
    .join('\n')
