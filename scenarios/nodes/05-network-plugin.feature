@nodes
Feature: A node without its network plugin
  What runs runs on; what is to start waits, and says for what.

  Background:
    Given a cluster with 1 node
    And deployment web with 1 replica of image "registry.example/web:1"
    And deployment web eventually has 1 ready replica
    And a pod of deployment web as "web"

  Scenario: The node says so and is avoided, its pod runs on
    When the network plugin of node worker-1 is missing
    Then node worker-1 eventually has condition Ready=False with reason KubeletNotReady within 6s
    And node worker-1 has event NodeNotReady from kubelet
    And node worker-1 eventually has taint node.kubernetes.io/not-ready:NoSchedule within 10s
    And $web is unaffected for 2 minutes

  Scenario: Its container crashes, and is not started again before the plugin is back
    When the network plugin of node worker-1 is missing
    And 10 seconds pass
    And container app in $web crashes
    Then $web eventually has event NetworkNotReady saying "cni plugin not initialized" within 5s
    And $web has restarted 0 times for 1 minute
    When the network plugin of node worker-1 is there again
    Then $web has restarted 1 time within 10s
    And node worker-1 eventually Ready within 10s

  Scenario: A pod that names the node waits, unless it has the network of the node
    When the network plugin of node worker-1 is missing
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: waits}
      spec:
        nodeName: worker-1
        tolerations: [{operator: Exists}]
        containers: [{name: app, image: "registry.example/web:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: host}
      spec:
        nodeName: worker-1
        hostNetwork: true
        tolerations: [{operator: Exists}]
        containers: [{name: app, image: "registry.example/web:1"}]
      """
    Then pod host eventually Running
    And pod waits stays ContainerCreating for 1 minute
    When the network plugin of node worker-1 is there again
    Then pod waits eventually Ready within 10s
