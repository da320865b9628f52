Feature: Nodes that go, hang and come back, and the pods on them

  Scenario: A pod deleted while its node is gone ends when that comes back
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 3
        tolerations:
          - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 600}
        containers: [{name: app, image: "registry.example/lost/web:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: moves}
      spec:
        nodeName: worker-1
        tolerations:
          - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 3}
        containers: [{name: app, image: "registry.example/lost/moves:1"}]
      """
    Then pod web eventually Ready
    And pod moves eventually Ready
    When node worker-1 goes down
    Then node worker-1 eventually has condition Ready=Unknown within 2m
    When 8 seconds pass
    And I run "kubectl delete pod web --wait=false"
    And I run "kubectl get pods"
    And node worker-1 comes back
    Then pod web eventually gone
    And pod moves eventually gone
    And node worker-1 eventually Ready
    When 6 seconds pass
    And I run "kubectl get nodes"

  Scenario: A DaemonSet and a StatefulSet on a node that is down for twenty seconds
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            containers: [{name: app, image: "registry.example/lost/agent:1"}]
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            nodeSelector: {kubernetes.io/hostname: worker-1}
            containers: [{name: app, image: "registry.example/lost/db:1"}]
      """
    Then pod db-0 eventually Ready
    And 2 pods labelled app=agent eventually Ready
    When 3 seconds pass
    And node worker-1 goes down
    And 20 seconds pass
    And I run "kubectl get pods"
    And node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get daemonset agent"
