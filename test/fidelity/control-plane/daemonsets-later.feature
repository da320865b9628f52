Feature: A pod on each machine, and what changes

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: Labels of nodes come and go under a selector in the middle of an update
    When I run "kubectl label nodes worker-1 worker-2 disk=ssd"
    And I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: cache}
      spec:
        selector: {matchLabels: {app: cache}}
        template:
          metadata:
            labels: {app: cache}
            annotations: {behaviour.kscenario.dev/cache: "{image: 'example.com/later1/cache:2', missing: true}"}
          spec:
            terminationGracePeriodSeconds: 1
            nodeSelector: {disk: ssd}
            containers: [{name: cache, image: "example.com/later1/cache:1"}]
      """
    Then daemonset cache eventually has 2 ready replicas
    When I run "kubectl label node worker-3 disk=ssd"
    Then daemonset cache eventually has 3 ready replicas
    When I run "kubectl label node worker-1 disk=hdd --overwrite"
    Then daemonset cache eventually has field .status.desiredNumberScheduled "2"
    And daemonset cache eventually has field .status.numberMisscheduled "0"
    When I run "kubectl get ds cache"
    And I run "kubectl set image ds/cache cache=example.com/later1/cache:2"
    And 4 seconds pass
    And I run "kubectl get ds cache"
    And I run "kubectl label node worker-1 disk=ssd --overwrite"
    And 3 seconds pass
    And I run "kubectl get ds cache"
    And I run "kubectl rollout undo ds/cache"
    And I run "kubectl rollout status ds/cache --timeout=60s"
    Then the last command succeeds
    When I run "kubectl rollout history ds/cache"

  @shared-cluster
  Scenario: Surge of all, with a node that is cordoned
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: edge}
      spec:
        minReadySeconds: 1
        updateStrategy: {rollingUpdate: {maxSurge: 100%, maxUnavailable: 0}}
        selector: {matchLabels: {app: edge}}
        template:
          metadata: {labels: {app: edge}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: edge, image: "example.com/later2/edge:1"}]}
      """
    Then daemonset edge eventually has 3 available replicas
    When I run "kubectl cordon worker-2"
    And I run "kubectl set image ds/edge edge=example.com/later2/edge:2"
    And I run "kubectl rollout status ds/edge --timeout=60s"
    Then the last command succeeds
    When 2 seconds pass
    And I run "kubectl get ds edge"
    And I run "kubectl get controllerrevisions -l app=edge -o jsonpath='{.items[*].revision}'"
    And I run "kubectl uncordon worker-2"
    And I run "kubectl delete ds edge --cascade=orphan"
    And I run "kubectl get pods -l app=edge -o jsonpath='{.items[*].metadata.ownerReferences}'"

  @shared-cluster
  Scenario: A taint that lets no more in, one that drives out, and tolerations that are added
    When I run "kubectl taint node worker-1 role=infra:NoSchedule"
    And I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: mon}
      spec:
        selector: {matchLabels: {app: mon}}
        template:
          metadata: {labels: {app: mon}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: mon, image: "example.com/later3/mon:1"}]}
      """
    Then daemonset mon eventually has 2 ready replicas
    When I run "kubectl taint node worker-2 role=infra:NoSchedule"
    And 2 seconds pass
    And I run "kubectl get ds mon"
    And I run "kubectl taint node worker-3 role=infra:NoExecute"
    And 3 seconds pass
    And I run "kubectl get ds mon"
    And I run "kubectl patch ds mon -p '{\"spec\":{\"template\":{\"spec\":{\"tolerations\":[{\"key\":\"role\",\"operator\":\"Exists\"}]}}}}'"
    And I run "kubectl rollout status ds/mon --timeout=60s"
    Then the last command succeeds
    And daemonset mon eventually has 3 ready replicas
    When I run "kubectl get ds mon"
