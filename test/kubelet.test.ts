import { describe, expect, test } from 'vitest'
import { complaints, runProject } from './support/suite.ts'

/** Scenarios of one topic in a feature of their own; what did not pass is told in its own words. */
async function holds(scenarios: string): Promise<void> {
  const { finished } = await runProject(['kubelet.feature'], { 'kubelet.feature': `Feature: A kubelet\n${scenarios}` })
  expect(complaints(finished)).toEqual([])
  expect(finished.length).toBeGreaterThan(0)
}
const image = (name: string, yaml: string): string =>
  `    And image "${name}":\n      """\n${yaml.trim().split('\n').map(l => `      ${l}`).join('\n')}\n      """`
const pod = (name: string, spec: string, metadata = ''): string =>
  `      """\n      apiVersion: v1\n      kind: Pod\n      metadata:\n        name: ${name}\n${metadata}      spec:\n${spec.replace(/^\n|\n\s*$/g, '').split('\n').map(l => `        ${l}`).join('\n')}\n      """`
const ONE = '  containers:\n    - {name: app, image: "registry.example/app:1"}'

describe('containers that end', () => {
  test('restart by the policy of their pod, later each time', () => holds(`
  Scenario: crash loop
    Given a cluster with 1 node
${image('registry.example/app:1', 'exit: {after: 2s, code: 1}')}
    When I apply:
${pod('web', ONE)}
    Then pod web eventually restarted 1 time within 10s
    And pod web eventually restarted 3 times within 2m
    And pod web eventually CrashLoopBackOff within 5m
    And pod web eventually has event BackOff
  Scenario: never
    Given a cluster with 1 node
${image('registry.example/app:1', 'exit: {after: 2s, code: 3}')}
    When I apply:
${pod('web', '  restartPolicy: Never\n' + ONE)}
    Then pod web eventually Failed
    And pod web has field .status.containerStatuses[0].state.terminated.exitCode "3"
    And pod web restarted 0 times
  Scenario: out of memory by a fault
    Given a cluster with 1 node
    When I apply:
${pod('web', ONE)}
    Then pod web eventually Ready
    When container app in pod web runs out of memory
    Then pod web eventually restarted 1 time
    And pod web eventually has field .status.containerStatuses[0].lastState.terminated.reason "OOMKilled"
`))
  test('an image that cannot be pulled is tried again, and starts once it can', () => holds(`
  Scenario: registry
    Given a cluster with 1 node
    And image registry "registry.example" is unreachable
    When I apply:
${pod('web', ONE)}
    Then pod web eventually has event Failed saying "i/o timeout"
    And pod web eventually ImagePullBackOff within 5m
    When image registry "registry.example" is reachable again
    Then pod web eventually Ready within 10m
`))
  test('a malformed behaviour is named', () => holds(`
  Scenario: malformed
    Given a cluster with 1 node
    When I apply:
${pod('web', ONE, `        annotations: {behaviour.kscenario.dev/app: "{exits: {after: 2s}}"}\n`)}
    Then pod web eventually CreateContainerError
    And pod web eventually has event Failed saying "InvalidBehaviour"
`))
})

describe('probes', () => {
  const PROBED =
    '  containers:\n    - name: app\n      image: "registry.example/app:1"\n      ports: [{containerPort: 8080}]\n      livenessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 5, failureThreshold: 2}\n      readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: 5}'
  test('a container that hangs is restarted by its liveness probe, with the control plane or without', () => holds(`
  Scenario: hang
    Given a cluster with 1 node
    When I apply:
${pod('web', PROBED)}
    Then pod web eventually Ready
    When the control plane goes down
    And container app in pod web hangs
    Then pod web eventually restarted 1 time on the node within 2m
    And pod web has field .status.containerStatuses[0].restartCount "0"
    When the control plane comes back
    Then pod web eventually restarted 1 time within 5m
`))
  test('readiness comes and goes as the container answers', () => holds(`
  Scenario: late
    Given a cluster with 1 node
${image('registry.example/app:1', 'http: [{path: /readyz, from: 0s, status: 503}, {path: /readyz, from: 20s, status: 200}, {path: /readyz, from: 60s, status: 500}]')}
    When I apply:
${pod('web', PROBED)}
    Then pod web eventually Running
    And pod web is not Ready
    And pod web eventually Ready within 30s
    And pod web eventually not Ready within 90s
    And pod web has event Unhealthy saying "statuscode: 500"
`))
})

describe('the end of a pod', () => {
  test('waits for the grace period and not longer', () => holds(`
  Scenario: ignores
    Given a cluster with 1 node
${image('registry.example/app:1', 'term: {ignore: true}')}
    When I apply:
${pod('web', '  terminationGracePeriodSeconds: 10\n' + ONE)}
    Then pod web eventually Ready
    When I delete pod web
    Then pod web Terminating for 9s
    And pod web eventually gone within 5s
  Scenario: force
    Given a cluster with 1 node
    When I apply:
${pod('web', ONE)}
    Then pod web eventually Ready
    When I delete pod web by force
    Then pod web gone
`))
  test('deadlines', () => holds(`
  Scenario: deadline
    Given a cluster with 1 node
    When I apply:
${pod('web', '  activeDeadlineSeconds: 5\n' + ONE)}
    Then pod web eventually Running
    And pod web eventually Failed
    And pod web has field .status.reason "DeadlineExceeded"
`))
})

describe('nodes', () => {
  test('a reboot costs a restart and an address, and the node says so', () => holds(`
  Scenario: reboot
    Given a cluster with 1 node
    When I apply:
${pod('web', ONE)}
    Then pod web eventually Ready
    When node worker-1 reboots for 20s
    Then node worker-1 eventually has event Rebooted within 2m
    And pod web eventually restarted 1 time within 2m
    And pod web eventually Ready within 2m
    And pod web has field .status.containerStatuses[0].lastState.terminated.exitCode "255"
    And pod web has event SandboxChanged
`))
  test('a kubelet that is away leaves containers alone, and catches up', () => holds(`
  Scenario: kubelet
    Given a cluster with 1 node
    When I apply:
${pod('web', ONE)}
    Then pod web eventually Ready
    When the kubelet on worker-1 goes down
    And container app in pod web crashes
    And 1 minute passes
    Then pod web restarted 0 times on the node
    When the kubelet on worker-1 comes back
    Then pod web eventually restarted 1 time
`))
  test('too little memory ends pods that request none', () => holds(`
  Scenario: pressure
    Given a cluster with 1 node
    When I apply:
${pod('greedy', ONE)}
    And I apply:
${pod('modest', '  containers:\n    - {name: app, image: "registry.example/app:1", resources: {requests: {memory: 64Mi}, limits: {memory: 64Mi}}}')}
    Then pod greedy eventually Ready
    And pod modest eventually Ready
    When node worker-1 is under memory pressure
    Then pod greedy eventually Failed
    And pod greedy has field .status.reason "Evicted"
    And node worker-1 eventually MemoryPressure
    And pod modest Ready
    When node worker-1 is no longer under memory pressure
    Then node worker-1 eventually has condition MemoryPressure=False within 6m
`))
})
