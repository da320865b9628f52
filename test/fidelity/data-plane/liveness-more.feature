Feature: More liveness probes

  @shared-cluster
  Scenario: A TCP probe of a port where nobody listens
    Given a cluster with 1 node
    And namespace tcpport
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: app
            image: registry.example/tcpport/app:1.0
            livenessProbe: {tcpSocket: {port: 9999}, periodSeconds: 4, failureThreshold: 2}
      """
    And 28 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: Two containers, one of them fails its probe
    Given a cluster with 1 node
    And namespace twolive
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/bad: "{exec: [{from: 5s, code: 1}], term: {after: 1s, code: 143}}"
      spec:
        containers:
          - name: good
            image: registry.example/twolive/good:1.0
          - name: bad
            image: registry.example/twolive/bad:1.0
            livenessProbe: {exec: {command: [check]}, periodSeconds: 3, failureThreshold: 1}
      """
    Then pod web eventually restarted 1 times
    And 5 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A probe that waits first, and a preStop hook at the kill
    Given a cluster with 1 node
    And namespace waitsfirst
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}]}"
      spec:
        containers:
          - name: app
            image: registry.example/waitsfirst/app:1.0
            livenessProbe: {exec: {command: [check]}, initialDelaySeconds: 7, periodSeconds: 5, failureThreshold: 2}
            lifecycle: {preStop: {sleep: {seconds: 2}}}
      """
    Then pod web eventually restarted 1 times
    And 3 seconds pass

  @shared-cluster
  Scenario: OnFailure, killed by its probe with exit code 0
    Given a cluster with 1 node
    And namespace livezero
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 4s, code: 1}]}"
      spec:
        restartPolicy: OnFailure
        containers:
          - name: app
            image: registry.example/livezero/app:1.0
            livenessProbe: {exec: {command: [check]}, periodSeconds: 3, failureThreshold: 1}
      """
    And 20 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: Killed again and again
    Given a cluster with 1 node
    And namespace livecrash
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{http: [{path: /healthz, from: 1s, status: 503}]}"
      spec:
        containers:
          - name: app
            image: registry.example/livecrash/app:1.0
            ports: [{containerPort: 8080}]
            livenessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 2, failureThreshold: 1}
      """
    And 50 seconds pass
    And I run "kubectl get pod web"
