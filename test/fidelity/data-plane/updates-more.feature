Feature: More deadlines, and more changes to pods that run

  @shared-cluster
  Scenario: A deadline over two containers, one of which has ended
    Given a cluster with 1 node
    And namespace twodeadline
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: report
        annotations:
          behaviour.kscenario.dev/first: "{exit: {after: 2s, code: 0}}"
          behaviour.kscenario.dev/second: "{term: {after: 1s, code: 0}}"
      spec:
        restartPolicy: Never
        activeDeadlineSeconds: 9
        containers:
          - name: first
            image: registry.example/twodeadline/first:1.0
          - name: second
            image: registry.example/twodeadline/second:1.0
      """
    Then pod report eventually has field .status.reason "DeadlineExceeded"
    And 5 seconds pass
    And I run "kubectl get pod report"

  @shared-cluster
  Scenario: A deadline that ends while the init container runs
    Given a cluster with 1 node
    And namespace initdeadline
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: report
        annotations:
          behaviour.kscenario.dev/prepare: "{term: {after: 1s, code: 143}}"
      spec:
        activeDeadlineSeconds: 6
        initContainers:
          - name: prepare
            image: registry.example/initdeadline/prepare:1.0
        containers:
          - name: app
            image: registry.example/initdeadline/app:1.0
      """
    Then pod report eventually has field .status.reason "DeadlineExceeded"
    And 6 seconds pass
    And I run "kubectl get pod report"

  @shared-cluster
  Scenario: A Job's deadline
    Given a cluster with 1 node
    And namespace jobdeadline
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: report
      spec:
        activeDeadlineSeconds: 6
        template:
          metadata:
            annotations:
              behaviour.kscenario.dev/app: "{term: {after: 2s, code: 143}}"
          spec:
            restartPolicy: Never
            containers:
              - name: app
                image: registry.example/jobdeadline/report:1.0
      """
    Then job report eventually Failed
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get job report"

  @shared-cluster
  Scenario: The image of a running pod is changed
    Given a cluster with 1 node
    And namespace newimage
    When I run "kubectl run web --image=registry.example/newimage/web:1.0"
    Then pod web eventually Ready
    When I run "kubectl set image pod/web web=registry.example/newimage/web:2.0"
    Then pod web eventually restarted 1 times
    And 6 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: An ephemeral container that ends
    Given a cluster with 1 node
    And namespace ephends
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/tools: "{exit: {after: 2s, code: 3}}"
      spec:
        containers:
          - name: app
            image: registry.example/ephends/web:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl debug web --image=registry.example/ephends/tools:1.0 --container=tools --profile=general"
    And 6 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl debug web --image=registry.example/ephends/tools:1.0 --container=more --target=app --profile=general"
    And 4 seconds pass
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: An ephemeral container whose image does not exist
    Given a cluster with 1 node
    And namespace ephmissing
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/tools: "{image: missing}"
      spec:
        containers:
          - name: app
            image: registry.example/ephmissing/web:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl debug web --image=registry.example/ephmissing/tools:1.0 --container=tools --profile=general"
    And 6 seconds pass
    And I run "kubectl get pod web"
