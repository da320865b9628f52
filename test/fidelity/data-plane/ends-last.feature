Feature: Ends that take their time

  @shared-cluster
  Scenario: A debug container fails in a pod that is never restarted, and the pod ends
    Given a cluster with 1 node
    And namespace debugnever
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 9s, code: 0}}"
          behaviour.kscenario.dev/look: "{exit: {after: 2s, code: 1}}"
      spec:
        restartPolicy: Never
        containers:
          - {name: app, image: "registry.example/debugnever/app:1.0"}
      """
    Then pod task eventually Ready
    And I run "kubectl debug task -c look --image=registry.example/debugnever/look:1.0"
    And 12 seconds pass
    And I run "kubectl get pod task"
    And I run "kubectl describe pod task"

  @shared-cluster
  Scenario: A longer grace period than the pod has, and a finalizer
    Given a cluster with 1 node
    And namespace longgrace
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        finalizers: [example.com/hold]
        annotations:
          behaviour.kscenario.dev/app: "{term: {after: 4s, code: 3}}"
      spec:
        terminationGracePeriodSeconds: 2
        containers:
          - {name: app, image: "registry.example/longgrace/app:1.0"}
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --grace-period=20 --wait=false"
    And 8 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl patch pod web --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"
    Then pod web eventually gone

  @shared-cluster
  Scenario: Three sidecars stop one after the other, one of them slowly, one with a hook
    Given a cluster with 1 node
    And namespace threeside
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/one: "{term: {after: 1s}}"
          behaviour.kscenario.dev/two: "{term: {ignore: true}}"
          behaviour.kscenario.dev/app: "{term: {after: 2s}}"
      spec:
        terminationGracePeriodSeconds: 8
        initContainers:
          - {name: one, image: "registry.example/threeside/s:1.0", restartPolicy: Always}
          - {name: two, image: "registry.example/threeside/s:1.0", restartPolicy: Always}
          - {name: three, image: "registry.example/threeside/s:1.0", restartPolicy: Always, lifecycle: {preStop: {sleep: {seconds: 1}}}}
        containers:
          - {name: app, image: "registry.example/threeside/app:1.0"}
      """
    Then pod web eventually Ready
    When I run "kubectl delete pod web --wait=false"
    Then pod web eventually gone
