Feature: Images that come later

  @shared-cluster
  Scenario: An image of two containers comes with a patch after the second failure
    Given a cluster with 1 node
    And namespace twoimages
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{image: 'registry.example/twoimages/app:2.0', missing: true}"
      spec:
        containers:
          - name: app
            image: registry.example/twoimages/app:2.0
            imagePullPolicy: Always
          - name: twin
            image: registry.example/twoimages/app:2.0
      """
    And 16 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl set image pod/web app=registry.example/twoimages/app:1.0 twin=registry.example/twoimages/app:1.0"
    Then pod web eventually Ready
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: The image of an init container is corrected, then that of the container
    Given a cluster with 1 node
    And namespace initimage
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/prepare: "{image: 'registry.example/initimage/prepare:9', missing: true, exit: {after: 1s}}"
          behaviour.kscenario.dev/app: "{image: 'registry.example/initimage/app:9', missing: true}"
      spec:
        initContainers:
          - name: prepare
            image: registry.example/initimage/prepare:9
        containers:
          - name: app
            image: registry.example/initimage/app:9
      """
    And 4 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl set image pod/web prepare=registry.example/initimage/prepare:1"
    And 14 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl set image pod/web app=registry.example/initimage/app:1"
    Then pod web eventually Ready

  @shared-cluster
  Scenario: The pull secret and the image are missing
    Given a cluster with 1 node
    And namespace secretimage
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{missing: true, pull: 2s}"
      spec:
        imagePullSecrets: [{name: first}, {name: second}]
        containers:
          - name: app
            image: registry.example/secretimage/app:1.0
      """
    And 18 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl describe pod web"
    And I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone
