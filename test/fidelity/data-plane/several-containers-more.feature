Feature: More containers in a pod

  @shared-cluster
  Scenario: Both crash, at their own pace
    Given a cluster with 1 node
    And namespace bothcrash
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/one: "{exit: {after: 2s, code: 1}}"
          behaviour.kscenario.dev/two: "{exit: {after: 5s, code: 2}}"
      spec:
        containers:
          - name: one
            image: registry.example/bothcrash/one:1.0
          - name: two
            image: registry.example/bothcrash/two:1.0
      """
    And 22 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: One cannot be started, one cannot be configured, one runs
    Given a cluster with 1 node
    And namespace threeways
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/broken: "{startError: 'no such file'}"
      spec:
        containers:
          - name: broken
            image: registry.example/threeways/broken:1.0
          - name: unset
            image: registry.example/threeways/unset:1.0
            envFrom: [{secretRef: {name: key}}]
          - name: fine
            image: registry.example/threeways/fine:1.0
      """
    And 9 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A slow start holds back the next
    Given a cluster with 1 node
    And namespace slowstart
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/slow: "{pull: 3s, start: 2s}"
      spec:
        containers:
          - name: slow
            image: registry.example/slowstart/slow:1.0
          - name: next
            image: registry.example/slowstart/next:1.0
      """
    Then pod web eventually Ready
    And 2 seconds pass
