@workloads
Feature: DaemonSets put one pod on every node that they are for

  Background:
    Given the nodes:
      | name     | labels   | taints                   |
      | worker-1 | disk=ssd |                          |
      | worker-2 | disk=hdd |                          |
      | worker-3 | disk=ssd | dedicated=gpu:NoSchedule |

  Scenario: A taint keeps a node free until it goes
    When I apply "manifests/agent.yaml"
    Then daemonset agent eventually has 2 ready replicas
    And no pod of daemonset agent scheduled on node worker-3
    When I run "kubectl taint node worker-3 dedicated-"
    Then daemonset agent eventually has 3 ready replicas

  Scenario: A cordoned node still gets its pod
    When I cordon node worker-1
    And I apply "manifests/agent.yaml"
    Then daemonset agent eventually has 2 ready replicas
    And node worker-1 is cordoned

  Scenario: A new node is served without anybody asking
    When I apply "manifests/agent.yaml"
    Then daemonset agent eventually has 2 ready replicas
    When node worker-4 joins
    Then daemonset agent eventually has 3 ready replicas

  Scenario: A NoExecute taint drives the pod out, and a label that is gone as well
    When I apply:
      """yaml
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: { name: agent }
      spec:
        selector: { matchLabels: { app: agent } }
        template:
          metadata: { labels: { app: agent } }
          spec:
            nodeSelector: { disk: ssd }
            tolerations: [{ key: dedicated, operator: Exists }]
            containers: [{ name: agent, image: "bookstore/agent:1" }]
      """
    Then daemonset agent eventually has 2 ready replicas
    When I run "kubectl label node worker-1 disk-"
    Then daemonset agent eventually has 1 ready replica
    When I run "kubectl taint node worker-3 gone=now:NoExecute"
    Then daemonset agent eventually has 0 ready replicas

  Scenario: An update replaces one node after the other
    Given the manifest "manifests/agent.yaml" is applied
    And daemonset agent eventually has 2 ready replicas
    When I set image of daemonset agent to "bookstore/agent:2"
    And I run "kubectl rollout status daemonset/agent"
    Then the last command prints "successfully rolled out"
    And daemonset agent has 2 updated replicas
    When I run "kubectl rollout undo daemonset/agent"
    And I run "kubectl rollout history daemonset/agent"
    Then the last command prints:
      """
      REVISION
      2
      3
      """

  Scenario: Resources do not count: a pod that does not fit waits on its node
    When I apply:
      """yaml
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: { name: agent }
      spec:
        selector: { matchLabels: { app: agent } }
        template:
          metadata: { labels: { app: agent } }
          spec: { containers: [{ name: agent, image: "bookstore/agent:1", resources: { requests: { cpu: 100 } } }] }
      """
    Then all pods labelled app=agent eventually Pending
    And daemonset agent has field .status.desiredNumberScheduled "2"
