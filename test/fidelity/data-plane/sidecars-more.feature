Feature: More sidecars

  @shared-cluster
  Scenario: Two sidecars stop in reverse order after the container
    Given a cluster with 1 node
    And namespace reverse
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/one: "{term: {after: 2s}}"
          behaviour.kscenario.dev/two: "{term: {after: 2s}}"
          behaviour.kscenario.dev/app: "{term: {after: 3s}}"
      spec:
        initContainers:
          - name: one
            image: registry.example/reverse/one:1.0
            restartPolicy: Always
          - name: two
            image: registry.example/reverse/two:1.0
            restartPolicy: Always
        containers:
          - name: app
            image: registry.example/reverse/app:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: The work fails and the sidecar is stopped
    Given a cluster with 1 node
    And namespace workfails
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 3s, code: 9}}"
          behaviour.kscenario.dev/proxy: "{term: {ignore: true}}"
      spec:
        restartPolicy: Never
        terminationGracePeriodSeconds: 5
        initContainers:
          - name: proxy
            image: registry.example/workfails/proxy:1.0
            restartPolicy: Always
        containers:
          - name: app
            image: registry.example/workfails/app:1.0
      """
    Then pod task eventually has field .status.phase "Failed"
    And 3 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: A sidecar that is not ready makes the pod not ready
    Given a cluster with 1 node
    And namespace sidecarready
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/proxy: "{exec: [{from: 0s, code: 1}, {from: 8s, code: 0}]}"
      spec:
        initContainers:
          - name: proxy
            image: registry.example/sidecarready/proxy:1.0
            restartPolicy: Always
            readinessProbe: {exec: {command: [check]}, periodSeconds: 3}
        containers:
          - name: app
            image: registry.example/sidecarready/app:1.0
      """
    And 5 seconds pass
    And I run "kubectl get pod web"
    Then pod web eventually Ready
    And 2 seconds pass

  @shared-cluster
  Scenario: The liveness probe of a sidecar
    Given a cluster with 1 node
    And namespace sidecarlive
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/proxy: "{exec: [{from: 5s, code: 1}]}"
      spec:
        initContainers:
          - name: proxy
            image: registry.example/sidecarlive/proxy:1.0
            restartPolicy: Always
            livenessProbe: {exec: {command: [check]}, periodSeconds: 3, failureThreshold: 1}
        containers:
          - name: app
            image: registry.example/sidecarlive/app:1.0
      """
    And 12 seconds pass
    And I run "kubectl get pod web"
