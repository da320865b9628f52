Feature: Zones lose their nodes

  Scenario: Most of a small zone is lost, and nobody is evicted from it
    Given the nodes:
      | name     | zone |
      | worker-1 | a    |
      | worker-2 | a    |
      | worker-3 | a    |
      | worker-4 | a    |
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web eventually Ready
    When node worker-1 goes down
    And node worker-2 goes down
    And node worker-3 goes down
    And 75 seconds pass
    And I run "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key,EFFECTS:.spec.taints[*].effect"
    And I run "kubectl get pods"

  Scenario: A whole zone is lost, and its nodes have their turns
    Given the nodes:
      | name     | zone |
      | worker-1 | a    |
      | worker-2 | a    |
      | worker-3 | b    |
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeName: worker-1
        tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod web eventually Ready
    When node worker-1 goes down
    And node worker-2 goes down
    And 80 seconds pass
    And I run "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key,EFFECTS:.spec.taints[*].effect"
    And I run "kubectl get pods"
    And I run "kubectl describe pod web"
    When node worker-1 comes back
    And node worker-2 comes back
    Then node worker-1 eventually Ready
    And node worker-2 eventually Ready
    And 12 seconds pass
    When I run "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key,EFFECTS:.spec.taints[*].effect"
    And I run "kubectl get pods"
