@shared-cluster
Feature: Hooks that fail or take their time beside other things

  Scenario: A preStop request is refused when the liveness probe fails
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: refused
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 3s, code: 1}], http: [{path: /bye, from: 0s, status: 500}]}"
      spec:
        containers:
          - name: app
            image: registry.example/hookslast/refused:1
            ports: [{containerPort: 8080}]
            livenessProbe: {exec: {command: [check]}, periodSeconds: 2, failureThreshold: 1}
            lifecycle: {preStop: {httpGet: {port: 8080, path: /bye}}}
      """
    And 20 seconds pass
    And I run "kubectl get pods"

  Scenario: A postStart request that nobody answers, in a pod that is never restarted
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: once
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/hookslast/once:1
            lifecycle: {postStart: {httpGet: {port: 9999, path: /hello}}}
      """
    And 12 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl describe pod once"

  Scenario: Hooks of a container and of its sidecar share the grace period of the pod
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: shared
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 1s, code: 0}}"
      spec:
        terminationGracePeriodSeconds: 8
        initContainers:
          - name: proxy
            image: registry.example/hookslast/proxy:1
            restartPolicy: Always
            lifecycle: {preStop: {sleep: {seconds: 6}}}
        containers:
          - name: app
            image: registry.example/hookslast/shared:1
            lifecycle: {preStop: {sleep: {seconds: 4}}}
      """
    Then pod shared eventually Ready
    When 2 seconds pass
    And I run "kubectl delete pod shared --wait=false"
    Then pod shared eventually gone
