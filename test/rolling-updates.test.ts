import { expect, test } from 'vitest'
import { Network } from './support/network.ts'

/**
 * Requests that a rolling update costs, by reasoning of one's own: a request is lost if whoever the rules of the client's node give it to does not run, or does
 * not answer yet. So the loss to be expected is the sum, over all requests, of the share of endpoints that do not answer at that moment. It must be what is
 * counted, but for the chance of who is picked; and it must lie where the settings of the Deployment put it, in seconds during which nobody answers.
 */
interface Variant {
  readonly strategy: any
  readonly preStop?: number
  readonly ready?: boolean
  readonly startsIn: number
  readonly replicas?: number
  readonly term?: string
}
const surge = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, replace = { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
const recreate = { type: 'Recreate' }, perSecond = 100

function begun({ strategy, preStop, ready, startsIn, replicas = 1, term }: Variant): Network {
  const network = new Network()
  for (const version of [1, 2]) {
    network.driver.image(`web:${version}`, {
      http: [{ from: '0s', status: 0 }, { from: `${startsIn}s`, status: 200 }], ...term ? { term: { after: term } } : {},
    })
  }
  network.deployment('web', replicas, {
    spec: { strategy },
    container: {
      ports: [{ containerPort: 80 }], ...ready ? { readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 } } : {},
      ...preStop === undefined ? {} : { lifecycle: { preStop: { sleep: { seconds: preStop } } } },
    },
  })
  network.service('web'); network.pod('client', 'worker-1')
  network.pass(30_000)
  network.traffic('shoppers', 'web', perSecond, { pod: 'client' })
  return network.pass(1000)
}
/** the share of what the rules name now that does not answer */
function silent(network: Network, startsInMs: number): number {
  const [{ internal }] = network.driver.cluster.kernel.stateOf<any>('kube-proxy/worker-1').rules.get('default/web').ports
  const truth = network.driver.cluster.nodeTruth()
  const answers = internal.filter(({ uid }: any) => {
    const [container] = truth.pod(uid)?.containers ?? []
    return container?.state === 'running' && network.driver.cluster.kernel.now - container.startedAt! >= startsInMs
  })
  return internal.length === 0 ? 1 : 1 - answers.length / internal.length
}

// how long nobody answers, in seconds of all requests: by what the settings say
test.each<[string, Variant, readonly [number, number]]>([
  ['surge, readiness and a hook that outlasts the rules: none', { strategy: surge, ready: true, preStop: 5, startsIn: 4 }, [0, 0]],
  ['a server that goes on for 5 s after SIGTERM does as well', { strategy: surge, ready: true, term: '5s', startsIn: 4 }, [0, 0]],
  // half of the requests (of two endpoints), till the next time that rules are written: less than a second
  ['without a hook: half of those until rules are written', { strategy: surge, ready: true, startsIn: 4 }, [0.05, 0.55]],
  ['of three replicas: three times a share of them', { strategy: surge, ready: true, startsIn: 4, replicas: 3 }, [0.1, 0.9]],
  // the new one is in the rules as soon as it runs, for four seconds in which it does not answer; the old one ends at once
  ['without readiness: what the new one does not answer while it starts', { strategy: surge, startsIn: 4 }, [3, 4.6]],
  ['… a hook of the old one does not help: rules prefer who is ready, or passes for it', { strategy: surge, startsIn: 4, preStop: 3 }, [3, 4.1]],
  // old one ends, new one is made, starts for 4 s, is found ready within a second, is in the rules within another
  ['Recreate: from the end of the old one till the new one is in the rules', { strategy: recreate, ready: true, startsIn: 4 }, [4, 7]],
  ['… a hook of the old one only puts it off', { strategy: recreate, ready: true, startsIn: 4, preStop: 10 }, [4, 7]],
  ['replaced at once, and the old one serves while the new one starts: none', { strategy: replace, ready: true, startsIn: 4, preStop: 10 }, [0, 0]],
  ['… unless it ends before that', { strategy: replace, ready: true, startsIn: 4, preStop: 2 }, [2, 5]],
  ['replaced at once without a hook: as with Recreate', { strategy: replace, ready: true, startsIn: 4 }, [4, 7]],
])('%s', (_, variant, [least, most]) => {
  const network = begun(variant), startsInMs = variant.startsIn * 1000
  expect(network.counts('shoppers').lost).toBe(0)
  network.image('web', 'web:2')
  let expected = 0, variance = 0
  for (let i = 0; i < 60 * perSecond; i++) {
    network.pass(1000 / perSecond)
    const share = silent(network, startsInMs)
    expected += share
    variance += share * (1 - share)
  }
  const { lost, sent, served, servedBy, why } = network.counts('shoppers')
  // each of them has its reason: a pod that has ended, or does not answer yet, or nobody is there
  expect(Object.values(why).reduce((sum, n) => sum + n, 0)).toBe(lost)
  expect(Object.keys(why).filter(w => !/^pod web-\S+ (has ended|does not answer)|has no (ready )?endpoints/.test(w))).toEqual([])
  // a request may be sent at the very moment of a change, of which a run has a few
  expect(Math.abs(lost - expected), `${lost} lost, ${expected} expected`).toBeLessThanOrEqual(4 * Math.sqrt(variance) + 3)
  expect([lost / perSecond >= least, lost / perSecond <= most], `${lost} lost`).toEqual([true, true])
  expect([sent, served + lost, Object.keys(servedBy).length]).toEqual([served + lost, sent, 2 * (variant.replicas ?? 1)])
})
