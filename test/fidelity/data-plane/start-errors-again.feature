Feature: Containers that are refused

  @shared-cluster
  Scenario: The runtime refuses to start it, with policy Never
    Given a cluster with 1 node
    And namespace startnever
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{startError: 'no such file'}"
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/startnever/app:1.0
      """
    And 5 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: Refused again and again
    Given a cluster with 1 node
    And namespace startagain
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{startError: 'exec format error'}"
      spec:
        containers:
          - name: app
            image: registry.example/startagain/app:1.0
      """
    And 50 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: Must not be root, and would be
    Given a cluster with 1 node
    And namespace mustnot
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        securityContext: {runAsNonRoot: true, runAsUser: 0}
        containers:
          - name: app
            image: registry.example/mustnot/app:1.0
      """
    And 6 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: The runtime refuses to start the init container
    Given a cluster with 1 node
    And namespace startinit
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/prepare: "{startError: 'no such file'}"
      spec:
        initContainers:
          - name: prepare
            image: registry.example/startinit/prepare:1.0
        containers:
          - name: app
            image: registry.example/startinit/app:1.0
      """
    And 14 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A key of a ConfigMap that comes later
    Given a cluster with 1 node
    And namespace keylater
    When I run "kubectl create configmap settings --from-literal=a=b"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: app
            image: registry.example/keylater/app:1.0
            env: [{name: SIZE, valueFrom: {configMapKeyRef: {name: settings, key: size}}}]
      """
    And 5 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl patch configmap settings -p '{\"data\":{\"size\":\"3\"}}'"
    Then pod web eventually Ready
    And 2 seconds pass
