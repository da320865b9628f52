import { expect, test } from 'vitest'
import { mix32 } from '../src/base/hash.ts'
import { createModelDriver, type ModelDriver } from '../src/drivers/model.ts'
import type { ApiRequest } from '../src/runtime-model/api/request.ts'

/**
 * The law of a node: whatever went wrong, once all is healed the API and the nodes say the same, what should run runs, nothing that should
 * not is left, no invariant was broken, and the cluster comes to rest.
 */
const workers = ['worker-1', 'worker-2', 'worker-3']
const base = { namespace: 'default', version: 'v1', credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl' } as const
const port = 8080, http = { httpGet: { port, path: '/' } }
const deployments: Readonly<Record<string, { readonly replicas: number; readonly spec: any; readonly annotations?: Readonly<Record<string, string>> }>> = {
  plain: { replicas: 3, spec: { containers: [{ name: 'app', image: 'x.example/a:1' }] } },
  probed: {
    replicas: 2,
    spec: {
      containers: [{
        name: 'app', image: 'x.example/b:1', ports: [{ containerPort: port }], readinessProbe: http, livenessProbe: { ...http, periodSeconds: 3 },
        startupProbe: { tcpSocket: { port }, periodSeconds: 2 },
      }],
    },
  },
  slow: {
    replicas: 2, spec: { containers: [{ name: 'app', image: 'x.example/c:1', lifecycle: { preStop: { sleep: { seconds: 3 } } } }] },
    annotations: { 'behaviour.kscenario.dev/app': '{term: {after: 5s}, start: 1s, pull: 2s}' },
  },
  crashy: {
    replicas: 1, spec: { containers: [{ name: 'app', image: 'x.example/d:1' }] },
    annotations: { 'behaviour.kscenario.dev/app': '{exit: {after: 15s, code: 1, times: 4}}' },
  },
  staged: {
    replicas: 2, annotations: { 'behaviour.kscenario.dev/migrate': '{exit: {after: 2s, code: 1, times: 2}}' },
    spec: {
      initContainers: [
        { name: 'helper', image: 'x.example/h:1', restartPolicy: 'Always', startupProbe: { exec: { command: ['up'] }, periodSeconds: 1 } },
        { name: 'migrate', image: 'x.example/m:1' },
      ],
      containers: [{ name: 'app', image: 'x.example/e:1' }],
    },
  },
}
const pods = (driver: ModelDriver): any[] => [...driver.storedList('pods', 'default')]

async function troubled(seed: number): Promise<ModelDriver> {
  const driver = createModelDriver({ nodes: workers.map(name => ({ name })), seed, trace: 'none' }), healing: (() => void)[] = []
  let draws = 0
  const pick = <T>(list: readonly T[]): T => list[(mix32(mix32(seed) + draws++) >>> 0) % list.length]
  for (const [name, { replicas, spec, annotations }] of Object.entries(deployments)) {
    await driver.request(
      {
        ...base, verb: 'create', group: 'apps', resource: 'deployments',
        body: {
          apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
          spec: { replicas, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name }, annotations }, spec } },
        },
      } as ApiRequest
    )
  }
  await driver.advance(15_000)
  for (let i = 0; i < 10; i++) {
    const node = pick(workers)
    const fault = pick(['node-down', 'node-hang', 'kubelet-stop', 'partition', 'component-down', 'component-crash', 'api-fail', 'node-pressure'])
    const args = fault === 'component-down'
      ? { component: pick(['control plane', 'kube-apiserver']) }
      : { node, component: 'kubelet', kind: 'memory', code: 503 }
    const done = driver.inject(fault, args)
    if (typeof done === 'object' && fault !== 'component-crash') healing.push(done.heal)
    const all = pods(driver), victim = all.length ? pick(all).metadata.name : undefined
    const what = pick(['delete', 'force', 'container-crash', 'container-oom', 'container-hang', 'nothing'])
    if (victim && what.startsWith('container-')) {
      const hurt = driver.inject(what, { namespace: 'default', pod: victim, container: 'app' })
      if (typeof hurt === 'object' && what === 'container-hang') healing.push(hurt.heal)
    }
    else if (victim
      && what !== 'nothing') driver.submit(
        { ...base, verb: 'delete', group: '', resource: 'pods', name: victim, body: what === 'force' ? { gracePeriodSeconds: 0 } : {} } as ApiRequest, () => {}
      )
    await driver.advance(pick([3000, 17_000, 45_000, 80_000]))
    if (pick([true, true, false])) healing.splice(0, 1).forEach(heal => heal())
  }
  for (const heal of healing) heal()
  await driver.advance(30 * 60_000)
  return driver
}

function wrong(driver: ModelDriver): string[] {
  const found = [...driver.invariantViolations()], all = pods(driver), stored = new Map(driver.storedList('pods').map(p => [p.metadata.uid, p as any]))
  for (const [name, { replicas }] of Object.entries(deployments)) {
    const ready = all.filter(p => p.metadata.labels.app === name && p.status.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True')).length
    if (ready !== replicas) found.push(`${ready} of ${replicas} pods of ${name} are ready`)
  }
  for (const p of all) if (p.metadata.deletionTimestamp) found.push(`${p.metadata.name} is still Terminating`)
  for (const pod of workers.flatMap(node => driver.nodeTruth.podsOn(node))) {
    const statuses: any[] | undefined = stored.get(pod.uid)?.status.containerStatuses
    if (!stored.has(pod.uid)) found.push(`${pod.name} is left on ${pod.node}`)
    for (const c of pod.containers) {
      const s = statuses?.find(x => x.name === c.name)
      if (s && (!!s.state.running !== (c.state === 'running') || s.restartCount !== c.restarts)) {
        found.push(`${pod.name}/${c.name} is ${c.state}, restarted ${c.restarts} times, and the API says ${JSON.stringify(s)}`)
      }
    }
  }
  if (!driver.cluster.kernel.quiet) found.push('the cluster is not at rest')
  return found
}

test.each([1, 2, 3, 4])('healed, the nodes are whole again (seed %d)', async seed => { expect(wrong(await troubled(seed))).toEqual([]) })
