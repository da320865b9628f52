Feature: Ends of pods that have more than one rule

  @shared-cluster
  Scenario: A deadline with a sidecar, and a container that ignores SIGTERM
    Given a cluster with 1 node
    And namespace deadside
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{term: {ignore: true}}"
          behaviour.kscenario.dev/log: "{term: {after: 1s}}"
      spec:
        activeDeadlineSeconds: 6
        terminationGracePeriodSeconds: 4
        restartPolicy: Never
        initContainers:
          - name: log
            image: registry.example/deadside/log:1.0
            restartPolicy: Always
        containers:
          - name: app
            image: registry.example/deadside/app:1.0
      """
    And 18 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: A container that is never restarted beside one that always is
    Given a cluster with 1 node
    And namespace mixed
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/once: "{exit: {after: 2s, code: 7}}"
          behaviour.kscenario.dev/app: "{exit: {after: 5s, code: 1, times: 1}}"
      spec:
        containers:
          - name: once
            image: registry.example/mixed/once:1.0
            restartPolicy: Never
          - name: app
            image: registry.example/mixed/app:1.0
      """
    And 14 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: Rules by exit code that do not match, in a pod of policy OnFailure
    Given a cluster with 1 node
    And namespace notin
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/a: "{exit: {after: 2s, code: 5}}"
          behaviour.kscenario.dev/b: "{exit: {after: 3s, code: 6, times: 1}}"
      spec:
        restartPolicy: Never
        containers:
          - name: a
            image: registry.example/notin/a:1.0
            restartPolicy: Never
            restartPolicyRules: [{action: Restart, exitCodes: {operator: NotIn, values: [5]}}]
          - name: b
            image: registry.example/notin/b:1.0
            restartPolicy: OnFailure
            restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [9]}}]
      """
    And 12 seconds pass
    And I run "kubectl get pod task"
    And I run "kubectl delete pod task --wait=false"
    Then pod task eventually gone

  @shared-cluster
  Scenario: Deleted by force, and its name is taken at once
    Given a cluster with 1 node
    And namespace samename
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{term: {ignore: true}}"
      spec:
        containers:
          - name: app
            image: registry.example/samename/app:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --force --grace-period=0"
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: app
            image: registry.example/samename/app:2.0
      """
    Then pod web eventually Ready
    And I run "kubectl get pod web"
    And 4 seconds pass
