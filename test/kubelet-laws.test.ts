import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCluster, type LibraryCluster } from '../src/library.ts'
import { fittingSearches } from '../src/runtime-model/kubelet/dns.ts'
import { victims } from '../src/runtime-model/kubelet/preemption.ts'
import { newWorker, type Worker } from '../src/runtime-model/kubelet/worker.ts'

/** What holds of kubelets whatever the pods are and whatever happens to them. */
const uidOf = (cluster: LibraryCluster, name: string): string => (cluster.stored('Pod', name) as any).metadata.uid

describe('the verdicts of a probe in a cluster equal the arithmetic', () => {
  const numbers = fc.record({
    period: fc.integer({ min: 1, max: 20 }), timeout: fc.integer({ min: 1, max: 5 }), failure: fc.integer({ min: 1, max: 4 }),
    delay: fc.integer({ min: 0, max: 25 }), failsFrom: fc.integer({ min: 30, max: 60 }), silent: fc.boolean(),
  })
  interface Numbers {
    readonly period: number
    readonly timeout: number
    readonly failure: number
    readonly delay: number
    readonly failsFrom: number
    readonly silent: boolean
  }
  /** A pod that answers 200 and from some second on 500, or nothing; what its container did, in ms since its start. */
  function lived({ period, timeout, failure, delay, failsFrom, silent }: Numbers, startup?: { readonly opensAt: number; readonly period: number }) {
    const cluster = createCluster({ nodes: 1 }), starts: number[] = [], ends: number[] = []
    cluster.observe((o: any) => {
      if (o.type === 'container' && o.pod === 'web') { if (o.state === 'running') starts.push(cluster.now); if (o.state === 'exited') ends.push(cluster.now) }
    })
    const rows = [
      ...startup ? [{ path: '/up', status: 503 }, { path: '/up', from: `${startup.opensAt}s`, status: 200 }] : [],
      { path: '/', from: `${failsFrom}s`, status: silent ? 0 : 500 },
    ]
    const probe = { httpGet: { port: 8080, path: '/' }, periodSeconds: period, timeoutSeconds: timeout, failureThreshold: failure, initialDelaySeconds: delay }
    cluster.client.create({
      kind: 'Pod', metadata: { name: 'web', annotations: { 'behaviour.kscenario.dev/app': JSON.stringify({ http: rows, term: { ignore: false } }) } }, spec: {
      containers: [{
        name: 'app', image: 'shop/web:1', ports: [{ containerPort: 8080 }], livenessProbe: probe,
        ...startup ? { startupProbe: { httpGet: { port: 8080, path: '/up' }, periodSeconds: startup.period, failureThreshold: 1000 } } : {},
      }],
    },
    })
    cluster.advance('10m')
    return { begins: starts[0], firstEnd: ends[0] - starts[0] }
  }
  /**
   * Failures begin with the first beat at which the answer is wrong: at most a period late; each further one needs a beat, or the timeout where that is longer.
   */
  const bounds = ({ period, timeout, failure, delay, failsFrom, silent }: Numbers): readonly [number, number] => {
    const wrong = Math.max(failsFrom, delay), costs = silent ? timeout : 0, step = silent ? Math.max(period, Math.ceil(timeout / period) * period) : period
    const least = silent ? Math.min(step, Math.max(period, timeout)) : period
    return [wrong * 1000 + (failure - 1) * least * 1000 + costs * 1000, (wrong + period + (failure - 1) * step + costs + (silent ? timeout : 0)) * 1000 + 2000]
  }
  test('liveness', () => {
    fc.assert(fc.property(numbers, n => {
      const { firstEnd } = lived(n), [from, to] = bounds(n)
      expect(firstEnd).toBeGreaterThanOrEqual(from)
      expect(firstEnd).toBeLessThanOrEqual(to)
    }), { numRuns: 15, seed: 11 })
  })
  test('beats lie on one grid: without an initial delay, thresholds shift the end by whole periods', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 30, max: 60 }), (period, failsFrom) => {
      const end = (failure: number): number => lived({ period, timeout: 1, failure, delay: 0, failsFrom, silent: false }).firstEnd
      const one = end(1)
      expect([end(2) - one, end(4) - one]).toEqual([period * 1000, 3 * period * 1000])
    }), { numRuns: 12, seed: 12 })
  })
  test('a start-up probe keeps liveness closed until it has passed', () => {
    fc.assert(fc.property(fc.integer({ min: 20, max: 80 }), fc.integer({ min: 1, max: 9 }), (opensAt, period) => {
      const n: Numbers = { period: 5, timeout: 1, failure: 1, delay: 0, failsFrom: 1, silent: false }, { firstEnd } = lived(n, { opensAt, period })
      expect(firstEnd).toBeGreaterThanOrEqual(opensAt * 1000)
      expect(firstEnd).toBeLessThanOrEqual((opensAt + period + n.period) * 1000 + 2000)
    }), { numRuns: 20, seed: 13 })
  })
})

