import { expect, test } from 'vitest'
import { podLimits, podRequests } from '../src/runtime-model/kinds/pod-spec/resources.ts'
import { defaultPod } from '../src/runtime-model/kinds/pod-spec/defaults.ts'
import { qosClass } from '../src/runtime-model/kinds/pod-spec/qos.ts'
import { podRequests as schedulers, podRequestsForScore } from '../src/runtime-model/kube-scheduler/resources.ts'
import { requestsOf } from '../src/runtime-model/kubelet/requests.ts'
import { memoryLimit } from '../src/runtime-model/kubelet/resize.ts'
import { overuseOf } from '../src/runtime-model/container-runtime/pod-memory.ts'

const container = (name: string, resources: any = {}): any => ({ name, image: 'example.com/app:1', resources })
/** What an API server makes of it. */
const stored = (spec: any): any => defaultPod({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec }).spec

// Recorded from a 1.35.4 API server.
test.each<[string, any, any, string]>([
  [
    'what containers ask for, then limits', { resources: { limits: { cpu: '500m', memory: '256Mi' } }, containers: [container('a', { requests: { cpu: '100m' } }), container('b')] },
    { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '256Mi' } }, 'Burstable',
  ],
  [
    'huge pages of containers', { resources: { limits: { memory: '64Mi' } }, containers: [container('a', { limits: { 'hugepages-2Mi': '4Mi', cpu: '1' } })] },
    { limits: { memory: '64Mi', 'hugepages-2Mi': '4Mi' }, requests: { cpu: '1', memory: '64Mi', 'hugepages-2Mi': '4Mi' } }, 'Burstable',
  ],
  ['nothing without limits', { resources: { requests: { cpu: '1' } }, containers: [container('a', { requests: { memory: '1Mi' } })] }, { requests: { cpu: '1' } }, 'Burstable'],
  ['limits of both', { resources: { limits: { cpu: '1', memory: '1Gi' } }, containers: [container('a')] }, {
    limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' },
  }, 'Guaranteed'],
  ['nothing said', { resources: {}, containers: [container('a', { limits: { cpu: '1' } })] }, {}, 'BestEffort'],
])('defaults: %s', (_, spec, resources, qos) => {
  const made = stored(spec)
  expect(made.resources).toEqual(resources)
  expect(qosClass(made)).toBe(qos)
})

test('what is said of the whole pod counts instead of its containers, for nodes, quotas and scores', () => {
  const spec = {
    resources: { requests: { cpu: '2', 'hugepages-2Mi': '4Mi' }, limits: { memory: '64Mi', 'hugepages-2Mi': '4Mi' } }, overhead: { cpu: '100m' },
    containers: [container('a', { requests: { cpu: '1', memory: '32Mi' }, limits: { memory: '48Mi' } }), container('b')],
  }
  expect(podRequests(spec)).toEqual({ cpu: '2100m', memory: '32Mi', 'hugepages-2Mi': '4Mi' })
  expect(podLimits(spec)).toEqual({ memory: '64Mi', 'hugepages-2Mi': '4Mi' })
  const megabyte = 1024 * 1024
  expect(schedulers(spec)).toEqual({ cpu: 2100, memory: 32 * megabyte, ephemeral: 0, scalar: { 'hugepages-2Mi': 4 * megabyte } })
  expect(podRequestsForScore(spec)).toMatchObject({ cpu: 2100, memory: 32 * megabyte })
  expect(Object.fromEntries(requestsOf({ spec }))).toEqual({ cpu: 2100, memory: 32 * megabyte, 'hugepages-2Mi': 4 * megabyte })
  expect([spec.containers[0], spec.containers[1]].map(c => memoryLimit(c.resources, { spec }).memoryLimit)).toEqual([48 * megabyte, 64 * megabyte])
})

test('of containers that use too much together the one that uses most is killed, when it comes to that', () => {
  const megabyte = 1024 * 1024, running = (name: string, startedAt: number, ...memory: [number, number][]): any =>
    ({ id: name, name, state: 'running', startedAt, behaviour: { uses: { memory: memory.map(([fromMs, mib]) => ({ fromMs, amount: mib * megabyte })) } } })
  const pod = (limit: number | undefined, ...containers: any[]): any => ({ sandbox: { memoryLimit: limit && limit * megabyte }, containers })
  const small = running('small', 1000, [0, 40]), grows = running('grows', 2000, [0, 10], [5000, 60], [9000, 20])
  expect(overuseOf(pod(90, small, grows), 3000)).toEqual({ atMs: 7000, id: 'grows' })
  expect(overuseOf(pod(90, small, grows), 8000)).toEqual({ atMs: 8000, id: 'grows' })
  expect([pod(100, small, grows), pod(undefined, small, grows), pod(90, small), pod(90, small, { ...grows, state: 'exited' })].map(p => overuseOf(p, 3000)))
    .toEqual([undefined, undefined, undefined, undefined])
  expect(overuseOf(pod(90, small, grows), 12_000)).toBeUndefined()
})
