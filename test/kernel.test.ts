import { describe, expect, it } from 'vitest'
import { PersistentLog } from '../src/base/persistent-log.ts'
import { hashString } from '../src/base/hash.ts'
import { PersistentMap } from '../src/base/persistent-map.ts'
import type { Actor, Step } from '../src/runtime-model/kernel/actor.ts'
import { Kernel } from '../src/runtime-model/kernel/kernel.ts'
import { pair } from '../src/runtime-model/network/links.ts'

const options = { seed: 1, epochMs: 0, trace: 'full' as const }

/** Asks its peer every second, and keeps what became of each question. */
const asker = (): Actor<{ pending: PersistentMap<number>; answers: PersistentMap<string> }> => ({
  id: 'asker/a', component: 'asker', host: 'a', supervised: true,
  init: () => ({ pending: new PersistentMap(), answers: new PersistentMap() }),
  step(state, input, context): Step<any> {
    if (input.on === 'start' || input.on === 'timer') {
      const id = context.nextId()
      state.pending.set(String(id), context.now)
      return { state, effects: [{ do: 'send', to: 'server', message: { type: 'ask', id }, timeoutMs: 5000 }, { do: 'timer', key: 'again', afterMs: 1000 }] }
    }
    if (input.on === 'message') state.answers.set(String(input.message.replyTo), `answered at ${context.now}`)
    if (input.on === 'failed') state.answers.set(String(input.id), `${input.why} at ${context.now}`)
    return { state, effects: [{ do: 'record', observation: { type: 'note', text: JSON.stringify(input) } }] }
  },
})
const server = (host = 'b'): Actor<{ asked: number }> => ({
  id: `server/${host}`, component: 'server', host, supervised: true,
  init: () => ({ asked: 0 }),
  step: (state, input) => input.on === 'message'
    ? {
      state: { asked: state.asked + 1 }, effects: [{ do: 'send', to: input.from, message: { type: 'answer', replyTo: input.message.id, word: state.asked } }],
    }
    : { state, effects: [] },
})
const world = () => { const kernel = new Kernel(options); kernel.add(server()); kernel.add(asker()); return kernel }
/** One request of a client to an API server, over a link that is cut. */
function dialling(timeoutMs: number): Kernel {
  const kernel = new Kernel(options), { init, step } = asker()
  kernel.add(server())
  kernel.add({
    ...asker(), init,
    step: (state, input, context): Step<any> => input.on === 'start'
      ? { state, effects: [{ do: 'send', to: 'server', message: { type: 'request', id: context.nextId() }, timeoutMs }] }
      : step(state, input, context),
  })
  kernel.setLinks(l => ({ ...l, blocked: new Set([pair('a', 'b')]) }))
  return kernel
}
const answers = (kernel: Kernel) => kernel.stateOf('asker/a').answers.sorted().map(([, v]: [string, string]) => v)