describe('every pod on every path ends in a legal phase', () => {
  const legal: Readonly<Record<string, readonly string[]>> = {
    Pending: ['Pending', 'Running', 'Succeeded', 'Failed'], Running: ['Running', 'Succeeded', 'Failed'], Succeeded: ['Succeeded'], Failed: ['Failed'],
  }
  const behaviour = fc.constantFrom(
    '', 'exit: {after: 3s, code: 0}', 'exit: {after: 2s, code: 1}', 'exit: {after: 4s, oom: true}', 'missing: true', 'startError: no such file', 'pull: 20s',
    'term: {ignore: true}', 'memory: 64Mi', 'http: [{from: 20s, status: 500}]'
  )
  const pod = fc.record({
    app: behaviour, second: fc.option(behaviour, { freq: 1 }), init: fc.option(behaviour, { freq: 1 }), policy: fc.constantFrom('Always', 'OnFailure', 'Never'),
    probe: fc.boolean(), deadline: fc.option(fc.integer({ min: 1, max: 40 }), { freq: 1 }),
  })
  const faults = fc.array(
    fc.record({
      what: fc.constantFrom(
        'container-crash', 'container-oom', 'container-hang', 'node-reboot', 'node-down', 'kubelet-stop', 'node-pressure', 'partition', 'delete'
      ),
      afterS: fc.integer({ min: 0, max: 40 }), heals: fc.boolean(),
    }),
    { maxLength: 4 }
  )

  function doTo(cluster: LibraryCluster, what: string): (() => void) | undefined {
    if (what === 'delete') { try { cluster.client.delete('Pod', 'web') } catch { /* it is gone already */ } return undefined }
    const container = { namespace: 'default', pod: 'web', container: 'app' }, node = { node: 'worker-1' }
    const over = what === 'container-crash' || what === 'container-oom' || what === 'node-reboot'
    try {
      const heal = cluster.inject(
        what,
        what.startsWith('container') ? container
          : what === 'node-pressure' ? { ...node, kind: 'memory' }
          : what === 'node-reboot' ? { ...node, forMs: 20_000 }
          : node
      )
      return over ? undefined : heal
    } catch { return undefined }
  }
  test('random pods, random faults', () => {
    const seen = new Set<string>()
    fc.assert(fc.property(pod, faults, (p, list) => {
      const cluster = createCluster({ nodes: 1 })
      const said = (name: string, text: string | null): object => text ? { [`behaviour.kscenario.dev/${name}`]: text } : {}
      const container = (name: string): object => ({
        name, image: `shop/${name}:1`, ports: [{ containerPort: 8080 }], ...p.probe && name === 'app' ? { livenessProbe: { httpGet: { port: 8080 } } } : {},
      })
      let before = 'Pending'
      cluster.observe((o: any) => {
        if (o.type !== 'object' || o.resource !== 'pods' || o.new?.metadata.name !== 'web') return
        const { phase, containerStatuses = [] } = o.new.status
        if (!legal[before].includes(phase)) throw new Error(`${before} → ${phase}`)
        if (['Succeeded', 'Failed'].includes(phase) && containerStatuses.some((c: any) => c.state.running)) throw new Error(`${phase}, and a container runs`)
        if (phase === 'Succeeded' && containerStatuses.some((c: any) => c.state.terminated && c.state.terminated.exitCode !== 0)) {
          throw new Error('Succeeded, and a container failed')
        }
        if (p.policy === 'Never' && containerStatuses.some((c: any) => c.restartCount > 1)) throw new Error('policy Never, and a restart')
        before = phase
      })
      cluster.client.create({
        kind: 'Pod', metadata: { name: 'web', annotations: { ...said('app', p.app), ...said('second', p.second), ...said('init', p.init) } }, spec: {
        restartPolicy: p.policy, ...p.deadline === null ? {} : { activeDeadlineSeconds: p.deadline },
        ...p.init === null ? {} : { initContainers: [{ name: 'init', image: 'shop/init:1' }] },
        containers: [container('app'), ...p.second === null ? [] : [container('second')]],
      },
      })
      const uid = uidOf(cluster, 'web'), heals: (() => void)[] = []
      for (const { what, afterS, heals: soon } of list) {
        cluster.advance(afterS * 1000)
        const heal = doTo(cluster, what)
        if (heal && soon) { cluster.advance('15s'); heal() } else if (heal) heals.push(heal)
      }
      for (const heal of heals) heal()
      cluster.advance('15m')
      const after: any = cluster.stored('Pod', 'web')
      const running = cluster.model.nodeTruth().pod(uid, 'worker-1')?.containers.filter(c => c.state === 'running') ?? []
      seen.add(after?.status.phase ?? 'gone')
      if (list.some(f => f.what === 'delete')) expect(after).toBeUndefined()
      if (after === undefined || ['Succeeded', 'Failed'].includes(after.status.phase)) expect(running).toEqual([])
      if (p.deadline !== null && after !== undefined) expect(['Failed', 'Succeeded']).toContain(after.status.phase)
    }), { numRuns: 60, seed: 17 })
    expect([...seen].sort()).toEqual(['Failed', 'Pending', 'Running', 'Succeeded', 'gone'])
  })
})

