@shared-cluster
Feature: Sidecars that fail, and pods that end with them

  Scenario: A sidecar that ignores SIGTERM beside a container whose preStop hook sleeps
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/proxy: "{term: {ignore: true}}"
          behaviour.kscenario.dev/app: "{term: {after: 1s, code: 5}}"
      spec:
        terminationGracePeriodSeconds: 9
        initContainers: [{name: proxy, image: "registry.example/side/proxy:1", restartPolicy: Always}]
        containers:
          - name: app
            image: registry.example/side/app:1
            lifecycle: {preStop: {sleep: {seconds: 3}}}
      """
    Then pod web eventually Ready
    When 2 seconds pass
    And I run "kubectl delete pod web --wait=false"
    And 2 seconds pass
    And I run "kubectl get pod web"
    Then pod web eventually gone

  Scenario: The work succeeds and its sidecar ends with an error
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: work
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 3s, code: 0}}"
          behaviour.kscenario.dev/log: "{term: {after: 2s, code: 7}}"
          behaviour.kscenario.dev/proxy: "{term: {after: 1s, code: 8}}"
      spec:
        restartPolicy: OnFailure
        initContainers:
          - {name: log, image: "registry.example/side/log:1", restartPolicy: Always}
          - {name: proxy, image: "registry.example/side/proxy:1", restartPolicy: Always}
        containers: [{name: app, image: "registry.example/side/work:1"}]
      """
    Then pod work eventually Completed
    When 3 seconds pass
    And I run "kubectl get pod work"

  Scenario: The postStart command of a sidecar fails
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: hook}
      spec:
        initContainers:
          - name: proxy
            image: registry.example/side/proxy:1
            restartPolicy: Always
            lifecycle: {postStart: {httpGet: {port: 9999, path: /started}}}
        containers: [{name: app, image: "registry.example/side/hook:1"}]
      """
    And 25 seconds pass
    And I run "kubectl get pod hook"
    And I run "kubectl delete pod hook --wait=false"
    Then pod hook eventually gone

  Scenario: The liveness probe of a sidecar fails while an init container works
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: slow
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 12s, code: 0}}"
          behaviour.kscenario.dev/proxy: "{exec: [{from: 0s, code: 0}, {from: 3s, code: 1}], term: {after: 1s}}"
      spec:
        initContainers:
          - name: proxy
            image: registry.example/side/proxy:1
            restartPolicy: Always
            livenessProbe: {exec: {command: [check]}, periodSeconds: 2, failureThreshold: 2}
          - {name: prepare, image: "registry.example/side/prepare:1"}
        containers: [{name: app, image: "registry.example/side/slow:1"}]
      """
    And 17 seconds pass
    And I run "kubectl get pod slow"
    And I run "kubectl delete pod slow --grace-period=1 --wait=false"
    Then pod slow eventually gone

  Scenario: A deadline passes while a sidecar has not started up
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: late
        annotations:
          behaviour.kscenario.dev/proxy: "{exec: [{from: 0s, code: 1}], term: {after: 2s}}"
      spec:
        activeDeadlineSeconds: 7
        initContainers:
          - name: proxy
            image: registry.example/side/proxy:1
            restartPolicy: Always
            startupProbe: {exec: {command: [check]}, periodSeconds: 1, failureThreshold: 30}
        containers: [{name: app, image: "registry.example/side/late:1"}]
      """
    Then pod late eventually has field .status.phase "Failed"
    When 5 seconds pass
    And I run "kubectl get pod late"
