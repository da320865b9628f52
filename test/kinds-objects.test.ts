import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { decode, registry } from '../src/runtime-model/kinds/index.ts'
import { fieldStatus, unmodelledFields } from '../src/runtime-model/kinds/fields.ts'
import { humanDuration } from '../src/runtime-model/kinds/meta/duration.ts'
import { parseTime } from '../src/runtime-model/api/time.ts'
import stored from './kinds-stored.json' with { type: 'json' }

const group = (o: any): string => o.apiVersion.includes('/') ? o.apiVersion.split('/')[0] : ''
const kindOf = (o: any) => registry.byGroupKind(group(o), o.kind)!
const now = parseTime('2026-01-01T00:01:40Z')

describe('objects as an API server stores them', () => {
  test.each(stored.map(o => [o.kind, o] as const))('%s: decoding and defaulting add nothing', (_, object) => {
    const decoded = decode(kindOf(object), object)
    expect(decoded).toEqual({ object, strict: [] })
    expect(kindOf(object).defaults(decoded.object)).toBe(decoded.object)
  })
  test.each(stored.filter(o => kindOf(o).modelled).map(o => [o.kind, o] as const))('%s: valid, and a cell for each column', (_, object) => {
    expect(kindOf(object).validate(object)).toEqual([])
    expect(kindOf(object).cells(object, now)).toHaveLength(kindOf(object).columns.length)
  })
})

describe('a new object', () => {
  const make = (yaml: string) => {
    const document = parse(yaml), kind = kindOf(document)
    return kind.beforeCreate(kind.defaults(decode(kind, document).object))
  }
  test('Deployment', () => {
    expect(make(
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: app, image: "a:1", resources: {limits: {cpu: 0.5, memory: 1024Mi}}, ports: [{containerPort: 80}]}]}}}}'
    )).toEqual({
      kind: 'Deployment', apiVersion: 'apps/v1', metadata: { name: 'web', generation: 1 }, status: {},
      spec: {
        replicas: 1, selector: { matchLabels: { a: 'b' } }, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        revisionHistoryLimit: 10, progressDeadlineSeconds: 600,
        template: {
          metadata: { labels: { a: 'b' } },
          spec: {
            containers: [{ name: 'app', image: 'a:1', ports: [{ containerPort: 80, protocol: 'TCP' }], resources: { limits: { cpu: '500m', memory: '1Gi' } },
              terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'IfNotPresent' }],
            restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', securityContext: {}, schedulerName: 'default-scheduler',
          },
        },
      },
    })
  })
  test('Pod: requests follow limits, status is the server\'s', () => {
    const pod = make(
      '{apiVersion: v1, kind: Pod, metadata: {name: web, generation: 9}, status: {phase: Running}, spec: {hostNetwork: false, containers: [{name: app, image: a, resources: {limits: {cpu: 1, memory: 1Gi}}}]}}'
    )
    expect(pod.spec.containers[0]).toMatchObject({ imagePullPolicy: 'Always', resources: { requests: { cpu: '1', memory: '1Gi' } } })
    expect(pod).toMatchObject({ metadata: { generation: 1 }, spec: { enableServiceLinks: true }, status: { phase: 'Pending', qosClass: 'Guaranteed' } })
    expect(pod.spec).not.toHaveProperty('hostNetwork')
  })
  test('Service without an address of its own', () => {
    expect(make('{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}}')).toEqual({
      kind: 'Service', apiVersion: 'v1', metadata: { name: 'db' }, status: { loadBalancer: {} },
      spec: {
        clusterIP: 'None', clusterIPs: ['None'], internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack',
        ports: [{ port: 5432, protocol: 'TCP', targetPort: 5432 }], selector: { app: 'db' }, sessionAffinity: 'None', type: 'ClusterIP',
      },
    })
  })
  test('updates count generations and keep what the server owns', () => {
    const kind = registry.byResource('deployments.apps')!
    const old = { ...make('{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2}}'), status: { replicas: 2 } }
    old.metadata = { ...old.metadata, uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' }
    expect(kind.beforeUpdate({ ...old, metadata: { name: 'web', labels: { a: 'b' } }, status: {} }, old)).toMatchObject(
      { metadata: { uid: 'u', generation: 1, labels: { a: 'b' } }, status: { replicas: 2 } }
    )
    expect(kind.beforeUpdate({ ...old, spec: { ...old.spec, replicas: 3 } }, old).metadata.generation).toBe(2)
    expect(kind.beforeUpdate({ ...old, metadata: { ...old.metadata, annotations: { a: 'b' } } }, old).metadata.generation).toBe(2)
    expect(kind.beforeStatusUpdate({ ...old, spec: {}, status: { replicas: 5 } }, old)).toMatchObject({
      spec: { replicas: 2 }, status: { replicas: 5 }, metadata: { generation: 1 },
    })
  })
})

