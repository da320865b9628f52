Feature: More resizes

  @shared-cluster
  Scenario: More memory, with a restart
    Given a cluster with 1 node
    And namespace memrestart
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: app
            image: registry.example/memrestart/app:1.0
            resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
            resources: {requests: {memory: 64Mi}, limits: {memory: 128Mi}}
      """
    Then pod web eventually Ready
    When I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"memory\":\"96Mi\"},\"limits\":{\"memory\":\"256Mi\"}}}]}}'"
    And 8 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: Less cpu, in one of two containers
    Given a cluster with 1 node
    And namespace lesscpu
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: one
            image: registry.example/lesscpu/one:1.0
            resources: {requests: {cpu: 400m}, limits: {cpu: 500m}}
          - name: two
            image: registry.example/lesscpu/two:1.0
            resources: {requests: {cpu: 100m}}
      """
    Then pod web eventually Ready
    When I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"one\",\"resources\":{\"requests\":{\"cpu\":\"100m\"},\"limits\":{\"cpu\":\"200m\"}}}]}}'"
    And 5 seconds pass
    And I run "kubectl get pod web -o yaml"

  @shared-cluster
  Scenario: What a resize may not do
    Given a cluster with 1 node
    And namespace maynot
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: app
            image: registry.example/maynot/app:1.0
            resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 100m, memory: 64Mi}}
      """
    Then pod web eventually Ready
    When I run "kubectl patch pod web --subresource=resize -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"50m\"}}}]}}'"
    Then the last command fails
    When I run "kubectl patch pod web -p '{\"spec\":{\"containers\":[{\"name\":\"app\",\"resources\":{\"requests\":{\"cpu\":\"50m\"}}}]}}'"
    Then the last command fails
    And 2 seconds pass
