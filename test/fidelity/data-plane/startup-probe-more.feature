Feature: More startup probes

  @shared-cluster
  Scenario: A startup probe that never succeeds
    Given a cluster with 1 node
    And namespace neverstarts
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}], term: {code: 143}}"
      spec:
        containers:
          - name: app
            image: registry.example/neverstarts/app:1.0
            startupProbe: {exec: {command: [started]}, periodSeconds: 2, failureThreshold: 3}
      """
    And 40 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A startup probe that never succeeds, with policy Never
    Given a cluster with 1 node
    And namespace neverneverstarts
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}], term: {after: 1s, code: 3}}"
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/neverneverstarts/app:1.0
            startupProbe: {exec: {command: [started]}, periodSeconds: 2, failureThreshold: 2}
      """
    And 12 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: A sidecar with a startup probe holds the container back
    Given a cluster with 1 node
    And namespace sidecarprobe
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/proxy: "{exec: [{from: 0s, code: 1}, {from: 6s, code: 0}]}"
      spec:
        initContainers:
          - name: proxy
            image: registry.example/sidecarprobe/proxy:1.0
            restartPolicy: Always
            startupProbe: {exec: {command: [started]}, periodSeconds: 2, failureThreshold: 10}
        containers:
          - name: app
            image: registry.example/sidecarprobe/app:1.0
      """
    Then pod web eventually Ready
    And 3 seconds pass
    And I run "kubectl get pod web"
