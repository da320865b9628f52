import { expect, test } from 'vitest'
import { runFeature } from './support/run-feature.ts'

/** What a kubelet and the drivers on its node say of it. Source: a kubelet of 1.35; pkg/volume/csi/nodeinfomanager/nodeinfomanager.go */
const driver = `Given CSI driver "ebs.csi.example.com":
  | limit | 3 |`
const storageClass = `I apply:
  """
  apiVersion: storage.k8s.io/v1
  kind: StorageClass
  metadata: { name: fast }
  provisioner: ebs.csi.example.com
  """`

test('each node has a CSINode of its own, which goes with it and is made again by a kubelet that registers', async () => {
  const { statuses } = await runFeature({
    'without a driver': `
      When I run "kubectl get csinode worker-1 -o jsonpath={.spec},{.metadata.ownerReferences[0].kind}"
      Then the last command prints:
      """
      {"drivers":null},Node
      """
      When I run "kubectl describe csinode worker-1"
      Then the last command prints "storage.alpha.kubernetes.io/migrated-plugins:"`,
    'with one': `
      ${driver}
      When ${storageClass}
      And 2 seconds pass
      And I run "kubectl get csinode worker-1 -o jsonpath={.spec.drivers[0]}"
      Then the last command prints:
      """
      {"allocatable":{"count":3},"name":"ebs.csi.example.com","nodeID":"worker-1","topologyKeys":null}
      """
      When I run "kubectl describe node worker-1"
      Then the last command prints:
      """
      csi.volume.kubernetes.io/nodeid: {"ebs.csi.example.com":"worker-1"}
      """`,
    'a node that is removed, and registers again': `
      ${driver}
      When ${storageClass}
      And I delete node worker-2
      And 10 seconds pass
      And I run "kubectl get csinode worker-2"
      Then the last command fails
      When the kubelet on node worker-2 crashes
      And the kubelet on node worker-2 comes back
      And 10 seconds pass
      And I run "kubectl get csinode worker-2 -o jsonpath={.spec.drivers[*].name}"
      Then the last command prints "ebs.csi.example.com"`,
    'registered before the old one is gone': `
      When kube-controller-manager goes down
      And I delete node worker-2
      And the kubelet on node worker-2 crashes
      And the kubelet on node worker-2 comes back
      And 10 seconds pass
      And kube-controller-manager comes back
      And 2 minutes pass
      And I run "kubectl get csinode worker-2"
      Then the last command succeeds`,
  }, 'Given a cluster with 2 nodes')
  expect(statuses).toEqual({
    'without a driver': 'passed', 'with one': 'passed', 'a node that is removed, and registers again': 'passed',
    'registered before the old one is gone': 'passed',
  })
})
