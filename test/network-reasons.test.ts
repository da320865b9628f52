import { expect, test } from 'vitest'
import { runFeature } from './support/run-feature.ts'

/** What a failure must say so that its reader knows who lost what, and why; `not`: what would send him the wrong way. */
const background = `Given a cluster with 2 nodes
  And the CNI is "calico"
  And deployment web with 2 replicas of image "bookstore/web:1"
  And I run "kubectl run client --image=bookstore/client:1"
  And pods of deployment web are Ready
  And pod client is Ready`
const cases: Readonly<Record<string, { readonly steps: string; readonly says: readonly string[]; readonly not?: readonly string[] }>> = {
  'rules that come within a second': {
    steps: `When I run "kubectl expose deployment web --port=80"
      And service web eventually has 2 endpoints
      And 100 milliseconds pass
      Then pod client reaches service web`,
    says: ['service web has no endpoints in the rules on', 'yet (connection refused)'],
  },
  'rules that nobody writes': {
    steps: `When kube-proxy on worker-1 goes down
      And kube-proxy on worker-2 goes down
      And I run "kubectl expose deployment web --port=80"
      And service web eventually has 2 endpoints
      And 5 seconds pass
      Then pod client reaches service web`,
    says: ['no rules for service web on', ', as kube-proxy does not run there'],
  },
  'a service that has nobody': {
    steps: `When I run "kubectl create service clusterip till --tcp=80"
      And 5 seconds pass
      Then pod client reaches service till`,
    says: ['service till has no ready endpoints (connection refused)'], not: ['yet'],
  },
  'an endpoint that went because its container hangs': {
    steps: `When I patch deployment web:
      """yaml
      spec: { template: { spec: { containers: [{ name: app, readinessProbe: { httpGet: { port: 80 }, periodSeconds: 2, failureThreshold: 2 } }] } } }
      """
      And I run "kubectl expose deployment web --port=80"
      And deployment web is eventually rolled out
      And 5 seconds pass
      And container app in a pod of deployment web hangs
      And 15 seconds pass
      Then service web has 2 endpoints for 30s`,
    says: ['1 endpoint', 'container app in', 'hangs'], not: ['service web is created'],
  },
  'a policy that came': {
    steps: `When I run "kubectl expose deployment web --port=80"
      And pod client eventually reaches service web
      And I apply:
      """yaml
      { apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: shut }, spec: { podSelector: {}, policyTypes: [Ingress] } }
      """
      Then pod client reaches service web for 1m`,
    says: ['network policy shut lets no such traffic into pod web', 'the network plugin enforces'], not: ['binds pod client'],
  },
  'a window that had opened before': {
    steps: `When I run "kubectl expose deployment web --port=80"
      And service web eventually has 2 endpoints
      And 5 seconds pass
      And I run "kubectl delete pods -l app=web"
      And deployment web eventually has 2 ready replicas
      And service web eventually has 2 endpoints
      Then deployment web always has 2 ready replicas after service web has 2 endpoints`,
    says: ['1 ready replica', '`service web has 2 endpoints` came at t+', 'already, before the latest step: all since then counts'],
  },
  'a StatefulSet whose pod is on a lost node': {
    steps: `When I apply:
      """yaml
      {
      apiVersion: apps/v1, kind: StatefulSet, metadata: { name: db }, spec: { serviceName: db, selector: { matchLabels: { app: db } },
      template: { metadata: { labels: { app: db } }, spec: { nodeName: worker-2, containers: [{ name: c, image: "bookstore/db:1" }] } } }
      }
      """
      And statefulset db eventually has 1 ready replica
      And node worker-2 goes down
      And 10 minutes pass
      Then statefulset db eventually has 1 ready replica within 5m`,
    says: ['node worker-2 is down', 'pod db-0 is being deleted'], not: ['has 0 of 1 pods'],
  },
}
test('a failure on the network names its cause', async () => {
  const ran = await runFeature(Object.fromEntries(Object.entries(cases).map(([name, { steps }]) => [name, steps])), background)
  const told = Object.entries(cases).map(([name, { says, not = [] }]) => {
    const story = ran.story(name), [, seen = ''] = story.split('▸')
    return [name, ran.statuses[name], says.filter(s => !seen.includes(s)), not.filter(s => seen.includes(s)), says.every(s => seen.includes(s)) ? '' : seen]
  })
  expect(told).toEqual(Object.keys(cases).map(name => [name, 'failed', [], [], '']))
})