describe('kernel', () => {
  it('answers calls across a link after its latency', () => {
    const kernel = world()
    kernel.runTo(1500)
    expect(answers(kernel)).toEqual(['answered at 2', 'answered at 1002'])
  })

  it('connects who dials when the path heals, with the next segment that TCP sends: 1, 3, 7 and 15 s after the first', () => {
    for (const [healsAt, answeredAt] of [[500, 1002], [1500, 3002], [3500, 7002], [7001, 15_002]]) {
      const kernel = dialling(60_000)
      kernel.runTo(healsAt)
      kernel.setLinks(l => ({ ...l, blocked: new Set() }))
      const twin = kernel.fork()
      for (const k of [kernel, twin]) { k.runTo(40_000); expect(answers(k)).toEqual([`answered at ${answeredAt}`]) }
    }
  })

  it('gives a connection 30 s, or what the caller has', () => {
    for (const [timeoutMs, at] of [[60_000, 30_000], [10_000, 10_000]]) {
      const kernel = dialling(timeoutMs)
      kernel.runTo(16_000)
      kernel.setLinks(l => ({ ...l, blocked: new Set() }))
      kernel.runTo(70_000)
      expect(answers(kernel)).toEqual([`timeout at ${at}`])
    }
  })

  it('tells nobody of the end of a stream before it has told that it is open', () => {
    const opener: Actor<{ stream: number }> = {
      id: 'server/b', component: 'server', host: 'b', supervised: true, init: () => ({ stream: 0 }),
      step(state, input, context): Step<any> {
        if (input.on !== 'message') return { state, effects: [] }
        const stream = context.nextId()
        return {
          state,
          effects: [
            { do: 'open', stream, client: input.from }, { do: 'send', to: input.from, message: { type: 'answer', replyTo: input.message.id, stream }, extraMs: 5 },
            { do: 'close', stream },
          ],
        }
      },
    }
    for (const ends of [false, true]) {
      const kernel = new Kernel(options)
      kernel.add(ends ? { ...opener, step: (state, input, context) => { const s = opener.step(state, input, context); return { ...s, effects: s.effects.slice(0, 2) } } } : opener)
      kernel.add(asker()); kernel.runTo(1)
      if (ends) kernel.stop('server/b')
      kernel.runTo(900)
      const told = [...kernel.trace.history()].filter(o => o.type === 'note').map((o: any) => `${o.at} ${JSON.parse(o.text).on}`)
      expect(told).toEqual(['7 message', '7 closed'])
    }
  })

  it('lets a process that is away find what was arranged meanwhile, the last of it last', () => {
    const kernel = new Kernel(options), found = (): string[] => [...kernel.trace.history()].filter(o => o.type === 'note').map((o: any) => o.text)
    const machine: Actor<null> = {
      id: 'machine/b', component: 'machine', host: 'b', supervised: true, init: () => null,
      step: (state, input) => ({ state, effects: input.on === 'operate' ? [{ do: 'record', observation: { type: 'note', text: `${input.operation} ${input.args}` } }] : [] }),
    }
    const arranged = (): unknown => kernel.arranged('machine/b', operation => operation === 'net')
    kernel.add(machine); kernel.arrange('machine/b', 'net', 'a'); kernel.runTo(1)
    kernel.arrange('machine/b', 'net', 'b'); kernel.operate('machine/b', 'knock', 1); kernel.stop('machine/b')
    kernel.arrange('machine/b', 'net', 'c'); kernel.operate('machine/b', 'knock', 2); kernel.runTo(10)
    expect([found(), arranged()]).toEqual([['net a'], 'c'])
    const twin = kernel.fork()
    kernel.start('machine/b'); kernel.runTo(20)
    expect([found(), arranged()]).toEqual([['net a', 'net b', 'net c'], undefined])
    kernel.hang('machine/b'); kernel.arrange('machine/b', 'net', 'd'); kernel.runTo(30)
    expect(arranged()).toBe('d')
    kernel.stop('machine/b'); kernel.start('machine/b'); kernel.runTo(40)
    expect(found().at(-1)).toBe('net d')
    expect(twin.arranged('machine/b', () => true)).toBe('c')
  })

  it('refuses when the process is dead, is silent when the machine is', () => {
    const kernel = world()
    kernel.runTo(500); kernel.stop('server/b'); kernel.runTo(1500)
    expect(answers(kernel)[1]).toBe('refused at 1001')
    kernel.hostDown('b'); kernel.runTo(8500)
    expect(answers(kernel)).toContain('timeout at 7000')
  })

  it('resets calls in flight when their server crashes, and its supervisor starts it again', () => {
    const kernel = new Kernel(options)
    kernel.add({ ...server(), step: state => ({ state, effects: [] }) })
    kernel.add(asker())
    kernel.runTo(10); kernel.crash('server/b'); kernel.runTo(12)
    expect(answers(kernel)).toEqual(['reset at 11'])
    kernel.runTo(1100)
    expect(kernel.statusOf('server/b')).toBe('up')
  })

  it('lets calls to a frozen process time out, and answers them late when it thaws', () => {
    const kernel = world()
    kernel.runTo(500); kernel.hang('server/b'); kernel.runTo(6500)
    expect(answers(kernel)).toContain('timeout at 6000')
    kernel.resume('server/b'); kernel.runTo(6600)
    expect(answers(kernel).filter((a: string) => a === 'answered at 6501').length).toBeGreaterThan(1)
  })

  it('cuts a partition and heals it', () => {
    const kernel = world()
    kernel.setLinks(l => ({ ...l, blocked: new Set([pair('a', 'b')]) })); kernel.runTo(5500)
    expect(answers(kernel)).toEqual(['timeout at 5000'])
    kernel.setLinks(l => ({ ...l, blocked: new Set() })); kernel.runTo(6100)
    expect(answers(kernel)).toContain('answered at 6002')
  })

  it('ends a fork as it ends the original, whoever runs first', () => {
    const kernel = world()
    kernel.runTo(2500)
    const twin = kernel.fork()
    kernel.stop('server/b'); kernel.runTo(9000)
    const branch = twin.fork()
    twin.runTo(9000); branch.runTo(9000)
    const straight = world(); straight.runTo(9000)
    expect(twin.traceHash()).toBe(straight.traceHash())
    expect(branch.traceHash()).toBe(straight.traceHash())
    expect(kernel.traceHash()).not.toBe(straight.traceHash())
    expect(twin.stateOf('server/b')).toEqual({ asked: 9 })
    expect([...twin.trace.history()]).toEqual([...straight.trace.history()])
  })
})

