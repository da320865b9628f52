@shared-cluster
Feature: Parameters of probes, one against the other

  Scenario: Three successes after a startup probe, with a delay that has passed by then
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: gated
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}, {from: 6s, code: 0}]}"
      spec:
        containers:
          - name: app
            image: registry.example/parameters/gated:1
            startupProbe: {exec: {command: [check]}, periodSeconds: 3, initialDelaySeconds: 1, failureThreshold: 5}
            readinessProbe: {exec: {command: [check]}, periodSeconds: 2, initialDelaySeconds: 5, successThreshold: 3}
      """
    Then pod gated eventually Ready
    When 3 seconds pass
    And I run "kubectl get pods"

  Scenario: A TCP probe for life, late, and the first failure is the last
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: knock}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
          - name: app
            image: registry.example/parameters/knock:1
            livenessProbe: {tcpSocket: {port: 9999}, initialDelaySeconds: 7, periodSeconds: 4, failureThreshold: 1}
      """
    And 36 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod knock"

  Scenario: A probe waits longer for an answer than its period is
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: patient
        annotations:
          behaviour.kscenario.dev/app: "{http: [{from: 0s, status: 0}, {from: 11s, status: 200}, {from: 21s, status: 0}]}"
      spec:
        containers:
          - name: app
            image: registry.example/parameters/patient:1
            ports: [{containerPort: 8080}]
            readinessProbe: {httpGet: {port: 8080, path: /r}, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 2}
      """
    And 36 seconds pass
    And I run "kubectl get pods"

  Scenario: Killed by the startup probe with exit code 0, in a pod of policy OnFailure
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: quits
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}], term: {after: 1s, code: 0}}"
      spec:
        restartPolicy: OnFailure
        containers:
          - name: app
            image: registry.example/parameters/quits:1
            startupProbe: {exec: {command: [check]}, periodSeconds: 3, failureThreshold: 2}
      """
    And 25 seconds pass
    And I run "kubectl get pods"

  Scenario: The grace period of a probe is longer than that of the pod, and SIGTERM is ignored
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: stubborn
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 3s, code: 1}], term: {ignore: true}}"
      spec:
        terminationGracePeriodSeconds: 2
        containers:
          - name: app
            image: registry.example/parameters/stubborn:1
            livenessProbe: {exec: {command: [check]}, periodSeconds: 2, failureThreshold: 2, terminationGracePeriodSeconds: 7}
      """
    And 30 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete pod stubborn --wait=false"
    Then pod stubborn eventually gone

  Scenario: Statuses on both sides of what counts as success
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: edges
        annotations:
          behaviour.kscenario.dev/low: "{http: [{path: /h, from: 0s, status: 204}, {path: /h, from: 6s, status: 199}]}"
          behaviour.kscenario.dev/high: "{http: [{path: /h, from: 0s, status: 400}, {path: /h, from: 6s, status: 399}]}"
      spec:
        containers:
          - name: low
            image: registry.example/parameters/low:1
            ports: [{containerPort: 8080}]
            readinessProbe: {httpGet: {port: 8080, path: /h}, periodSeconds: 2, failureThreshold: 1}
          - name: high
            image: registry.example/parameters/high:1
            ports: [{containerPort: 8081, name: high}]
            readinessProbe: {httpGet: {port: high, path: /h}, periodSeconds: 2, failureThreshold: 1}
      """
    And 18 seconds pass
    And I run "kubectl get pods"

  Scenario: A sidecar is ready late, and the container is ready before it
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: pair
        annotations:
          behaviour.kscenario.dev/proxy: "{exec: [{from: 0s, code: 0}, {from: 1s, code: 1}, {from: 9s, code: 0}]}"
      spec:
        initContainers:
          - name: proxy
            image: registry.example/parameters/proxy:1
            restartPolicy: Always
            readinessProbe: {exec: {command: [check]}, periodSeconds: 3, initialDelaySeconds: 2}
        containers:
          - name: app
            image: registry.example/parameters/pair:1
            readinessProbe: {exec: {command: [check]}, periodSeconds: 5}
            livenessProbe: {exec: {command: [check]}, periodSeconds: 4, successThreshold: 1}
      """
    Then pod pair eventually Ready
    When 3 seconds pass
    And I run "kubectl get pods"
