Feature: An agent on every machine

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: Tainted machines are left and returned to
    Given I run "kubectl taint node worker-3 gpu=yes:NoSchedule"
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/daemonsets1/agent:1"}]}
      """
    Then daemonset agent eventually has 2 ready replicas
    When I run "kubectl get ds agent -o wide"
    And I run "kubectl taint node worker-2 gpu=yes:NoExecute"
    Then daemonset agent eventually has field .status.desiredNumberScheduled "1"
    And 1 pods labelled app=agent eventually Running
    When I run "kubectl patch ds agent -p '{\"spec\":{\"template\":{\"spec\":{\"tolerations\":[{\"key\":\"gpu\",\"operator\":\"Exists\"}]}}}}'"
    Then daemonset agent eventually has 3 ready replicas
    And daemonset agent eventually has 3 updated replicas
    When I run "kubectl rollout status ds agent"
    And I run "kubectl describe ds agent"
    And I run "kubectl taint nodes --all gpu-"

  @shared-cluster
  Scenario: Updated two at a time with pods that stop slowly
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: net}
      spec:
        minReadySeconds: 2
        updateStrategy: {rollingUpdate: {maxUnavailable: 2}}
        selector: {matchLabels: {app: net}}
        template:
          metadata: {labels: {app: net}, annotations: {behaviour.kscenario.dev/net: "term: {after: 1s}"}}
          spec: {terminationGracePeriodSeconds: 5, containers: [{name: net, image: "example.com/daemonsets2/net:1"}]}
      """
    Then daemonset net eventually has 3 available replicas
    When I run "kubectl set image ds net net=example.com/daemonsets2/net:2"
    And I run "kubectl rollout status ds net --timeout=60s"
    Then daemonset net has 3 available replicas
    When I run "kubectl rollout history ds net"
    And I run "kubectl rollout undo ds net"
    And I run "kubectl rollout status ds net --timeout=60s"
    And I run "kubectl get controllerrevisions -o custom-columns=REV:.revision,OWNER:.metadata.ownerReferences[*].name"

  @shared-cluster
  Scenario: One machine more for a while, by surge
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: dns}
      spec:
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 50%, maxUnavailable: 0}}
        selector: {matchLabels: {app: dns}}
        template:
          metadata: {labels: {app: dns}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: dns, image: "example.com/daemonsets3/dns:1"}]}
      """
    And I run "kubectl rollout status daemonset/dns --timeout=60s"
    And I run "kubectl set image daemonset/dns dns=example.com/daemonsets3/dns:2"
    And I run "kubectl rollout status daemonset/dns --timeout=60s"
    Then daemonset dns has 3 updated replicas
    And daemonset dns eventually has 3 available replicas
    When I run "kubectl delete pod -l app=dns --wait=false"
    Then daemonset dns eventually has 3 available replicas
    When I run "kubectl get ds"
    And I run "kubectl delete ds dns --cascade=foreground"
    Then pods labelled app=dns eventually gone

  @shared-cluster
  Scenario: A selector that no machine has
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: none}
      spec:
        selector: {matchLabels: {app: none}}
        template:
          metadata: {labels: {app: none}}
          spec: {nodeSelector: {arch: z80}, terminationGracePeriodSeconds: 1, containers: [{name: none, image: "example.com/daemonsets4/none:1"}]}
      """
    And 2 seconds pass
    And I run "kubectl get ds none"
    And I run "kubectl rollout status ds none"
    And I run "kubectl label node worker-2 arch=z80"
    Then daemonset none eventually has 1 ready replicas
    When I run "kubectl cordon worker-2"
    And I run "kubectl delete pods -l app=none"
    Then daemonset none eventually has 1 ready replicas
    When I run "kubectl label node worker-2 arch-"
    Then pods labelled app=none eventually gone
    When I run "kubectl uncordon worker-2"
    And I run "kubectl get ds none -o jsonpath='{.status}'"