describe('heartbeats in closed form', () => {
  const keeper = (): Actor<{ heard: PersistentMap<string> }> => ({
    id: 'keeper/a', component: 'keeper', host: 'a', supervised: true, init: () => ({ heard: new PersistentMap() }),
    step: (state, input, context) => {
      if (input.on === 'start') return { state, effects: [{ do: 'keep', key: 'leases/a', periodMs: 10_000 }] }
      if (input.on === 'heartbeat') state.heard.set(`${context.now} ${input.state}`, String(input.lastAt))
      return { state, effects: input.on === 'heartbeat' && input.state === 'possible' ? [{ do: 'keep', key: 'leases/a', periodMs: 10_000 }] : [] }
    },
  })
  const follower = (): Actor<any> => ({ ...keeper(), id: 'follower/c', component: 'follower', host: 'c', step: (state, input, context) => {
    if (input.on === 'start') return { state, effects: [{ do: 'follow', prefix: 'leases/' }] }
    if (input.on === 'heartbeat') state.heard.set(`${context.now} ${input.state}`, String(input.lastAt))
    return { state, effects: [] }
  } })
  it('cost nothing, and tell when they were last kept once their path breaks', () => {
    const kernel = new Kernel(options)
    kernel.add({ ...server('cp'), id: 'kube-apiserver/cp', component: 'kube-apiserver' }); kernel.add(keeper()); kernel.add(follower())
    kernel.runTo(86_400_000)
    expect(kernel.eventCount).toBeLessThan(10)
    kernel.idleTo(86_404_321)
    expect(kernel.heartbeat('leases/a')).toEqual({ lastAt: 86_400_000, kept: true })
    kernel.hostDown('a'); kernel.runTo(86_500_000)
    expect(kernel.stateOf('follower/c').heard.sorted()).toEqual([['86404321 stopped', '86400000']])
    kernel.hostUp('a'); kernel.runTo(86_500_001)
    expect(kernel.stateOf('follower/c').heard.sorted()[1][0]).toBe('86500000 resumed')
  })
})

describe('persistent map', () => {
  it('behaves as a Map through random changes and forks', () => {
    let bits = 12345
    const random = (n: number) => (bits = (Math.imul(bits, 1103515245) + 12345) >>> 0) % n
    const equalHashes = ['k4uzx', 'kf2ad', 'k4uzy', 'kf2ae', 'k4uzz', 'kf2af']
    for (let i = 0; i < 6; i += 2) expect(hashString(equalHashes[i])).toBe(hashString(equalHashes[i + 1]))
    let pairs: [PersistentMap<number>, Map<string, number>][] = [[new PersistentMap(), new Map()]]
    for (let i = 0; i < 20_000; i++) {
      const [map, twin] = pairs[random(pairs.length)], key = random(9) ? `k${random(500)}` : equalHashes[random(6)]
      expect(map.get(key)).toBe(twin.get(key))
      if (random(3)) { map.set(key, i); twin.set(key, i) } else expect(map.delete(key)).toBe(twin.delete(key))
      if (i % 1000 === 0) { pairs.push([map.fork(), new Map(twin)]); pairs = pairs.slice(-4) }
    }
    for (const [map, twin] of pairs) {
      expect(map.size).toBe(twin.size)
      expect(map.sorted()).toEqual([...twin].sort((a, b) => a[0] < b[0] ? -1 : 1))
      // the order of iteration has no history
      expect([...map.keys()]).toEqual([...PersistentMap.from([...twin].reverse()).keys()])
    }
  })
})

describe('persistent log', () => {
  it('forks in the middle of a chunk and forgets its front', () => {
    const log = new PersistentLog<number>()
    for (let i = 0; i < 2000; i++) log.append(i)
    const twin = log.fork()
    log.append(-1); twin.append(-2)
    expect([log.get(2000), twin.get(2000), log.get(1999)]).toEqual([-1, -2, 1999])
    log.dropBefore(1500)
    expect([log.get(1499), log.get(1500), twin.get(3)]).toEqual([undefined, 1500, 3])
    for (let i = 2001; i < 2048; i++) log.append(i)
    log.dropBefore(2048); log.append(2048)
    expect([...log]).toEqual([2048])
  })
})
