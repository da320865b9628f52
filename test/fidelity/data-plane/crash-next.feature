Feature: Crashes, their pace and their neighbours

  @shared-cluster
  Scenario: Three crashes of different length, and then it stays
    Given a cluster with 1 node
    And namespace threecrash
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 4s, code: 3, times: 3}}"
      spec:
        containers:
          - name: app
            image: registry.example/threecrash/app:1.0
            readinessProbe: {exec: {command: [ok]}, periodSeconds: 2, initialDelaySeconds: 1}
      """
    And 30 seconds pass
    And I run "kubectl get pod web"
    Then pod web eventually restarted 3 times within 2m
    And 5 seconds pass
    And I run "kubectl get pod web"

  @shared-cluster
  Scenario: A sidecar is killed for want of memory, and the container beside it completes
    Given a cluster with 1 node
    And namespace sideoom
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: task
        annotations:
          behaviour.kscenario.dev/cache: "{exit: {after: 3s, oom: true}}"
          behaviour.kscenario.dev/app: "{exit: {after: 9s, code: 0}}"
      spec:
        restartPolicy: OnFailure
        initContainers:
          - name: cache
            image: registry.example/sideoom/cache:1.0
            restartPolicy: Always
            resources: {limits: {memory: 64Mi}}
        containers:
          - name: app
            image: registry.example/sideoom/app:1.0
      """
    And 7 seconds pass
    And I run "kubectl get pod task"
    Then pod task eventually Completed
    And 3 seconds pass

  @shared-cluster
  Scenario: A debug container joins a crash loop
    Given a cluster with 1 node
    And namespace debugcrash
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          behaviour.kscenario.dev/app: "{exit: {after: 1s, code: 1}}"
          behaviour.kscenario.dev/look: "{exit: {after: 3s, code: 4}}"
      spec:
        containers:
          - name: app
            image: registry.example/debugcrash/app:1.0
      """
    And 6 seconds pass
    And I run "kubectl debug web -c look --image=registry.example/debugcrash/look:1.0 --target=app"
    And 8 seconds pass
    And I run "kubectl get pod web"
    And I run "kubectl delete pod web --grace-period=1 --wait=false"
    Then pod web eventually gone
