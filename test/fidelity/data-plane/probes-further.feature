@shared-cluster
Feature: Probes beside hooks, slow ends and each other

  Scenario: Three probes of a container whose postStart hook sleeps
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}, {from: 5s, code: 0}, {from: 14s, code: 1}, {from: 17s, code: 0}]}"
      spec:
        containers:
          - name: app
            image: registry.example/probes/web:1
            lifecycle: {postStart: {sleep: {seconds: 3}}}
            startupProbe: {exec: {command: [check]}, periodSeconds: 2, failureThreshold: 10}
            readinessProbe: {exec: {command: [check]}, periodSeconds: 2, failureThreshold: 1}
            livenessProbe: {exec: {command: [check]}, periodSeconds: 5, failureThreshold: 3}
      """
    And 25 seconds pass
    And I run "kubectl get pod web"

  Scenario: A liveness probe that gets no answer, and a container that is slow to end
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: mute
        annotations:
          behaviour.kscenario.dev/app: "{http: [{from: 0s, status: 200}, {from: 4s, status: 0}], term: {after: 4s, code: 9}}"
      spec:
        containers:
          - name: app
            image: registry.example/probes/mute:1
            ports: [{containerPort: 8080, name: web}]
            livenessProbe: {httpGet: {port: web, path: /healthz}, periodSeconds: 2, timeoutSeconds: 1, failureThreshold: 2, terminationGracePeriodSeconds: 3}
            readinessProbe: {httpGet: {port: web, path: /readyz}, periodSeconds: 2, timeoutSeconds: 1}
      """
    And 22 seconds pass
    And I run "kubectl get pod mute"

  Scenario: Two successes and two failures, and a redirect
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: flaps
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 0}, {from: 7s, code: 1}, {from: 10s, code: 0}, {from: 13s, code: 1}]}"
          behaviour.kscenario.dev/other: "{http: [{from: 0s, status: 302}, {from: 9s, status: 404}]}"
      spec:
        containers:
          - name: app
            image: registry.example/probes/flaps:1
            readinessProbe: {exec: {command: [check]}, periodSeconds: 2, successThreshold: 2, failureThreshold: 2}
          - name: other
            image: registry.example/probes/other:1
            ports: [{containerPort: 8081}]
            readinessProbe: {httpGet: {port: 8081, path: /}, periodSeconds: 3, failureThreshold: 2}
      """
    And 22 seconds pass
    And I run "kubectl get pod flaps"

  Scenario: A pod whose liveness probe has failed is deleted while its container ends
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: ending
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 1}], term: {after: 8s, code: 2}}"
      spec:
        terminationGracePeriodSeconds: 20
        containers:
          - name: app
            image: registry.example/probes/ending:1
            livenessProbe: {exec: {command: [check]}, periodSeconds: 1, failureThreshold: 3, initialDelaySeconds: 2}
      """
    And 9 seconds pass
    And I run "kubectl delete pod ending --wait=false"
    And I run "kubectl get pod ending"
    Then pod ending eventually gone
