Feature: Init containers that fail in turn

  @shared-cluster
  Scenario: The first of two init containers fails twice, the second once
    Given a cluster with 1 node
    And namespace initboth
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/one: "{exit: {after: 1s, code: 1, times: 2}}"
          behaviour.kscenario.dev/two: "{exit: {after: 1s, code: 2}}"
      spec:
        initContainers:
          - name: one
            image: registry.example/initboth/one:1.0
          - name: two
            image: registry.example/initboth/two:1.0
        containers:
          - name: app
            image: registry.example/initboth/app:1.0
      """
    And 8 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A sidecar crashes while the next init container works, in a Job
    Given a cluster with 1 node
    And namespace jobside
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: work
      spec:
        backoffLimit: 1
        template:
          metadata:
            annotations:
              behaviour.kscenario.dev/proxy: "{exit: {after: 2s, code: 1, times: 1}}"
              behaviour.kscenario.dev/prepare: "{exit: {after: 5s, code: 0}}"
              behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 0}}"
          spec:
            restartPolicy: Never
            initContainers:
              - name: proxy
                image: registry.example/jobside/proxy:1.0
                restartPolicy: Always
              - name: prepare
                image: registry.example/jobside/prepare:1.0
            containers:
              - name: app
                image: registry.example/jobside/app:1.0
      """
    Then job work eventually Complete
    And I run "kubectl get pods"
    And I run "kubectl get job work"
