Feature: Zones and nodes that are lost and come back

  Scenario: Two zones, the smaller one is lost in part
    Given the nodes:
      | name     | zone |
      | worker-1 | a    |
      | worker-2 | b    |
      | worker-3 | b    |
      | worker-4 | b    |
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeName: worker-2
        tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 10}]
        containers: [{name: app, image: "registry.example/zonepart/web:1"}]
      """
    Then pod web eventually Ready
    When node worker-2 goes down
    And 75 seconds pass
    And I run "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key,EFFECTS:.spec.taints[*].effect"
    And I run "kubectl get pods"
    And node worker-2 comes back
    Then node worker-2 eventually Ready
    And 8 seconds pass
    When I run "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key,EFFECTS:.spec.taints[*].effect"
    And I run "kubectl get pods"

  Scenario: All nodes are lost, and the pods of none are evicted
    Given the nodes:
      | name     | zone |
      | worker-1 | a    |
      | worker-2 | b    |
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeName: worker-1
        tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 10}]
        containers: [{name: app, image: "registry.example/zoneall/web:1"}]
      """
    Then pod web eventually Ready
    When node worker-1 goes down
    And node worker-2 goes down
    And 80 seconds pass
    And I run "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key,EFFECTS:.spec.taints[*].effect"
    And I run "kubectl get pods"
    When node worker-2 comes back
    Then node worker-2 eventually Ready
    And 30 seconds pass
    When I run "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints[*].key,EFFECTS:.spec.taints[*].effect"
    And I run "kubectl get pods"

  Scenario: A node is lost while the controller manager is away
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
            topologySpreadConstraints:
              - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}
            containers: [{name: app, image: "registry.example/lostaway/web:1"}]
      """
    Then deployment web eventually has 2 ready replicas
    When kube-controller-manager goes down
    And node worker-1 goes down
    And 20 seconds pass
    And I run "kubectl get nodes"
    And I run "kubectl get pods"
    And kube-controller-manager comes back
    Then node worker-1 eventually not Ready within 3m
    And 20 seconds pass
    When I run "kubectl get pods"
    And I run "kubectl get nodes"
