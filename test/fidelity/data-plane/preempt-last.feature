Feature: Critical pods and the room on a node

  @shared-cluster
  Scenario: A critical pod takes the room of two others
    Given a cluster with 1 node
    And namespace critical
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: small}
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 3
        containers:
          - {name: app, image: "registry.example/critical/app:1.0", resources: {requests: {cpu: "1"}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: middle}
      spec:
        nodeName: worker-1
        containers:
          - {name: app, image: "registry.example/critical/app:1.0", resources: {requests: {cpu: "2", memory: 1Gi}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: effortless}
      spec:
        nodeName: worker-1
        containers:
          - {name: app, image: "registry.example/critical/app:1.0"}
      """
    Then pod middle eventually Ready
    And pod small eventually Ready
    And 2 seconds pass
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent}
      spec:
        nodeName: worker-1
        priorityClassName: system-node-critical
        containers:
          - {name: app, image: "registry.example/critical/app:1.0", resources: {requests: {cpu: 1500m}}}
      """
    And 10 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod middle"

  @shared-cluster
  Scenario: A critical pod that is too large for the node
    Given a cluster with 1 node
    And namespace critbig
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: urgent}
      spec:
        nodeName: worker-1
        priorityClassName: system-node-critical
        containers:
          - {name: app, image: "registry.example/critbig/app:1.0", resources: {requests: {cpu: "64", memory: 100Gi}}}
      """
    And 4 seconds pass
    And I run "kubectl get pods"
