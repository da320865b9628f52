Feature: More restart policies

  @shared-cluster
  Scenario: Never, and killed for want of memory
    Given a cluster with 1 node
    And namespace neveroom
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, oom: true}}"
      spec:
        restartPolicy: OnFailure
        containers:
          - name: app
            image: registry.example/neveroom/app:1.0
      """
    And 9 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: Rules of a container: exit code 42 is started again
    Given a cluster with 1 node
    And namespace rules
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 42, times: 1}}"
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/rules/app:1.0
            restartPolicy: Never
            restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]
      """
    And 12 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: Rules of a container: exit code 1 is not
    Given a cluster with 1 node
    And namespace rulesnot
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, code: 1}}"
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/rulesnot/app:1.0
            restartPolicy: Never
            restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]
      """
    And 6 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: OnFailure, three containers with three ends
    Given a cluster with 1 node
    And namespace threeends
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/fine: "{exit: {after: 2s, code: 0}}"
          behaviour.kscenario.dev/once: "{exit: {after: 3s, code: 1, times: 1}}"
      spec:
        restartPolicy: OnFailure
        containers:
          - name: fine
            image: registry.example/threeends/fine:1.0
          - name: once
            image: registry.example/threeends/once:1.0
          - name: stays
            image: registry.example/threeends/stays:1.0
      """
    And 10 seconds pass
    And I run "kubectl get pod task"
    And I run "kubectl delete pod task --wait=false"
    Then pod task eventually gone
