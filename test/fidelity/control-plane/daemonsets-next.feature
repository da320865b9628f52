Feature: DaemonSets that surge, wait, are updated by hand and keep off nodes

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: maxSurge brings a new pod up beside the old one
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        minReadySeconds: 2
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/agent:1"}]}
      """
    Then daemonset agent eventually has 3 available replicas
    When I run "kubectl set image ds/agent agent=example.com/agent:2"
    And I run "kubectl rollout status ds/agent --timeout=60s"
    Then daemonset agent eventually has 3 updated replicas
    And daemonset agent eventually has 3 available replicas
    And 3 pods labelled app=agent eventually Ready
    When 3 seconds pass
    And I run "kubectl describe ds agent"
    And I run "kubectl get controllerrevisions -o custom-columns=NAME:.metadata.name,REVISION:.revision"

  @shared-cluster
  Scenario: A broken update stops at maxUnavailable, and undo heals it
    When I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/agent:1"}]}
      """
    Then daemonset agent eventually has 3 ready replicas
    When I run:
      """
      kubectl patch ds agent -p '{"spec":{"template":{"metadata":{"annotations":{"behaviour.kscenario.dev/agent":"missing: true"}},"spec":{"containers":[{"name":"agent","image":"example.com/agent:none"}]}}}}'
      """
    And 6 seconds pass
    And I run "kubectl get ds"
    And I run "kubectl rollout status ds/agent --timeout=2s"
    And I run "kubectl rollout history ds/agent"
    And I run "kubectl rollout undo ds/agent"
    And I run "kubectl rollout status ds/agent --timeout=60s"
    Then daemonset agent eventually has 3 ready replicas
    When I run "kubectl rollout history ds/agent"
    And I run "kubectl rollout history ds/agent --revision=3"

  @shared-cluster
  Scenario: OnDelete, a cordoned node, a taint and a pod that is deleted by hand
    When I run "kubectl cordon worker-1"
    And I run "kubectl taint node worker-2 only=me:NoSchedule"
    And I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        updateStrategy: {type: OnDelete}
        template:
          metadata: {labels: {app: agent}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: agent, image: "example.com/agent:1"}]}
      """
    Then daemonset agent eventually has 2 ready replicas
    When I run "kubectl get ds agent -o wide"
    And I run "kubectl taint node worker-2 only-"
    Then daemonset agent eventually has 3 ready replicas
    When I run "kubectl set image ds/agent agent=example.com/agent:2"
    And 2 seconds pass
    And I run "kubectl get ds"
    And I run "kubectl rollout status ds/agent --timeout=2s"
    And I run "kubectl delete pods -l app=agent"
    Then daemonset agent eventually has 3 updated replicas
    And daemonset agent eventually has 3 ready replicas
    When I run "kubectl taint node worker-3 only=me:NoExecute"
    Then daemonset agent eventually has field .status.desiredNumberScheduled "2"
    And 2 pods labelled app=agent eventually Ready
    When I run "kubectl taint node worker-3 only-"
    Then daemonset agent eventually has 3 ready replicas
    When I run "kubectl uncordon worker-1"
    And I run "kubectl delete ds agent --cascade=orphan"
    And I run "kubectl get pods"

  @shared-cluster
  Scenario: Affinity by name, pods that crash are replaced, and requests that do not fit
    When I run "kubectl label node worker-1 worker-2 tier=front"
    And I apply:
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            terminationGracePeriodSeconds: 1
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: tier, operator: In, values: [front]}]}]}}}
            containers: [{name: agent, image: "example.com/agent:1"}]
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: heavy}
      spec:
        selector: {matchLabels: {app: heavy}}
        template:
          metadata: {labels: {app: heavy}}
          spec: {containers: [{name: heavy, image: "example.com/heavy:1", resources: {requests: {cpu: "64"}}}]}
      """
    Then daemonset agent eventually has 2 ready replicas
    When 3 seconds pass
    And I run "kubectl get ds"
    And I run "kubectl get pods -l app=heavy"
    And I run "kubectl describe ds heavy"
    And I run "kubectl label node worker-1 tier-"
    Then daemonset agent eventually has field .status.currentNumberScheduled "1"
    When I run "kubectl label node worker-2 tier=back --overwrite"
    Then pods labelled app=agent eventually gone
    When I run "kubectl get ds agent"
    And I run "kubectl label node worker-2 tier-"
    And I run "kubectl delete ds heavy agent"
    Then pods labelled app=heavy eventually gone