test('search paths of a resolver: the first that fit, and no more would', () => {
  const path = fc.integer({ min: 1, max: 260 }).map(n => 'a'.repeat(n)), fits = (list: readonly string[]): boolean => list.join(' ').length <= 2048
  fc.assert(fc.property(fc.array(path, { maxLength: 40 }), paths => {
    const kept = fittingSearches(paths), able = paths.slice(0, 32).filter(p => p.length <= 253)
    expect(kept).toEqual(able.slice(0, kept.length))
    expect(fits(kept)).toBe(true)
    if (kept.length < able.length) expect(fits(able.slice(0, kept.length + 1))).toBe(false)
  }))
})

describe('who has to go for a critical pod', () => {
  const amounts = fc.record({ cpu: fc.integer({ min: 0, max: 3000 }), memory: fc.integer({ min: 0, max: 4 }), limited: fc.boolean() })
  const worker = ({ cpu, memory, limited }: { readonly cpu: number; readonly memory: number; readonly limited: boolean }, i: number): Worker => {
    const asked = { ...cpu ? { cpu: `${cpu}m` } : {}, ...memory ? { memory: `${memory}Gi` } : {} }
    const resources = { requests: asked, ...limited && cpu && memory ? { limits: asked } : {} }
    return newWorker({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${i}`, uid: `u${i}` }, spec: { containers: [{ name: 'app', resources }] } } as any)
  }
  const cpuOf = (w: Worker): number => Number.parseInt((w.pod.spec as any).containers[0].resources.requests.cpu ?? '0', 10)
  const isGuaranteed = (w: Worker): boolean => (w.pod.spec as any).containers[0].resources.limits !== undefined
  test('they free what is missing, or nobody goes; nobody of a class that the lower ones could have spared', () => {
    fc.assert(fc.property(fc.array(amounts, { maxLength: 8 }), fc.integer({ min: 1, max: 9000 }), (all, missing) => {
      const able = all.map(worker), chosen = victims(new Map([['cpu', missing]]), able)
      const sum = (list: readonly Worker[]): number => list.reduce((t, w) => t + cpuOf(w), 0)
      if (typeof chosen === 'string') {
        expect(chosen).toBe(`no set of running pods found to reclaim resources: [(res: cpu, q: ${missing - sum(able)}), ]`)
        expect(sum(able)).toBeLessThan(missing)
        return
      }
      expect(sum(chosen)).toBeGreaterThanOrEqual(missing)
      expect(new Set(chosen).size).toBe(chosen.length)
      if (sum(able.filter(w => !isGuaranteed(w))) >= missing) expect(chosen.some(isGuaranteed)).toBe(false)
      for (const one of chosen) if (chosen.length > 1) expect(cpuOf(one)).toBeGreaterThan(0)
    }))
  })
})

test.each([['1.35', true], ['1.34', false]])(
  'a container that is restarted in place counts as started until its startup probe looks: in %s %s', (version, kept) => {
  const cluster = createCluster({ nodes: [{ name: 'worker-1', version }] }), seen: boolean[] = []
  const http = (path: string): any => ({ httpGet: { path, port: 8080 } })
  cluster.client.create({
    kind: 'Pod',
    metadata: {
      name: 'web',
      annotations: {
        'behaviour.kscenario.dev/app': '{http: [{path: /up, status: 503}, {path: /up, from: 3s, status: 200}, {path: /live, from: 20s, status: 500}]}',
      },
    },
    spec: {
      containers: [{
        name: 'app', image: 'shop/web:1', ports: [{ containerPort: 8080 }], startupProbe: { ...http('/up'), periodSeconds: 7, failureThreshold: 30 },
        livenessProbe: { ...http('/live'), periodSeconds: 3, failureThreshold: 1 },
      }],
    },
  })
  cluster.observe((o: any) => {
    const status = o.type === 'object' && o.resource === 'pods' && o.new?.metadata.name === 'web' && o.new.status.containerStatuses?.[0]
    if (status && status.restartCount === 1 && seen.at(-1) !== status.started) seen.push(status.started)
  })
  cluster.advance('50s')
  expect(seen.slice(0, kept ? 3 : 2)).toEqual(kept ? [true, false, true] : [false, true])
}
)
