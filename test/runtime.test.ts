import { describe, expect, test } from 'vitest'
import { execCode, httpStatus, parseBehaviour, PLAIN } from '../src/runtime-model/api/behaviour.ts'
import { fullName, isImageReference, registryOf, withTag } from '../src/runtime-model/api/image-names.ts'
import { containerRuntime } from '../src/runtime-model/container-runtime/index.ts'
import { placeOf, type CriAnswer, type CriCall } from '../src/runtime-model/api/cri.ts'
import type { Actor, Message } from '../src/runtime-model/kernel/actor.ts'
import { Kernel } from '../src/runtime-model/kernel/kernel.ts'

/** A kubelet that only passes calls on and keeps what it is told: `t+2000 app exited 3 Error`. */
function node(bare = false) {
  const kernel = new Kernel({ seed: 1, epochMs: 0, trace: 'full' }), told: string[] = []
  const answers = new Map<number, CriAnswer>()
  const listener: Actor<Record<string, never>> = {
    id: 'kubelet/n', component: 'kubelet', host: 'n', supervised: false, init: () => ({}),
    step(state, input) {
      if (input.on === 'message' && input.message.type === 'cri-answer') answers.set((input.message as CriAnswer).replyTo, input.message as CriAnswer)
      return { state, effects: [] }
    },
  }
  kernel.add(containerRuntime({ host: 'n', podCidr: '10.1.0.0/24', bare }))
  kernel.add(listener)
  kernel.observe(o => {
    if (o.type === 'container') told.push(`t+${o.at} ${o.container} ${o.state}${o.exitCode === undefined ? '' : ` ${o.exitCode} ${o.reason}`}`)
  })
  const call = (body: CriCall): (() => CriAnswer | undefined) => {
    const id = kernel.nextId()
    kernel.sendFrom('kubelet/n', { do: 'send', to: 'container-runtime/n', message: { type: 'cri', id, body } as Message })
    return () => answers.get(id)
  }
  const run = (behaviour: string, container = 'app', attempt = 0, ends = false): CriAnswer | undefined => {
    call({
      call: 'run-sandbox', uid: 'u', namespace: 'd', name: 'p', attempt: 0, hostNetwork: false,
      annotations: { [`behaviour.kscenario.dev/${container}`]: behaviour },
    })
    const create = call({ call: 'create', uid: 'u', container, image: 'a/b', attempt, ports: [], ends, spec: 'a/b', mounts: [] })
    call({ call: 'start', uid: 'u', container })
    kernel.runTo(kernel.now)
    return create()
  }
  const stop = (graceMs: number): void => {
    const { pods } = kernel.stateOf('container-runtime/n'), c = pods.get('u').containers[0]
    call({ call: 'stop', uid: 'u', container: c.name, id: c.id, graceMs })
  }
  return { kernel, told, call, run, stop }
}

