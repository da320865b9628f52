Feature: The end of a pod, its grace and its owner

  @shared-cluster
  Scenario: A preStop hook that leaves a second for SIGTERM
    Given a cluster with 1 node
    And namespace longhook
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 9s}}"
      spec:
        terminationGracePeriodSeconds: 5
        containers:
          - name: app
            image: registry.example/longhook/app:1.0
            lifecycle: {preStop: {sleep: {seconds: 4}}}
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone

  @shared-cluster
  Scenario: A second, shorter request to delete
    Given a cluster with 1 node
    And namespace shorter
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{term: {ignore: true}}"
      spec:
        terminationGracePeriodSeconds: 14
        containers:
          - name: app
            image: registry.example/shorter/app:1.0
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    And 3 seconds pass
    And I run "kubectl delete pod web --wait=false --grace-period=1"
    Then pod web eventually gone

  @shared-cluster
  Scenario: Replicas behind a Service go with their Deployment
    Given a cluster with 1 node
    And namespace cascade
    When I run "kubectl create deployment web --image=registry.example/cascade/web:1.0 --replicas=2"
    And I run "kubectl expose deployment web --port=80"
    Then deployment web eventually has 2 ready replicas
    And 1 seconds pass
    When I run "kubectl delete deployment web --wait=false"
    And 6 seconds pass
    And I run "kubectl get pods"
