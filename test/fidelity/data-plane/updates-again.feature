Feature: Deadlines in the way, and images that change

  @shared-cluster
  Scenario: A deadline while the image cannot be pulled
    Given a cluster with 1 node
    And namespace deadlinepull
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{missing: true}"
      spec:
        activeDeadlineSeconds: 6
        containers:
          - name: app
            image: registry.example/deadlinepull/app:1.0
      """
    And 12 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: A deadline while a volume is missing
    Given a cluster with 1 node
    And namespace deadlinemount
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
      spec:
        activeDeadlineSeconds: 6
        nodeName: worker-1
        volumes:
          - name: data
            configMap: {name: settings}
        containers:
          - name: app
            image: registry.example/deadlinemount/app:1.0
            volumeMounts: [{name: data, mountPath: /settings}]
      """
    And 12 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: A deadline in a crash loop
    Given a cluster with 1 node
    And namespace deadlinecrash
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 1s, code: 1}}"
      spec:
        activeDeadlineSeconds: 8
        containers:
          - name: app
            image: registry.example/deadlinecrash/app:1.0
      """
    And 14 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: A shorter deadline comes later
    Given a cluster with 1 node
    And namespace deadlinelater
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
      spec:
        activeDeadlineSeconds: 600
        containers:
          - name: app
            image: registry.example/deadlinelater/app:1.0
      """
    Then pod task eventually Ready
    When I run "kubectl patch pod task -p '{\"spec\":{\"activeDeadlineSeconds\":4}}'"
    And 8 seconds pass
    And I run "kubectl get pod task"

  @shared-cluster
  Scenario: The image of an init container is changed after its end
    Given a cluster with 1 node
    And namespace newinit
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/prepare: "{exit: {after: 1s, code: 0}}"
      spec:
        initContainers:
          - name: prepare
            image: registry.example/newinit/prepare:1.0
        containers:
          - name: app
            image: registry.example/newinit/app:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl set image pod/web prepare=registry.example/newinit/prepare:2.0"
    And 5 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: The image of one of two containers is changed to a missing one
    Given a cluster with 1 node
    And namespace newmissing2
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/two: "{missing: true, image: 'registry.example/newmissing2/two:9.9'}"
      spec:
        containers:
          - name: one
            image: registry.example/newmissing2/one:1.0
          - name: two
            image: registry.example/newmissing2/two:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl set image pod/web two=registry.example/newmissing2/two:9.9"
    And 15 seconds pass
    And I run "kubectl get pod web"
