Feature: Room on a node

  @shared-cluster
  Scenario: Room for a pod that names its node, after another has gone
    Given a cluster with 1 node
    And namespace room
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: first
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 1
        containers:
          - name: app
            image: registry.example/room/app:1.0
            resources: {requests: {cpu: "3"}}
      """
    Then pod first eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: second
      spec:
        nodeName: worker-1
        containers:
          - name: app
            image: registry.example/room/app:1.0
            resources: {requests: {cpu: "2"}}
      """
    Then pod second eventually OutOfcpu
    When I run "kubectl delete pod first second"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: third
      spec:
        nodeName: worker-1
        containers:
          - name: app
            image: registry.example/room/app:1.0
            resources: {requests: {cpu: "2"}}
      """
    Then pod third eventually Ready
    And 2 seconds pass

  @shared-cluster

  @shared-cluster
  Scenario: An init container that asks for more than the node has
    Given a cluster with 1 node
    And namespace initbig
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: big
      spec:
        nodeName: worker-1
        initContainers:
          - name: prepare
            image: registry.example/initbig/prepare:1.0
            resources: {requests: {memory: 100Gi}}
        containers:
          - name: app
            image: registry.example/initbig/app:1.0
      """
    And 3 seconds pass
    And I run "kubectl get pod big"
    And I run "kubectl describe pod big"
