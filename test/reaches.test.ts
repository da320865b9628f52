import { expect, test } from 'vitest'
import { runProject } from './support/suite.ts'

const background = `
    Given a cluster with 2 nodes
    And deployment web with 2 replicas of image "bookstore/web:1"
    And service web on port 80
    And pod client of image "bookstore/client:1"
    And all pods are eventually Ready
    And pod client eventually reaches service web`
const statusOf = async (steps: string): Promise<readonly [string | undefined, string | undefined]> => {
  const feature = `Feature: reaching\n  Scenario: one\n${background}\n    ${steps.split('\n').join('\n    ')}\n`
  const [ran] = (await runProject(['a.feature'], { 'a.feature': feature })).finished
  return [ran.status, ran.failure?.message]
}
/** One of two endpoints stands on a node that is off, and the rules do not know it yet. */
const halfLost = 'When node worker-1 goes down\nAnd 5 seconds pass'

test('a Service of which one of two endpoints does not answer is neither reached nor out of reach', async () => {
  expect(await statusOf(`Then pod client is scheduled on node worker-2\n${halfLost}\nThen pods of deployment web are spread evenly over "kubernetes.io/hostname"`))
    .toEqual(['passed', undefined])
  expect(await statusOf(`${halfLost}\nThen pod client reaches service web`)).toEqual(['failed', expect.stringContaining('1 of 2 endpoints does not answer')])
  expect(await statusOf(`${halfLost}\nThen pod client does not reach service web`)).toEqual(['failed', expect.stringContaining('1 of 2 endpoints does not answer')])
  expect(await statusOf(`${halfLost}\nThen pod client eventually reaches service web within 90s`)).toEqual(['passed', undefined])
})

/** Two pods that declare port 8080 alone, and a Service that sends to their port 80. */
const elsewhere = `Given a cluster with 1 node
When I run "kubectl run catalog --image=bookstore/catalog:1 --labels=app=catalog --port=8080"
And I run "kubectl run client --image=bookstore/client:1"
Given service catalog on port 80
And all pods are eventually Ready
And service catalog eventually has 1 endpoint
`
test('a container of which nothing is said answers wherever a Service sends; one that says what it answers does so at its ports', async () => {
  const feature = (steps: string): string => `Feature: ports\n  Scenario: one\n    ${steps.split('\n').join('\n    ')}\n`
  const silent = feature(`${elsewhere}Then pod client eventually reaches service catalog`)
  const told = feature(`Given image "bookstore/catalog:1":\n| http | [{ from: 0s, status: 200 }] |\n${elsewhere}When 10 seconds pass\nThen pod client does not reach service catalog`)
  const files = { 'silent.feature': silent, 'told.feature': told }
  const { finished } = await runProject(Object.keys(files), files)
  expect(finished.map(f => `${f.status} ${f.failure?.message ?? ''}`.trim())).toEqual(['passed', 'passed'])
})

test('names, ports and nodes: what a request meets by the name that a pod looks up, at a port, from a machine', async () => {
  const headless = (name: string, port: string): string =>
    `When I apply:\n  """\n  apiVersion: v1\n  kind: Service\n  metadata: { name: ${name} }\n  spec: { clusterIP: None, selector: { app: web }, ports: [ ${port} ] }\n  """`
  const made = `${headless('web-hl', '{ port: 80, targetPort: 8080 }')}\n${headless('nobody', '{ port: 80 }').replace('app: web', 'app: nobody')}
Given service web on port 80 to port 8080 for app=web
And host "db.example.com" is outside of the cluster
When I run "kubectl create service externalname db --external-name=db.example.com"
And 10 seconds pass`
  const holds = [
    'pod client reaches address "web-hl:8080"', 'pod client does not reach address "web-hl:80"', 'pod client reaches address "db:5432"',
    'pod client does not reach address "nobody:80"', 'pod client reaches address "web.default.svc:80"', 'pod client reaches pod web on port 8080',
    'pod client does not reach pod web on port 9090', 'node worker-2 reaches service web', 'node worker-2 does not reach service web on port 81',
  ]
  const feature = (claim: string): string => `Feature: names\n  Scenario: one\n    ${`Given a cluster with 2 nodes
And pod web of image "shop/web:1"
And pod client of image "shop/client:1"
And pods web and client are eventually Ready
${made}
Then ${claim}`.split('\n').join('\n    ')}\n`
  const moot = ['pod client does not reach address "wbe:80"', 'node worker-1 does not reach address "web:80"', 'node worker-1 does not reach service web-hl']
  const files = Object.fromEntries([...holds, ...moot].map((claim, i) => [`${i}.feature`, feature(claim)]))
  const { finished } = await runProject(Object.keys(files), files)
  expect(finished.slice(0, holds.length).map(f => `${f.status} ${f.failure?.message ?? ''}`.trim())).toEqual(holds.map(() => 'passed'))
  expect(finished.slice(holds.length).map(f => f.failure?.message)).toEqual([
    'lookup wbe: no such host', 'web is neither an IP address nor a node, and a node does not ask the cluster\'s DNS',
    'service web-hl is but a name, and a node does not ask the cluster\'s DNS',
  ])
})

test('what an image is said to listen on is all that it answers at, for probes too', async () => {
  const feature = (said: string, claim: string): string => `Feature: listens\n  Scenario: one\n    ${`Given a cluster with 1 node
And image "shop/web:1":
  | listens | ${said} |
When I apply:
  """
  apiVersion: v1
  kind: Pod
  metadata: { name: web, labels: { app: web } }
  spec: { containers: [ { name: app, image: "shop/web:1", ports: [ { containerPort: 80 } ], readinessProbe: { httpGet: { path: /, port: 8080 } } } ] }
  """
And pod client of image "shop/client:1"
And service web on port 80 for app=web
And 20 seconds pass
Then ${claim}`.split('\n').join('\n    ')}\n`
  const files = {
    'a.feature': feature('8080', 'pod web is Ready'), 'b.feature': feature('80', 'pod web has event Unhealthy saying "connection refused"'),
    'c.feature': feature('8080', 'pod client reaches service web'), 'd.feature': feature('[80, 8080]', 'pod client reaches service web'),
    'e.feature': feature('http', 'pod client reaches service web'),
  }
  const { finished } = await runProject(Object.keys(files), files)
  expect(finished.map(f => `${f.status} ${f.failure?.message ?? ''}`.trim())).toEqual([
    'passed', 'passed', expect.stringMatching(/^failed pod web listens on 8080 only: [\d.]+:80 refuses connections$/), 'passed',
    expect.stringContaining('listens[0] must be a whole number'),
  ])
})

test('CoreDNS is what its pods are, and an EndpointSlice is its Service\'s', async () => {
  const feature = (claim: string): string => `Feature: dns\n  Scenario: one\n    ${`Given a cluster with 1 node
And coredns is up
And service web on port 80
When I scale deployment coredns in namespace kube-system to 0
Then ${claim}`.split('\n').join('\n    ')}\n`
  const files = {
    'a.feature': feature('coredns is eventually down'), 'b.feature': feature('coredns stays up for 1m'),
    'c.feature': feature('endpointslices labelled kubernetes.io/service-name=web are owned by service web'),
    'd.feature': feature('coredns is eventually down\nWhen I scale deployment coredns in namespace kube-system to 1\nThen coredns is eventually up'),
  }
  const { finished } = await runProject(Object.keys(files), files)
  expect(finished.map(f => f.status)).toEqual(['passed', 'failed', 'passed', 'passed'])
})
