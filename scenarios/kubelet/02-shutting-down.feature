@kubelet
Feature: A machine is switched off in order
  With a shutdown grace period systemd waits for the kubelet, which ends the pods of its machine. Without one a machine that is switched off is a machine that is lost.

  Background:
    Given a cluster with 3 nodes
    And the manifest "manifests/shop.yaml" is applied
    And deployment shop eventually has 3 ready replicas
    And pod logs is eventually Ready
    And pod stubborn is eventually Ready
    And a pod on node worker-1 labelled app=shop as "pod"

  Scenario: Pods learn that they end, and are replaced at once
    When node worker-1 shuts down within 1m
    Then node worker-1 is eventually NotReady within 1s
    And $pod eventually has field .status.reason "Terminated" within 8s
    And $pod has field .status.phase "Failed"
    And deployment shop eventually has 3 ready replicas within 15s

  Scenario: Critical pods run until the others have ended, or their time is over
    When node worker-1 shuts down within 30s, the last 10s for critical pods
    Then pod logs is Running for 19s
    And pod logs is eventually Failed within 3s
    And pod stubborn eventually has field .status.containerStatuses[0].state.terminated.exitCode "137" within 2s

  Scenario: A pod that comes now is turned away
    When node worker-1 shuts down within 1m
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: late}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: shop/web:1}]
      """
    Then pod late eventually has field .status.message "Pod was rejected: Pod was rejected as the node is shutting down."

  Scenario: What has ended stays ended when the machine is back
    When node worker-1 shuts down within 30s, the last 10s for critical pods
    And 1 minute passes
    And node worker-1 comes back
    Then node worker-1 is eventually Ready within 1 minute
    And pod logs has field .status.phase "Failed" for 2 minutes
    And deployment shop has 3 ready replicas
