import { expect, test } from 'vitest'
import { runProject } from './support/suite.ts'

const db = JSON.stringify({
  apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' },
  spec: {
    serviceName: 'db', replicas: 2, selector: { matchLabels: { app: 'db' } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'app', image: 'db:1' }] } },
  },
})
test('what is made only once the condition has come was never so before', async () => {
  const wanted = {
    'pod db-1 is never Running until pod db-0 is Ready': 'passed', 'pod db-1 is never Running before pod db-0 is Ready': 'passed',
    'pod db-2 is never Running until pod db-0 is Ready': 'vacuous', 'pod db-0 is never Running until pod db-1 is Ready': 'failed',
    'pods labelled app=bd are never Running until pod db-0 is Ready': 'vacuous', 'pod db-1 is always Running until pod db-0 is Ready': 'vacuous',
    'pod db-2 is never Running while pod db-0 is Ready': 'vacuous',
  }
  const scenarios = Object.keys(wanted).map(claim => `  Scenario: ${claim}\n    Given a cluster\n    And the manifest "db.json" is applied\n    Then ${claim}\n`)
  const { finished } = await runProject(['a.feature'], { 'a.feature': `Feature: order\n${scenarios.join('')}`, 'db.json': db })
  expect(Object.fromEntries(finished.map(f => [f.scenario.name, f.status]))).toEqual(wanted)
})
