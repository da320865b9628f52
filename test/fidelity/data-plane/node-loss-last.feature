Feature: Nodes that are lost in other ways

  Scenario: The object of a node is deleted while it is down, and then it comes back
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeName: worker-1
        containers: [{name: app, image: "registry.example/gone/web:1"}]
      """
    Then pod web eventually Ready
    When node worker-1 goes down
    And I run "kubectl delete node worker-1"
    And 5 seconds pass
    And node worker-1 comes back
    Then node worker-1 eventually Ready within 2m
    When 10 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get nodes"

  Scenario: A node hangs for twenty seconds over a failing liveness probe and a container that ends
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: live
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 12s, code: 1}]}"
      spec:
        terminationGracePeriodSeconds: 1
        containers:
          - name: app
            image: registry.example/gone/live:1
            livenessProbe: {exec: {command: [check]}, periodSeconds: 4, failureThreshold: 2}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 14s, code: 0}}"
      spec:
        restartPolicy: OnFailure
        containers: [{name: app, image: "registry.example/gone/task:1"}]
      """
    Then pod live eventually Ready
    And pod task eventually Ready
    When 4 seconds pass
    And node worker-1 hangs
    And 20 seconds pass
    And node worker-1 resumes
    And 20 seconds pass
    And I run "kubectl get pods"

  Scenario: Both nodes are gone for eighty seconds
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
            containers: [{name: app, image: "registry.example/gone/both:1"}]
      """
    Then deployment web eventually has 2 ready replicas
    When node worker-1 goes down
    And node worker-2 goes down
    And 80 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get nodes"
    And node worker-1 comes back
    And node worker-2 comes back
    Then deployment web eventually has 2 ready replicas within 2m
    When 10 seconds pass
    And I run "kubectl get nodes"

  Scenario: A template of a DaemonSet changes while one of its nodes is away and cordoned
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
            terminationGracePeriodSeconds: 1
            containers: [{name: app, image: "registry.example/gone/agent:1"}]
      """
    Then daemonset agent eventually has 2 ready replicas
    When 3 seconds pass
    And node worker-2 goes down
    And I run "kubectl cordon worker-2"
    And I run "kubectl set image daemonset/agent app=registry.example/gone/agent:2"
    And 12 seconds pass
    And I run "kubectl get pods"
    And node worker-2 comes back
    Then daemonset agent eventually has 2 updated replicas within 2m
    And daemonset agent eventually has 2 ready replicas within 2m
    When 5 seconds pass
    And I run "kubectl get daemonset agent"
