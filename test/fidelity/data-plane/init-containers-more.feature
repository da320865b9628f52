Feature: More init containers

  @shared-cluster
  Scenario: The image of an init container is missing
    Given a cluster with 1 node
    And namespace initmissing
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/prepare: "{missing: true, image: 'registry.example/initmissing/prepare:1.0'}"
      spec:
        initContainers:
          - name: prepare
            image: registry.example/initmissing/prepare:1.0
        containers:
          - name: app
            image: registry.example/initmissing/app:1.0
      """
    And 14 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: An init container that cannot be configured
    Given a cluster with 1 node
    And namespace initconfig
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        initContainers:
          - name: prepare
            image: registry.example/initconfig/prepare:1.0
            envFrom: [{configMapRef: {name: settings}}]
        containers:
          - name: app
            image: registry.example/initconfig/app:1.0
      """
    And 8 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl create configmap settings --from-literal=a=b"
    And 20 seconds pass

  @shared-cluster
  Scenario: A sidecar between two init containers
    Given a cluster with 1 node
    And namespace between
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/first: "{exit: {after: 2s, code: 0}}"
          behaviour.kscenario.dev/second: "{exit: {after: 3s, code: 0}}"
      spec:
        initContainers:
          - name: first
            image: registry.example/between/first:1.0
          - name: proxy
            image: registry.example/between/proxy:1.0
            restartPolicy: Always
          - name: second
            image: registry.example/between/second:1.0
        containers:
          - name: app
            image: registry.example/between/app:1.0
      """
    Then pod web eventually Ready
    And 2 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: OnFailure: an init container fails once, then the work is done
    Given a cluster with 1 node
    And namespace initonce
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 1s, code: 2, times: 1}}"
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 0}}"
      spec:
        restartPolicy: OnFailure
        initContainers:
          - name: prepare
            image: registry.example/initonce/prepare:1.0
            restartPolicy: OnFailure
        containers:
          - name: app
            image: registry.example/initonce/app:1.0
      """
    And 25 seconds pass
    And I run "kubectl get pod task"
