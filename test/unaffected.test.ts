import { expect, test } from 'vitest'
import { runProject } from './support/suite.ts'

/** `unaffected` of a pod to which something happens that leaves its containers running: what became of the claim, and what was seen. */
async function verdict(steps: string): Promise<string> {
  const text = `Feature: f\n  Scenario: s\n    Given a cluster with 2 nodes\n${steps.split('\n').map(l => `    ${l}`).join('\n')}\n`
  const { finished } = await runProject(['it.feature'], { 'it.feature': text }), [scenario] = finished
  return scenario.status === 'passed' ? 'passed' : `${scenario.status}: ${scenario.failure?.seen ?? scenario.failure?.message}`
}
const two = `And deployment web with 2 replicas of image "bookstore/web:1"\nAnd deployment web has 2 ready replicas`

test('a container that hangs is affected, and was while it did', async () => {
  const hangs = `${two}\nWhen kube-scheduler goes down\nAnd container app in a pod of deployment web hangs\nAnd 30 seconds pass`
  expect(await verdict(`${hangs}\nThen pods of deployment web are unaffected`)).toContain('failed: container app answers nothing on worker-')
  expect(await verdict(`${hangs}\nAnd kube-scheduler comes back\nThen running pods were unaffected while kube-scheduler is down`)).toContain(
    'failed: container app answers nothing'
  )
})

test('a pod is affected that is told to end while nobody is there to end it', async () => {
  const stopped = `${two}\nWhen the kubelet on worker-1 stops\nAnd 4 minutes pass`
  const claim = 'Then running pods were unaffected while the kubelet on worker-1 is down'
  expect(await verdict(`${stopped}\nAnd the kubelet on worker-1 starts\n${claim}`)).toBe('passed')
  expect(await verdict(`${stopped}\nAnd 2 minutes pass\n${claim}`)).toMatch(/^failed: pod web-\S+ is told to end$/)
})

test('what is lost at a pod is not lost at its namesake elsewhere', async () => {
  const pod = (namespace: string): string =>
    `  apiVersion: v1\n  kind: Pod\n  metadata: {name: db, namespace: ${namespace}, labels: {app: db}}\n`
    + '  spec: {containers: [{name: app, image: "bookstore/db:1", ports: [{containerPort: 80}]}]}\n  ---\n'
  const service = '  apiVersion: v1\n  kind: Service\n  metadata: {name: db, namespace: other}\n  spec: {selector: {app: db}, ports: [{port: 80}]}\n'
  const story = `And namespace other\nAnd I use namespace default\nAnd I apply:\n  """\n${pod('default')}${pod('other')}${service}  """\n`
    + 'And pod db is eventually Ready\nAnd pod other/db is eventually Ready\nAnd clients send 5 requests per second to service other/db as "users"\n'
    + 'When container app in pod other/db hangs\nAnd 40 seconds pass\n'
  expect(await verdict(`${story}Then pod db is unaffected`)).toBe('passed')
  expect(await verdict(`${story}Then pod other/db is unaffected`)).toContain('failed: ')
})
