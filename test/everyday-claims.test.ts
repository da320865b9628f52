import { describe, expect, it } from 'vitest'
import { runFeature } from './support/run-feature.ts'

/** What people say of rollouts, images, keys and nodes: each so, and each not so. */
async function check(wanted: Readonly<Record<string, string>>, before: string): Promise<void> {
  const ran = await runFeature(Object.fromEntries(Object.keys(wanted).map(s => [s, `Then ${s}`])), before)
  expect(ran.statuses).toEqual(wanted)
}

describe('of what is known of a cluster', () => {
  const before = `Given a cluster with 2 nodes
    And deployment web with 2 replicas of image "a:1"
    And deployment web is rolled out
    And a pod lone with image "b:1"
    And pod lone is Ready
    When I run "kubectl create configmap settings --from-literal=color=blue"
    And I run "kubectl create secret generic db --from-literal=password=x"
    And I run "kubectl create job report --image=c:1"
    And I wait until job report is completed
    And I run "kubectl get pods"`
  it('contents', () => check({
    'deployment web uses image "a:1"': 'passed', 'deployment web uses image "a:2"': 'failed', 'deployment web does not use image "a:2"': 'passed',
    'pods of deployment web run image "a:1"': 'passed', 'service kubernetes uses image "a:1"': 'undefined',
    'container app in pod lone has image "b:1"': 'passed', 'container app in pod lone has image "b:2"': 'failed', 'container ghost in pod lone does not have image "b:1"': 'failed',
    'pod lone has 1 container': 'passed', 'pod lone has 2 containers': 'failed', 'configmap settings has key color': 'passed',
    'configmap settings has no key colour': 'passed', 'secret db has key password': 'passed', 'secret db has key user': 'failed', 'pod lone has key a': 'undefined',
    'pod lone is managed by deployment web': 'failed', 'pods of deployment web are managed by deployment web': 'passed',
  }, before))
  it('one of two words, and nodes that pods share', () => check({
    'pod lone is Running or Pending': 'passed', 'pod lone is Pending or Running': 'passed', 'pod lone is either Pending or Failed': 'failed',
    'pod lone is not Pending or Failed': 'passed', 'pod lone is not Pending or Running': 'failed', 'pod lone never Failed or Error for 1m': 'passed',
    'pod lone is Bound or Running': 'undefined', 'pod lone is Running or Runing': 'undefined', 'pod ghost is not Pending or Running': 'failed',
    'pods of deployment web are on different nodes': 'passed', 'pods of deployment web are on the same node': 'failed',
    'pods of deployment web are not on the same node': 'passed', 'pods in any namespace labelled app=web are on different nodes': 'passed',
    'pod lone is on different nodes': 'failed', 'pod lone is not on the same node': 'failed', 'pods labelled app=lone are on the same node': 'failed',
    'pods labelled app=lone are not on the same node': 'failed', '2 pods of deployment web are on different nodes': 'undefined',
    'no pods of deployment web are spread evenly over "kubernetes.io/hostname"': 'undefined',
    'all pods are not on different nodes': 'failed', 'all pods are not on the same node': 'failed',
  }, before))
  it('runs, is left, and more than another', () => check({
    'pod lone runs': 'passed', 'every pod of deployment web runs': 'passed', 'pods of job report run': 'failed', 'no pod of job report runs': 'passed',
    'deployment web runs': 'undefined', 'pods of deployment web run on the node': 'passed', 'pods of deployment web run on different nodes': 'passed',
    'pods of deployment web run on the same node': 'failed', 'no pod of deployment web is left': 'failed', 'no pod of deployment ghost is left': 'vacuous',
    'deployment web has more replicas than deployment web': 'failed', 'deployment web has as many ready replicas as deployment web': 'passed',
    'deployment web has fewer replicas than deployment ghost': 'failed', 'deployment web does not have more replicas than deployment ghost': 'failed',
    'deployment web has more ready pods than deployment coredns in namespace kube-system': 'failed',
    'deployment web has as many pods as deployment coredns in namespace kube-system': 'passed',
    'deployment web does not have fewer replicas than deployment coredns in namespace kube-system': 'passed',
    'deployment web has more replicas than service kubernetes': 'undefined', 'pod lone has more replicas than deployment web': 'undefined',
    'deployment web has more busy replicas than deployment web': 'undefined',
  }, before))
  it('two claims of one subject', () => check({
    'pods of deployment web are Running and have not restarted': 'passed', 'pods of deployment web are Running and have restarted': 'failed',
    'pods of deployment web are Ready and on different nodes': 'passed', 'pods of deployment web are Pending and have not restarted': 'failed',
    'deployment web has 2 replicas and 2 ready replicas': 'passed', 'deployment web has 2 replicas and 3 ready replicas': 'failed',
    'deployment web has 2 replicas and is rolled out and is at revision 2': 'failed', 'pod lone is Running but has not been restarted': 'passed',
    'node worker-1 is Ready and not cordoned': 'passed', 'node worker-1 is not cordoned and is Ready': 'passed', 'pod lone is Ready and is not on node worker-9': 'failed',
    'pod lone is Ready and has not the label tier=a': 'undefined', 'pod lone is Running and Failed or Pending': 'failed',
    // of these nobody can tell what is meant
    'node worker-1 is not cordoned and Ready': 'undefined', 'at least 2 pods of deployment web are Ready and on worker-1': 'undefined',
    'no pod of deployment web is Ready and Failed': 'undefined', 'pod lone is never Failed and Pending': 'undefined', 'pod lone is eventually Ready and on worker-1': 'undefined',
    'pod lone is Ready and eventually gone': 'undefined', 'pod lone is Running and pods of deployment web are Ready': 'undefined',
    'the command succeeds and prints "lone"': 'passed', 'the command succeeds and prints "nonsense and more"': 'failed', 'the command fails and prints "lone"': 'failed',
  }, before))
  it('who leads', () => check({
    'kube-scheduler has a leader': 'passed', 'etcd has no leader': 'failed', 'kube-apiserver has a leader': 'undefined', 'etcd member etcd-1 or etcd-2 is the leader': 'passed',
    'kube-scheduler on cp-1 or cp-3 is the leader': 'failed', 'kube-scheduler on cp-2 or kube-scheduler on cp-1 is the leader': 'passed',
    'kube-scheduler on cp-1 or cp-2 is not the leader': 'failed', 'kube-scheduler on cp-1 or cp-9 is the leader': 'undefined',
    'kube-scheduler on cp-1 or cp-2 is up': 'undefined', 'kube-scheduler on cp-1 or etcd member etcd-1 is the leader': 'undefined',
  }, 'Given a cluster with 3 control plane nodes and 1 worker node'))
  it('outcomes', () => check({
    'the command prints "NAME" or "nonsense"': 'passed', 'the command prints either "nonsense" or "more"': 'failed', 'the command prints "READY" and "NAME"': 'passed',
    'the command prints both "NAME" and "nonsense"': 'failed', 'the command does not print "NAME" and "nonsense"': 'failed',
    'the command does not print "more" and "nonsense"': 'passed', 'the command does not print "NAME" or "nonsense"': 'failed',
    'the command does not print "more" or "nonsense"': 'passed',
    'the command succeeds': 'passed', 'the output contains "lone"': 'passed', 'the output does not contain "lone"': 'failed', 'the output is empty': 'failed',
    'the command fails': 'failed', 'the last command exits with code 0': 'passed', 'the last command exits with 1': 'failed',
    'the command fails with "lone"': 'failed', 'job report succeeds': 'passed', 'job report fails': 'failed', 'job report has completed': 'passed',
    'job report does not fail': 'passed', 'deployment web fails': 'undefined',
  }, before))
  it('a refusal and its words', () => check({
    'the command fails with "not found"': 'passed', 'the command fails with "exceeded"': 'failed', 'the request is rejected with 404': 'passed',
    'the command exits with code 1': 'passed',
  }, `${before}\n    And I run "kubectl get pod ghost"`))
})
describe('of a rollout', () => {
  const before = `Given a cluster with 2 nodes
    And deployment web with 2 replicas of image "a:1"
    And I wait until deployment web is rolled out
    When I set image of deployment web to "a:2"`
  it('that is under way', () => check({
    'deployment web is not rolled out': 'passed', 'deployment web is at revision 2': 'passed', 'deployment web is not at revision 1': 'passed',
    'deployment web is at revision 1': 'failed', 'deployment web is rolled out': 'failed', 'deployment web is eventually rolled out': 'passed',
  }, before))
  it('of which the controller knows nothing', () => check({
    'deployment web is rolled out': 'failed', 'deployment web is not rolled out': 'failed', 'deployment web is at revision 2': 'failed',
    'deployment web is not at revision 2': 'failed',
  }, before.replace('When I', 'When kube-controller-manager goes down\n    And I')))
  it('of the other kinds', () => check({
    'daemonset agent has rolled out': 'passed', 'statefulset db is fully rolled out': 'passed', 'pod db-0 is rolled out': 'undefined',
  }, `Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: { name: agent }
      spec: { selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { containers: [{ name: c, image: "a:1" }] } } }
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: db }
      spec: { replicas: 2, serviceName: db, selector: { matchLabels: { d: b } }, template: { metadata: { labels: { d: b } }, spec: { containers: [{ name: c, image: "a:1" }] } } }
      """
    And I wait until statefulset db is rolled out
    And I wait for daemonset agent to be rolled out`))
})
it('waiting says that it waits', async () => {
  const ran = await runFeature({ a: 'When I wait until pod lone is Ready', b: 'When I wait up to 1 second until pod lone is Failed', c: 'When I wait until pod lone is never Ready' },
    'Given a cluster\n    And a pod lone with image "b:1"')
  expect(ran.statuses).toEqual({ a: 'passed', b: 'failed', c: 'undefined' })
})