describe('what containers do', () => {
  test.each([
    ['', []], ['exit: {after: 2s, code: 3}', ['t+2000 app exited 3 Error']], ['exit: {after: 1s}', ['t+1000 app exited 0 Completed']],
    ['exit: {after: 1s, oom: true}', ['t+1000 app exited 137 OOMKilled']],
    ['start: 2s\nexit: {after: 1s, code: 1}', ['t+3000 app exited 1 Error']],
  ] as const)('%j', (behaviour, ends) => {
    const n = node()
    n.run(behaviour)
    n.kernel.runTo(3_600_000)
    expect(n.told.filter(t => t.includes('exited'))).toEqual(ends)
    expect(n.kernel.quiet).toBe(true)
  })
  test.each([
    ['', 30_000, 't+100 app exited 0 Completed'], ['term: {after: 2s, code: 143}', 30_000, 't+2100 app exited 143 Error'],
    ['term: {ignore: true}', 5000, 't+5100 app exited 137 Error'], ['term: {after: 9s}', 5000, 't+5100 app exited 137 Error'],
  ] as const)('on SIGTERM, %j with %d ms', (behaviour, graceMs, end) => {
    const n = node()
    n.run(behaviour)
    n.kernel.runTo(100)
    n.stop(graceMs)
    n.kernel.runTo(60_000)
    expect(n.told.at(-1)).toBe(end)
  })
  test('a second call can only bring the end forward', () => {
    const n = node()
    n.run('term: {ignore: true}')
    n.stop(30_000)
    n.kernel.runTo(1000)
    n.stop(60_000)
    n.kernel.runTo(2000)
    n.stop(3000)
    n.kernel.runTo(60_000)
    expect(n.told.at(-1)).toBe('t+5000 app exited 137 Error')
  })
  test('only the first runs exit', () => {
    const n = node()
    for (let i = 0; i < 3; i++) { n.run('exit: {after: 1s, code: 1, times: 2}', 'app', i); n.kernel.runTo(n.kernel.now + 10_000) }
    expect(n.told.filter(t => t.includes('exited'))).toHaveLength(2)
  })
  test('who is meant to end does so after a second, but not in a bare world', () => {
    for (const bare of [false, true]) {
      const n = node(bare)
      n.call({ call: 'run-sandbox', uid: 'u', namespace: 'd', name: 'p', attempt: 0, hostNetwork: false, annotations: undefined })
      n.call({ call: 'create', uid: 'u', container: 'job', image: 'a/b', attempt: 0, ports: [], ends: true, spec: '', mounts: [] })
      n.call({ call: 'start', uid: 'u', container: 'job' })
      n.kernel.runTo(60_000)
      expect(n.told.at(-1)).toBe(bare ? 't+0 job running' : 't+1000 job exited 0 Completed')
    }
  })
  test('a loss of power ends containers, and the disk keeps what they were', () => {
    const n = node()
    n.run('')
    n.kernel.runTo(1000)
    n.kernel.hostDown('n')
    n.kernel.runTo(5000)
    n.kernel.hostUp('n')
    const list = n.call({ call: 'list' })
    n.kernel.runTo(6000)
    expect(n.told.at(-1)).toBe('t+5000 app exited 255 Unknown')
    expect(list()?.all).toMatchObject({ boots: 1, pods: [{ sandbox: { ready: false }, containers: [{ state: 'exited' }] }] })
  })
  test('a malformed behaviour is refused by name', () => {
    expect(node().run('exits: {}')?.error).toMatch(/^InvalidBehaviour: the behaviour of container app cannot be read: unknown key "exits", did you mean exit\?/)
  })
})

test.each([
  ['{', 'YAML'], ['exit: 3', 'exit must be a mapping'], ['pull: fast', 'pull must be a duration'], ['http: [{path: 3}]', 'http[0].path must be a text'],
  ['term: {code: -1}', 'term.code must be a whole number'], ['missing: yes please', 'missing must be true or false'],
])('the behaviour %j is malformed', (text, why) => { expect(parseBehaviour(text).error).toContain(why) })
test('answers change with the time since the start', () => {
  const { behaviour } = parseBehaviour('http: [{path: /readyz, from: 5s, status: 503}, {from: 20s, status: 500}]\nexec: [{from: 3s, code: 1}]')
  expect([0, 5000, 20_000].map(t => httpStatus(behaviour!, '/readyz', t))).toEqual([200, 503, 500])
  expect([0, 5000, 20_000].map(t => httpStatus(behaviour!, '/', t))).toEqual([200, 200, 500])
  expect([0, 3000].map(t => execCode(behaviour!, t))).toEqual([0, 1])
  expect(parseBehaviour('').behaviour).toEqual(PLAIN)
})
test('names of images', () => {
  expect(['nginx', 'a/b', 'ghcr.io/a/b:1', 'localhost:5000/x'].map(fullName)).toEqual([
    'docker.io/library/nginx:latest', 'docker.io/a/b:latest', 'ghcr.io/a/b:1', 'localhost:5000/x:latest',
  ])
  expect(['nginx', 'ghcr.io/a/b'].map(registryOf)).toEqual(['docker.io', 'ghcr.io'])
  expect(['a/b:1', 'a/B', 'a b', ''].map(isImageReference)).toEqual([true, false, false, false])
  expect(withTag('x@sha256:00')).toBe('x@sha256:00')
})
test('files live in volumes, or go with their container', () => {
  const container = { id: 'c1', mounts: [{ path: '/data', key: 'claim d/data' }, { path: '/data/cache', key: 'u/cache' }, { path: '/tmp/', key: 'u/tmp' }] }
  expect(['/data/x', '/data/cache/y', '/tmp/z', '/database', '/etc/q'].map(path => placeOf(container, path))).toEqual([
    'claim d/data/x', 'u/cache/y', 'u/tmp/z', 'c1/database', 'c1/etc/q',
  ])
})
