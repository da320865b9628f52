@kubelet
Feature: What is left on a node
  Below a threshold pods are evicted, who uses most beyond what they asked for first, until enough is left.

  Background:
    Given the nodes:
      | name     | cpu | memory |
      | worker-1 | 4   | 8Gi    |
    And the kubelet on worker-1 evicts below 500Mi of memory after 90s, with 20s for a pod to end
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: greedy
        annotations:
          behaviour.kscenario.dev/app: "{memory: 1Gi, term: {after: 15s, code: 143}}"
      spec:
        containers: [{name: app, image: "registry.example/web:1", resources: {requests: {memory: 100Mi}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: modest
        annotations:
          behaviour.kscenario.dev/app: "{memory: 200Mi}"
      spec:
        containers: [{name: app, image: "registry.example/web:1", resources: {requests: {memory: 200Mi}}}]
      """
    And pod greedy is eventually Ready
    And pod modest is eventually Ready

  Scenario: A soft threshold shows at once and evicts later, with time to end
    When only 300Mi of memory is left on node worker-1
    Then node worker-1 eventually has condition MemoryPressure=True within 1s
    And pod greedy is Running for 89s
    And pod greedy eventually has event Evicted saying "Threshold quantity: 500Mi, available: 300Mi. Container app was using 1Gi, request is 100Mi, has larger consumption of memory." within 3s
    And container app in pod greedy is Running on the node for 14s
    And pod greedy eventually has field .status.reason "Evicted" within 5s
    And pod modest stays Running for 10 minutes
    And node worker-1 has condition MemoryPressure=False

  Scenario: Enough is left again in time, and nobody goes
    When only 300Mi of memory is left on node worker-1
    And enough memory is left on node worker-1 again
    Then pod greedy stays Running for 10 minutes
    And node worker-1 has condition MemoryPressure=False

  Scenario: A hard threshold gives no time
    When node worker-1 has only 50Mi of memory left
    Then pod greedy eventually has field .status.reason "Evicted" within 4s
    And pod modest stays Running for 5 minutes

  Scenario: One eviction is not enough where more is to be reclaimed
    Given the kubelet on worker-1 reclaims at least 2Gi of memory
    When node worker-1 has only 50Mi of memory left
    Then pod greedy eventually has field .status.reason "Evicted" within 4s
    And pod modest eventually has field .status.reason "Evicted" within 15s