describe('of nodes, and of not all', () => {
  const before = `Given a cluster with 2 nodes and 1 control plane node
    And deployment web with image "a:1" and 2 replicas
    And deployment web is rolled out
    And pods of deploy/web are on different nodes
    And I cordon node worker-1`
  it('pods that they run', () => check({
    'each worker node runs 1 pod': 'passed', 'each node has 1 pod': 'failed', 'every worker node runs a pod of deployment web': 'passed',
    'no node has more than 1 pod': 'passed', 'node cp-1 has no pods': 'passed', 'node worker-1 has no pods': 'failed',
    'node worker-1 runs at least 2 pods': 'failed', 'node worker-2 has no pods of deployment wbe': 'failed', 'no node runs a pod of deployment wbe': 'failed',
    'pod web has 2 pods': 'undefined',
  }, before))
  it('roles', () => check({
    '2 worker nodes are Ready': 'passed', '3 worker nodes are Ready': 'failed', 'the control plane nodes are Ready': 'passed',
    'all worker nodes are schedulable': 'failed', 'there is 1 control plane node': 'passed', 'the worker node worker-2 is schedulable': 'passed',
  }, before))
  it('not all of them', () => check({
    'not all worker nodes are cordoned': 'passed', 'not all nodes are Ready': 'failed', 'not every pod of deployment web is not Ready': 'passed',
    'not all of the pods of deployment web are Ready': 'failed', 'not all pods of deployment wbe are Ready': 'failed',
    'pods of deployment web are Ready while not all worker nodes are not cordoned': 'passed', 'pods of deployment web are Ready while not all nodes are Ready': 'vacuous',
    'all of the pods of deployment web are Ready': 'passed', 'some of the pods of deployment web are Pending': 'failed',
  }, before))
  it('all the time', () => check({
    'pods of deployment web are Ready at all times': 'passed', 'pods of deployment web are Pending throughout': 'failed',
    'pods of deployment web are Ready for half a minute': 'passed', 'node worker-1 gets schedulable within a minute': 'failed',
  }, before))
})
it('what is told to end, and what has no place', () => check({
  'pod lone is being deleted': 'passed', 'pod lone is deleted': 'failed', 'pod other is being deleted': 'failed', 'pod other is not being deleted': 'passed',
  'pod giant cannot be scheduled': 'passed', 'pod other cannot be scheduled': 'failed', 'pod giant can\'t be scheduled': 'passed',
  'pod lone restarted at least once': 'failed', 'pod lone restarted fewer than 1 time': 'passed', 'the pod is Running': 'undefined',
}, `Given a cluster with 2 nodes
    And image "slow:1":
      | key  | value        |
      | term | {after: 20s} |
    And a pod named lone with image "slow:1"
    And a pod other with image "b:1"
    And pods are Ready
    When I run "kubectl run giant --image=a:1 --overrides='{\\"spec\\":{\\"nodeSelector\\":{\\"disk\\":\\"none\\"}}}'"
    And I wait up to half a minute until pod giant is unschedulable
    And I delete pod lone`))
