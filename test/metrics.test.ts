import { describe, expect, it } from 'vitest'
import { expectations, runFeature } from './support/run-feature.ts'

const background = `
  Given a cluster with 2 nodes
  And metrics-server is installed
  When I apply:
  """
  { apiVersion: apps/v1, kind: Deployment, metadata: { name: web }, spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [ { name: app, image: nginx, resources: { requests: { cpu: 500m }, limits: { memory: 2Gi } } } ] } } } }
  """
  And deployment web is eventually Available`
const prints = (lines: string): string => `Then the last command prints:\n"""\n${lines}\n"""`

describe('metrics-server', () => {
  it('tells what pods use: autoscalers act on it, kubectl top shows it', async () => {
    const wanted = {
      'an autoscaler': 'passed', 'it reads what there is': 'passed', 'top pods': 'passed', 'top nodes': 'passed', 'not yet': 'passed',
      'by name and labels': 'passed', 'without an API server': 'passed', 'of one node': 'passed', 'over the limit': 'inconclusive', 'of a service': 'undefined',
    }
    const ran = await runFeature({
      'an autoscaler': `When I run "kubectl autoscale deployment web --cpu=50% --min=1 --max=4"
        And pods of deployment web use 900m CPU and 1Gi memory
        Then deployment web eventually has 4 ready replicas within 2m
        When pods of deployment web use 100m CPU
        Then deployment web eventually has 1 replica within 15m
        And deployment web stays Available for 10m`,
      'it reads what there is': `When I run "kubectl autoscale deployment web --cpu=50% --min=1 --max=4"
        And the cluster settles
        And 1 minute passes
        When I run "kubectl get hpa web"
        ${prints('web Deployment/web cpu: 0%/50% 1 4 1')}`,
      'top pods': `When pods of deployment web use 900m CPU and 1Gi memory
        And 1 minute passes
        And I run "kubectl top pods"
        ${prints('NAME CPU(cores) MEMORY(bytes)\n900m 1024Mi')}`,
      'top nodes': `When 1 minute passes
        And I run "kubectl top nodes"
        ${prints('NAME CPU(cores) CPU(%) MEMORY(bytes) MEMORY(%)\ncp-1\nworker-2')}`,
      'not yet': 'When I run "kubectl top pods"\nThen the last command prints "metrics not available yet"',
      'over time': `When I apply:
        """
        { apiVersion: v1, kind: Pod, metadata: { name: busy, annotations: { behaviour.kscenario.dev/app: "{cpu: [{use: 50m}, {from: 2m, use: 700m}], memory: 100Mi}" } }, spec: { containers: [ { name: app, image: busy } ] } }
        """
        And 1 minute passes
        And I run "kubectl top pod busy --no-headers"
        ${prints('busy 50m 100Mi')}
        When 90 seconds pass
        And I run "kubectl top pod busy --no-headers"
        ${prints('busy 700m 100Mi')}`,
      'over time, of an image': `Given image "late:1":
        """
        cpu: 120m
        """
        When I run "kubectl run late --image=late:1"
        And 1 minute passes
        And I run "kubectl top pod late --no-headers"
        ${prints('late 120m 16Mi')}`,
      'the sentence wins': `Given image "late:1":
        """
        cpu: 120m
        """
        When I run "kubectl run late --image=late:1"
        And pod late is eventually Running
        And pod late uses 300m CPU
        And 1 minute passes
        And I run "kubectl top pod late --no-headers"
        ${prints('late 300m 16Mi')}`,
      'by name and labels': `When I run "kubectl run one --image=nginx"
        And pod one is eventually Running
        And pod one uses 250m CPU
        And 1 minute passes
        And I run "kubectl top pod one --no-headers"
        ${prints('one 250m 16Mi')}
        When I run "kubectl top pods -l app=web --containers --no-headers"
        ${prints('app 1m 16Mi')}`,
      'without an API server': 'When kube-apiserver goes down\nAnd I run "kubectl top pods"\nThen the last command fails',
      'of one node': `When pods on node worker-1 use 100m CPU
        And pods on node worker-2 use 100m CPU
        And 1 minute passes
        And I run "kubectl top pods --no-headers"
        ${prints('100m')}`,
      'over the limit': 'When pods of deployment web use 3Gi memory',
      'of a service': 'When pods of deployment ghost use 100m CPU',
    }, background)
    expect(expectations(ran, wanted)).toEqual(wanted)
    expect(ran.story('over the limit')).toContain('not modelled: pod web-')
  })

  it('may be installed later', async () => {
    const ran = await runFeature({
      later:
        `Given a cluster\nAnd deployment web with 1 replica of image "nginx"\nAnd pods of deployment web are Running\nAnd metrics-server is installed\nAnd pods of deployment web use 300m CPU\nWhen 1 minute passes\nAnd I run "kubectl top pods --no-headers"\n${prints('300m')}`,
    })
    expect(expectations(ran, { later: 'passed' })).toEqual({ later: 'passed' })
  })

  it('is not there unless it is installed', async () => {
    const ran = await runFeature({
      top: 'Given a cluster\nWhen I run "kubectl top nodes"\nThen the last command prints "error: Metrics API not available"',
      use: 'Given a cluster\nAnd pods use 100m CPU',
      groups: 'Given a cluster\nWhen I run "kubectl api-versions"\nThen the last command does not print "metrics.k8s.io"',
    })
    expect(ran.statuses).toEqual({ top: 'passed', use: 'undefined', groups: 'passed' })
    expect(ran.story('use')).toContain('say `metrics-server is installed`')
  })

  it('keeps a quiet cluster quiet', async () => {
    const began = performance.now(), ran = await runFeature({ a: 'When 30 days pass\nThen deployment web is Available' }, background)
    expect(ran.statuses).toEqual({ a: 'passed' })
    expect(performance.now() - began).toBeLessThan(5000)
  })
})
