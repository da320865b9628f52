Feature: Hooks that fail, sleep and wait

  @shared-cluster
  Scenario: A postStart command fails again and again
    Given a cluster with 1 node
    And namespace startfails
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 3}], term: {code: 0}}"
      spec:
        restartPolicy: OnFailure
        containers:
          - name: app
            image: registry.example/startfails/app:1.0
            lifecycle: {postStart: {exec: {command: [warm]}}}
      """
    And 20 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A preStop hook sleeps longer than the grace period
    Given a cluster with 1 node
    And namespace longsleep
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        terminationGracePeriodSeconds: 3
        containers:
          - name: app
            image: registry.example/longsleep/app:1.0
            lifecycle: {preStop: {exec: {command: [bye]}}}
            readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
            ports: [{containerPort: 8080}]
          - name: slow
            image: registry.example/longsleep/slow:1.0
            lifecycle: {preStop: {sleep: {seconds: 2}}}
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: Deleted while the postStart hook sleeps
    Given a cluster with 1 node
    And namespace hookdelete
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        terminationGracePeriodSeconds: 5
        containers:
          - name: app
            image: registry.example/hookdelete/app:1.0
            lifecycle: {postStart: {sleep: {seconds: 6}}}
          - name: second
            image: registry.example/hookdelete/second:1.0
      """
    And 3 seconds pass
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A preStop request that nobody answers
    Given a cluster with 1 node
    And namespace hookhttp
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        terminationGracePeriodSeconds: 6
        containers:
          - name: app
            image: registry.example/hookhttp/app:1.0
            lifecycle: {preStop: {httpGet: {path: /bye, port: 9999}}}
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone
