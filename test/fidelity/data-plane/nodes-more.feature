Feature: Nodes that are cordoned, drained and tainted

  Scenario: A cordoned node, its pods, and a drain
    Given a cluster with 2 nodes
    When I run "kubectl create deployment web --image=registry.example/drained/web:1.0 --replicas=2"
    Then deployment web eventually has 2 ready replicas
    When I run "kubectl cordon worker-1"
    And 12 seconds pass
    And I run "kubectl drain worker-1 --ignore-daemonsets"
    Then deployment web eventually has 2 ready replicas
    When I run "kubectl uncordon worker-1"
    And 12 seconds pass
    And I run "kubectl get nodes"
    And I run "kubectl get events -n default --field-selector involvedObject.name=worker-1"

  Scenario: Labels and taints of a node, and a pod that must go
    Given the nodes:
      | name     | labels   | taints                |
      | worker-1 | disk=ssd | special=yes:NoSchedule |
      | worker-2 | disk=hdd |                       |
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: plain
      spec:
        containers:
          - name: app
            image: registry.example/labels/plain:1.0
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: special
      spec:
        nodeSelector: {disk: ssd}
        tolerations: [{key: special, operator: Exists}]
        containers:
          - name: app
            image: registry.example/labels/special:1.0
      """
    Then pod plain eventually Ready
    And pod special eventually Ready
    When I run "kubectl taint node worker-2 broken=yes:NoExecute"
    Then pod plain eventually gone
    And 3 seconds pass
    And I run "kubectl get pods -o wide"
    And I run "kubectl describe node worker-2"
