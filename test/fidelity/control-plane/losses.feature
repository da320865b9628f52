Feature: Nodes that are lost, out of service or deleted, and those who look after their pods

  Scenario: A node that is lost is said to be out of service
    Given the nodes:
      | name | taints |
      | worker-1 | |
      | worker-2 | soft=1:PreferNoSchedule |
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        replicas: 2
        serviceName: db
        selector: {matchLabels: {app: db}}
        template:
          metadata:
            labels: {app: db}
          spec:
            terminationGracePeriodSeconds: 3
            containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then statefulset db eventually has 2 ready replicas
    When node worker-1 goes down
    And 60 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl taint nodes worker-1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute"
    And 30 seconds pass
    And I run "kubectl get pods"
    And node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl taint nodes worker-1 node.kubernetes.io/out-of-service-"
    And 6 seconds pass
    And I run "kubectl get pods"

  Scenario: An indexed job on a node that is lost for good
    Given the nodes:
      | name | taints |
      | worker-1 | |
      | worker-2 | soft=1:PreferNoSchedule |
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: calc}
      spec:
        completions: 2
        parallelism: 2
        completionMode: Indexed
        backoffLimit: 2
        template:
          metadata:
            labels: {app: calc}
            annotations:
              behaviour.kscenario.dev/app: "{exit: {after: 70s, code: 0}, term: {after: 0s, code: 5}}"
          spec:
            restartPolicy: Never
            terminationGracePeriodSeconds: 1
            tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 3}, {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 3}]
            containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then job calc eventually has field .status.ready "2"
    When node worker-1 goes down
    And 62 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl delete node worker-1"
    And 55 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get job calc -o jsonpath='{.status.active} {.status.failed} {.status.ready} {.status.terminating}'"
    And node worker-1 comes back
    And 12 seconds pass
    And I run "kubectl get pods"

  Scenario: A Deployment is deleted in the foreground while a node is away
    Given the nodes:
      | name | taints |
      | worker-1 | |
      | worker-2 | soft=1:PreferNoSchedule |
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata:
            labels: {app: web}
          spec:
            terminationGracePeriodSeconds: 2
            nodeSelector: {kubernetes.io/hostname: worker-1}
            containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then deployment web eventually has 2 available replicas
    When node worker-1 goes down
    And I run "kubectl delete deployment web --cascade=foreground --wait=false"
    And 6 seconds pass
    And I run "kubectl get deployment,rs,pods"
    And I run "kubectl delete pods -l app=web --force --grace-period=0"
    And 5 seconds pass
    And I run "kubectl get deployment,rs,pods"
    And node worker-1 comes back
    And 10 seconds pass
    And I run "kubectl get pods"

  Scenario: A namespace is deleted while a node of its pods is away
    Given a cluster with 2 nodes
    And namespace shop
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: a
      spec:
        nodeName: worker-1
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "registry.example/h/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: b
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 2
        containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then pod a eventually Ready
    And pod b eventually Ready
    When node worker-1 goes down
    And I run "kubectl delete namespace shop --wait=false"
    And 8 seconds pass
    And I run "kubectl get pods -n shop"
    And I run "kubectl get namespace shop -o jsonpath='{.status.phase} {.status.conditions[*].reason}'"
    And node worker-1 comes back
    And 20 seconds pass
    And I run "kubectl get namespaces"

  Scenario: A job that replaces only failed pods, on a node that is lost
    Given the nodes:
      | name | taints |
      | worker-1 | |
      | worker-2 | soft=1:PreferNoSchedule |
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: calc}
      spec:
        completions: 2
        parallelism: 2
        podReplacementPolicy: Failed
        backoffLimit: 3
        template:
          metadata:
            labels: {app: calc}
            annotations:
              behaviour.kscenario.dev/app: "{exit: {after: 90s, code: 0}, term: {after: 1s, code: 0}}"
          spec:
            restartPolicy: Never
            terminationGracePeriodSeconds: 3
            tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 4}, {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 4}]
            containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then job calc eventually has field .status.ready "2"
    When node worker-1 goes down
    And 60 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get job calc -o jsonpath='{.status.active} {.status.failed} {.status.terminating}'"
    And node worker-1 comes back
    And 25 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get job calc -o jsonpath='{.status.active} {.status.failed} {.status.terminating}'"

  Scenario: A DaemonSet: a taint on a lost node, the node is deleted and comes back with other labels
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata:
            labels: {app: agent}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then daemonset agent eventually has 2 ready replicas
    When node worker-1 goes down
    And 2 seconds pass
    And I run "kubectl taint nodes worker-1 bad=1:NoExecute"
    And 6 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get daemonset"
    And I run "kubectl delete node worker-1"
    And 8 seconds pass
    And I run "kubectl get pods"
    And node worker-1 comes back
    And 18 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get daemonset"
    And I run "kubectl get nodes"

  Scenario: A job ignores disruptions: a taint, an eviction and a failure
    Given a cluster with 2 nodes
    When I apply:
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: calc}
      spec:
        completions: 3
        parallelism: 3
        backoffLimit: 1
        podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget}]}]}
        template:
          metadata:
            labels: {app: calc}
            annotations:
              behaviour.kscenario.dev/app: "{exit: {after: 60s, code: 0}, term: {after: 1s, code: 7}}"
          spec:
            restartPolicy: Never
            terminationGracePeriodSeconds: 2
            containers: [{name: app, image: "registry.example/h/app:1"}]
      """
    Then job calc eventually has field .status.ready "3"
    When I run "kubectl taint nodes worker-2 gone=1:NoExecute"
    And 8 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl drain worker-1 --ignore-daemonsets --force --timeout=20s"
    And 5 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl taint nodes worker-2 gone-"
    And 12 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get job calc -o jsonpath='{.status.active} {.status.failed} {.status.ready}'"
