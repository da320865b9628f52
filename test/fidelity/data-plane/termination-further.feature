@shared-cluster
Feature: Ways of pods to end

  Scenario: A preStop request that is refused, beside a container that takes its time
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: pair
        annotations:
          behaviour.kscenario.dev/slow: "{term: {after: 4s, code: 0}}"
      spec:
        terminationGracePeriodSeconds: 15
        containers:
          - name: app
            image: registry.example/ends/app:1
            lifecycle: {preStop: {httpGet: {port: 7777, path: /drain}}}
          - {name: slow, image: "registry.example/ends/slow:1"}
      """
    Then pod pair eventually Ready
    When 2 seconds pass
    And I run "kubectl delete pod pair --wait=false"
    Then pod pair eventually gone

  Scenario: A second, longer request to delete, and a container that ignores SIGTERM
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: longer
        annotations:
          behaviour.kscenario.dev/app: "{term: {ignore: true}}"
      spec:
        terminationGracePeriodSeconds: 6
        containers: [{name: app, image: "registry.example/ends/longer:1"}]
      """
    Then pod longer eventually Ready
    When 2 seconds pass
    And I run "kubectl delete pod longer --wait=false"
    And I run "kubectl delete pod longer --wait=false --grace-period=25"
    And I run "kubectl get pod longer -o jsonpath={.metadata.deletionGracePeriodSeconds}"
    Then pod longer eventually gone

  Scenario: Deleted while it waits for a ConfigMap, which then comes
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: waits
        finalizers: [example.com/hold]
      spec:
        containers:
          - name: app
            image: registry.example/ends/waits:1
            envFrom: [{configMapRef: {name: comes}}]
      """
    Then pod waits eventually CreateContainerConfigError
    When 2 seconds pass
    And I run "kubectl delete pod waits --wait=false"
    And I run "kubectl create configmap comes --from-literal=a=1"
    And 6 seconds pass
    And I run "kubectl get pod waits"
    And I run "kubectl patch pod waits --type=json -p '[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]'"
    Then pod waits eventually gone

  Scenario: Deleted while a second init container, which is slow to end, runs
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: inits
        annotations:
          behaviour.kscenario.dev/first: "{exit: {after: 1s, code: 0}}"
          behaviour.kscenario.dev/second: "{term: {after: 3s, code: 1}}"
      spec:
        restartPolicy: OnFailure
        initContainers:
          - {name: first, image: "registry.example/ends/first:1"}
          - {name: second, image: "registry.example/ends/second:1"}
        containers: [{name: app, image: "registry.example/ends/inits:1"}]
      """
    Then pod inits eventually Init:1/2
    When 3 seconds pass
    And I run "kubectl delete pod inits --wait=false"
    And 1 second passes
    And I run "kubectl get pod inits"
    Then pod inits eventually gone

  Scenario: One of three containers is killed for want of memory while the pod ends
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: three
        annotations:
          behaviour.kscenario.dev/a: "{exit: {after: 8s, oom: true}, term: {ignore: true}}"
          behaviour.kscenario.dev/b: "{term: {after: 1s, code: 1}}"
          behaviour.kscenario.dev/c: "{exit: {after: 3s, code: 0}}"
      spec:
        restartPolicy: Never
        terminationGracePeriodSeconds: 12
        containers:
          - {name: a, image: "registry.example/ends/a:1"}
          - {name: b, image: "registry.example/ends/b:1"}
          - {name: c, image: "registry.example/ends/c:1"}
      """
    And 5 seconds pass
    And I run "kubectl get pod three"
    And I run "kubectl delete pod three --wait=false"
    Then pod three eventually gone
