Feature: Probes with a pace of their own

  @shared-cluster
  Scenario: One missed answer is one too many
    Given a cluster with 1 node
    And namespace onemiss
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{http: [{path: /live, from: 6s, status: 0}]}"
      spec:
        terminationGracePeriodSeconds: 4
        containers:
          - name: app
            image: registry.example/onemiss/app:1.0
            ports: [{containerPort: 8080}]
            livenessProbe: {httpGet: {path: /live, port: 8080}, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 1, initialDelaySeconds: 3}
      """
    And 22 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: The startup probe holds back the two others, each with its own pace
    Given a cluster with 1 node
    And namespace threeprobes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{http: [{path: /up, from: 0s, status: 503}, {path: /up, from: 5s, status: 200}, {path: /live, from: 12s, status: 500}, {path: /ready, from: 9s, status: 404}]}"
      spec:
        containers:
          - name: app
            image: registry.example/threeprobes/app:1.0
            ports: [{name: http, containerPort: 8080}]
            startupProbe: {httpGet: {path: /up, port: http}, periodSeconds: 2, failureThreshold: 10}
            livenessProbe: {httpGet: {path: /live, port: http}, periodSeconds: 3, failureThreshold: 2}
            readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 2, successThreshold: 2, failureThreshold: 1}
      """
    And 34 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A startup probe with a grace period of its own, and a container that ignores SIGTERM
    Given a cluster with 1 node
    And namespace startupgrace
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}], term: {ignore: true}}"
      spec:
        containers:
          - name: app
            image: registry.example/startupgrace/app:1.0
            startupProbe: {exec: {command: [up]}, periodSeconds: 1, failureThreshold: 3, terminationGracePeriodSeconds: 3}
      """
    And 20 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A readiness gate is opened, closed, and the container fails its probe in between
    Given a cluster with 1 node
    And namespace gateclosed
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 0}, {from: 12s, code: 1}]}"
      spec:
        readinessGates: [{conditionType: example.com/open}]
        containers:
          - name: app
            image: registry.example/gateclosed/app:1.0
            readinessProbe: {exec: {command: [ok]}, periodSeconds: 3, failureThreshold: 2}
      """
    And 4 seconds pass
    And I run "kubectl patch pod web --subresource=status -p '{\"status\":{\"conditions\":[{\"type\":\"example.com/open\",\"status\":\"True\"}]}}'"
    Then pod web eventually Ready
    And I run "kubectl get pod web -o wide"
    And 14 seconds pass
    And I run "kubectl patch pod web --subresource=status -p '{\"status\":{\"conditions\":[{\"type\":\"example.com/open\",\"status\":\"False\"}]}}'"
    And 3 seconds pass