describe('kubectl get pods', () => {
  const state = (name: string, s: any, more = {}): any =>
    ({ name, restartCount: 0, ready: s.running !== undefined, started: s.running !== undefined, state: s, lastState: {}, ...more })
  const running = { running: {} }, done = { terminated: { exitCode: 0, reason: 'Completed' } }, failed = { terminated: { exitCode: 1, reason: 'Error' } }
  const ready = [{ type: 'Ready', status: 'True' }]
  test.each([
    ['Pending', '0/1', '0', { phase: 'Pending' }],
    ['ContainerCreating', '0/1', '0', { phase: 'Pending', containerStatuses: [state('a', { waiting: { reason: 'ContainerCreating' } })] }],
    ['ImagePullBackOff', '0/1', '0', { phase: 'Pending', containerStatuses: [state('a', { waiting: { reason: 'ImagePullBackOff' } })] }],
    [
      'CrashLoopBackOff', '0/1', '2 (40s ago)',
      {
        phase: 'Running',
        containerStatuses: [state('a', { waiting: { reason: 'CrashLoopBackOff' } }, {
          restartCount: 2, lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:01:00Z' } },
        })],
      },
    ],
    ['Running', '2/2', '0', { phase: 'Running', conditions: ready, containerStatuses: [state('a', running), state('b', running)] }],
    ['Running', '1/2', '0', { phase: 'Running', conditions: ready, containerStatuses: [state('a', done), state('b', running)] }],
    ['NotReady', '1/2', '0', { phase: 'Running', containerStatuses: [state('a', done), state('b', running)] }],
    ['Error', '1/3', '0', { phase: 'Running', containerStatuses: [state('a', done), state('b', failed), state('c', running)] }],
    ['ExitCode:3', '0/1', '0', { phase: 'Failed', containerStatuses: [state('a', { terminated: { exitCode: 3 } })] }],
    ['Signal:9', '0/1', '0', { phase: 'Failed', containerStatuses: [state('a', { terminated: { exitCode: 137, signal: 9 } })] }],
    ['Evicted', '0/1', '0', { phase: 'Failed', reason: 'Evicted' }],
    ['SchedulingGated', '0/1', '0', { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }],
    ['Init:1/2', '0/1', '0', { phase: 'Pending', initContainerStatuses: [state('i', done), state('j', { waiting: { reason: 'PodInitializing' } })] }],
    ['Init:Error', '0/1', '0', { phase: 'Pending', initContainerStatuses: [state('i', failed), state('j', { waiting: { reason: 'PodInitializing' } })] }],
    [
      'Init:CrashLoopBackOff', '1/2', '1',
      { phase: 'Pending', initContainerStatuses: [state('side', running), state('i', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 1 })] },
    ],
    ['Terminating', '1/1', '0', { phase: 'Running', containerStatuses: [state('a', running)] }],
    ['Completed', '0/1', '0', { phase: 'Succeeded', containerStatuses: [state('a', done)] }],
  ])('%s', (word, readyCell, restarts, status: any) => {
    const inits = status.initContainerStatuses?.map((s: any) => ({ name: s.name, ...s.name === 'side' ? { restartPolicy: 'Always' } : {} }))
    const containers = Array.from({ length: status.containerStatuses?.length ?? 1 }, (_, i) => ({ name: 'abc'[i] }))
    const pod = {
      metadata: {
        name: 'web', creationTimestamp: '2026-01-01T00:00:00Z',
        ...word === 'Terminating' || word === 'Completed' ? { deletionTimestamp: '2026-01-01T00:01:00Z' } : {},
      },
      spec: { containers, initContainers: inits }, status,
    }
    const kind = registry.find('po')!
    expect(kind.statusWord!(pod, now)).toBe(word)
    expect(kind.cells(pod, now)).toEqual(['web', readyCell, word, restarts, '100s', '<none>', '<none>', '<none>', '<none>'])
  })
})

test('kinds are found by every name kubectl accepts', () => {
  for (const word of ['po', 'pod', 'pods', 'Pod', 'pods.v1.']) expect(registry.find(word)?.kind, word).toBe('Pod')
  for (const word of ['deploy', 'deployments.apps', 'deployments.v1.apps', 'Deployment']) expect(registry.find(word)?.kind, word).toBe('Deployment')
  expect(registry.find('events')?.group).toBe('')
  expect(registry.find('events.events.k8s.io')?.storedAs?.resource).toBe('events')
  expect(registry.find('deploymnet')).toBeUndefined()
  expect(registry.find('netpol')).toMatchObject({ kind: 'NetworkPolicy', modelled: true })
})

test('an Event has two spellings and one store', () => {
  const event = {
    apiVersion: 'v1', kind: 'Event', metadata: { name: 'a' }, involvedObject: { kind: 'Pod', name: 'web' }, reason: 'Started', message: 'm',
    source: { component: 'kubelet' }, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:00Z', count: 2, type: 'Normal', eventTime: null,
    reportingComponent: 'kubelet', reportingInstance: '',
  }
  const view = registry.byResource('events.events.k8s.io')!.storedAs!
  expect(view.fromStored(event)).toMatchObject({
    apiVersion: 'events.k8s.io/v1', regarding: { name: 'web' }, note: 'm', deprecatedCount: 2, reportingController: 'kubelet',
  })
  expect(view.toStored(view.fromStored(event))).toEqual(event)
})

test('fields without an effect in the model are named', () => {
  const pod = {
    spec: { containers: [{ name: 'a', tty: true, volumeDevices: [] }], volumes: [{ name: 'v', nfs: {} }, { name: 'e', emptyDir: {} }] },
  }
  expect(unmodelledFields('Pod', pod)).toEqual(['Pod.spec.volumes.nfs'])
  expect(unmodelledFields('Deployment', { spec: { template: pod } })).toContain('Deployment.spec.template.spec.volumes.nfs')
  expect([
    fieldStatus('Pod', 'spec.containers.tty'), fieldStatus('Pod', 'spec.nodeName'), fieldStatus('PersistentVolume', 'spec.volumeAttributesClassName'),
    fieldStatus('Pod', 'spec.volumes.nfs'),
  ]).toEqual(['inert', 'modelled', 'modelled', 'unmodelled'])
})

test.each([
  [0, '0s'], [119_000, '119s'], [150_000, '2m30s'], [600_000, '10m'], [10_800_000, '3h'], [28_799_000, '7h59m'], [172_800_000, '2d'], [190_000_000, '2d4h'],
  [-5000, '<invalid>'],
])('an age of %d ms is %s', (ms, text) => {
  expect(humanDuration(ms)).toBe(text)
})
