@shared-cluster
Feature: Containers that end, hang and are asked twice, beside others

  Scenario: A sidecar with a preStop hook and a slow end, and a main container that fails
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: order
        annotations:
          behaviour.kscenario.dev/main: "{exit: {after: 4s, code: 2}}"
          behaviour.kscenario.dev/log: "{term: {after: 2s, code: 0}}"
          behaviour.kscenario.dev/net: "{term: {ignore: true}}"
      spec:
        restartPolicy: Never
        terminationGracePeriodSeconds: 7
        initContainers:
          - {name: log, image: "example.com/workneap1/log:1", restartPolicy: Always, lifecycle: {preStop: {sleep: {seconds: 1}}}}
          - {name: net, image: "example.com/workneap1/net:1", restartPolicy: Always}
        containers: [{name: main, image: "example.com/workneap1/main:1"}]
      """
    And 8 seconds pass
    And I run "kubectl get pod order"
    And I run "kubectl get pod order -o jsonpath='{.status.phase} {range .status.initContainerStatuses[*]}{.name} {.state}{\"; \"}{end}'"
    And 10 seconds pass
    And I run "kubectl get pod order"
    And I run "kubectl describe pod order"

  Scenario: Liveness of two containers whose restarts meet a back-off, then a new image
    Given a cluster with 1 node
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: pair
        annotations:
          behaviour.kscenario.dev/a: "{exec: [{from: 0s, code: 0}, {from: 3s, code: 1}], term: {after: 1s, code: 0}}"
          behaviour.kscenario.dev/b: "{exit: {after: 6s, code: 1, times: 2}}"
      spec:
        terminationGracePeriodSeconds: 2
        containers:
          - {name: a, image: "example.com/workneap2/a:1", livenessProbe: {exec: {command: [c]}, periodSeconds: 1, failureThreshold: 2}}
          - {name: b, image: "example.com/workneap2/b:1"}
      """
    And 14 seconds pass
    And I run "kubectl get pod pair -o jsonpath='{.status.containerStatuses[*].restartCount}'"
    And I run "kubectl set image pod pair a=example.com/workneap2/a:2"
    And 6 seconds pass
    And I run "kubectl get pod pair -o jsonpath='{.status.containerStatuses[*].image}'"
    And I run "kubectl delete pod pair --grace-period=1"

  Scenario: Pods of one node in every state when their namespace goes
    Given a cluster with 1 node
    When I run "kubectl create namespace workneap4"
    And I run "kubectl -n workneap4 create configmap settings --from-literal=a=b"
    And I run "kubectl -n workneap4 run running --image=example.com/workneap4/a:1"
    And I run "kubectl -n workneap4 run done --image=example.com/workneap4/b:1 --restart=Never --annotations=behaviour.kscenario.dev/done='{exit: {after: 1s, code: 0}}'"
    And I run "kubectl -n workneap4 run broken --image=example.com/workneap4/c:1 --annotations=behaviour.kscenario.dev/broken='{missing: true}'"
    And I run "kubectl -n workneap4 run pending --image=example.com/workneap4/d:1 --overrides='{\"spec\":{\"nodeSelector\":{\"no\":\"where\"}}}'"
    And I run "kubectl -n workneap4 run slow --image=example.com/workneap4/e:1 --annotations=behaviour.kscenario.dev/slow='{term: {after: 6s, code: 0}}'"
    And 6 seconds pass
    And I run "kubectl -n workneap4 get pods"
    And I run "kubectl delete namespace workneap4 --wait=false"
    And 3 seconds pass
    And I run "kubectl -n workneap4 get pods"
    And I run "kubectl get namespace workneap4 -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.message};{end}'"
    And 12 seconds pass
    And I run "kubectl get namespace workneap4"
