Feature: More containers that exit again and again

  @shared-cluster
  Scenario: A container that completes is started again too
    Given a cluster with 1 node
    And namespace completes
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 3s, code: 0}}"
      spec:
        containers:
          - name: app
            image: registry.example/completes/web:1.0
      """
    Then pod web eventually restarted 1 times
    And 20 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: One of two crashes
    Given a cluster with 1 node
    And namespace oneoftwo
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/bad: "{exit: {after: 2s, code: 2}}"
      spec:
        containers:
          - name: good
            image: registry.example/oneoftwo/good:1.0
          - name: bad
            image: registry.example/oneoftwo/bad:1.0
      """
    Then pod web eventually restarted 1 times
    And 25 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: Deleted during the back-off
    Given a cluster with 1 node
    And namespace deletedbackoff
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 1s, code: 1}}"
      spec:
        containers:
          - name: app
            image: registry.example/deletedbackoff/web:1.0
      """
    Then pod web eventually restarted 1 times
    And 5 seconds pass
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: An init container that crashes twice
    Given a cluster with 1 node
    And namespace initcrash
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 1s, code: 4, times: 2}}"
      spec:
        initContainers:
          - name: prepare
            image: registry.example/initcrash/prepare:1.0
        containers:
          - name: app
            image: registry.example/initcrash/web:1.0
      """
    And 30 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: OnFailure, after one failure it completes
    Given a cluster with 1 node
    And namespace onfailure
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 2s, oom: true}}"
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/onfailure/task:1.0
      """
    Then pod task eventually OOMKilled
    And 3 seconds pass
    And I run "kubectl get pod task"
