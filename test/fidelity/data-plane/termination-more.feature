Feature: More ends of pods

  @shared-cluster
  Scenario: A preStop command that fails
    Given a cluster with 1 node
    And namespace hookfails2
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 2}], term: {after: 1s}}"
      spec:
        containers:
          - name: app
            image: registry.example/hookfails2/app:1.0
            lifecycle: {preStop: {exec: {command: [bye]}}}
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A postStart command that fails
    Given a cluster with 1 node
    And namespace poststart
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exec: [{from: 0s, code: 2}], term: {after: 1s}}"
      spec:
        containers:
          - name: app
            image: registry.example/poststart/app:1.0
            lifecycle: {postStart: {exec: {command: [warm]}}}
      """
    And 25 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: Two containers with different ends
    Given a cluster with 1 node
    And namespace twoends
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/quick: "{term: {code: 143}}"
          behaviour.kscenario.dev/slow: "{term: {after: 6s, code: 0}}"
      spec:
        containers:
          - name: quick
            image: registry.example/twoends/quick:1.0
          - name: slow
            image: registry.example/twoends/slow:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: An eviction
    Given a cluster with 1 node
    And namespace evicted
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 2s}}"
      spec:
        containers:
          - name: app
            image: registry.example/evicted/app:1.0
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata:
        name: web
      spec:
        minAvailable: 1
        selector: {matchLabels: {app: web}}
      """
    Then pod web eventually Ready
    And 2 seconds pass
    When I run "kubectl drain worker-1 --force --ignore-daemonsets --timeout=3s --pod-selector=app=web"
    And I run "kubectl delete pdb web"
    And I run "kubectl drain worker-1 --force --ignore-daemonsets --timeout=30s --pod-selector=app=web"
    And I run "kubectl uncordon worker-1"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A pod that has failed is removed at once
    Given a cluster with 1 node
    And namespace failedgone
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 1s, code: 3}}"
      spec:
        restartPolicy: Never
        containers:
          - name: app
            image: registry.example/failedgone/app:1.0
      """
    Then pod task eventually has field .status.phase "Failed"
    And 3 seconds pass
    When I run "kubectl delete pod task"
    And 2 seconds pass

  @shared-cluster
  Scenario: A pod that nobody can schedule is removed at once
    Given a cluster with 1 node
    And namespace unschedgone
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        nodeSelector: {disk: none}
        containers:
          - name: app
            image: registry.example/unschedgone/app:1.0
      """
    And 3 seconds pass
    When I run "kubectl delete pod web"
    And 2 seconds pass
