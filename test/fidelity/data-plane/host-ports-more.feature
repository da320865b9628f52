Feature: More ports of the host

  @shared-cluster
  Scenario: Two pods on two protocols of one port
    Given a cluster with 1 node
    And namespace protocols
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: one
      spec:
        containers:
          - name: app
            image: registry.example/protocols/app:1.0
            ports: [{containerPort: 53, hostPort: 5353, protocol: UDP}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: two
      spec:
        containers:
          - name: app
            image: registry.example/protocols/app:1.0
            ports: [{containerPort: 53, hostPort: 5353}]
      """
    Then pod one eventually Ready
    And pod two eventually Ready
    And 2 seconds pass
    And I run "kubectl delete pod one two --wait=false"
    Then pod one eventually gone
    And pod two eventually gone

  @shared-cluster
  Scenario: A pod that names its node, where the port is taken
    Given a cluster with 1 node
    And namespace taken
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: one
      spec:
        containers:
          - name: app
            image: registry.example/taken/app:1.0
            ports: [{containerPort: 80, hostPort: 8081}]
      """
    Then pod one eventually Ready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: two
      spec:
        nodeName: worker-1
        containers:
          - name: app
            image: registry.example/taken/app:1.0
            ports: [{containerPort: 80, hostPort: 8081}]
      """
    And 4 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod one --wait=false"
    Then pod one eventually gone
