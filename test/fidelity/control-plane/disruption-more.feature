Feature: Drains, budgets and taints another author wrote

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: A budget that allows none holds up a drain
    When I run "kubectl create deployment web --image=example.com/web:1 --replicas=2"
    And I run "kubectl create pdb web --selector=app=web --min-available=2"
    Then deployment web eventually has 2 ready replicas
    And poddisruptionbudget web eventually has field .status.currentHealthy "2"
    When I run "kubectl get pdb"
    And I run "kubectl drain worker-1 worker-2 worker-3 --timeout=4s"
    Then the last command fails
    When I run "kubectl get nodes"
    And I run "kubectl delete pdb web"
    And I run "kubectl uncordon worker-1 worker-2 worker-3"
    Then deployment web eventually has 2 ready replicas

  @shared-cluster
  Scenario: An eviction by hand
    When I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: one}
      spec:
        replicas: 1
        selector: {matchLabels: {app: one}}
        template:
          metadata: {labels: {app: one}}
          spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/app:1"}]}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: one}
      spec: {maxUnavailable: 1, selector: {matchLabels: {app: one}}}
      """
    Then replicaset one eventually has 1 ready replicas
    And poddisruptionbudget one eventually has field .status.disruptionsAllowed "1"
    When I run "kubectl scale rs one --replicas=3"
    Then replicaset one eventually has 3 ready replicas
    And poddisruptionbudget one eventually has field .status.expectedPods "3"
    When I run "kubectl describe pdb one"
    And I run "kubectl get pdb one -o wide"
    And I run "kubectl cordon worker-1"
    And I run "kubectl cordon worker-1"
    And I run "kubectl uncordon worker-1"

  @shared-cluster
  Scenario: NoSchedule and PreferNoSchedule taints
    When I run "kubectl taint nodes worker-1 worker-2 team=data:NoSchedule"
    And I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: plain}
      spec: {containers: [{name: app, image: "example.com/app:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: data}
      spec:
        nodeSelector: {kubernetes.io/hostname: worker-1}
        tolerations: [{key: team, operator: Equal, value: data, effect: NoSchedule}]
        containers: [{name: app, image: "example.com/app:1"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: other}
      spec:
        nodeSelector: {kubernetes.io/hostname: worker-2}
        tolerations: [{key: team, operator: Equal, value: web, effect: NoSchedule}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod plain eventually scheduled on node worker-3
    And pod data eventually scheduled on node worker-1
    And pod data eventually Ready
    When 2 seconds pass
    And I run "kubectl describe pod other"
    And I run "kubectl taint nodes worker-2 team-"
    Then pod other eventually Ready
    When I run "kubectl taint nodes worker-1 team:NoSchedule-"
    And I run "kubectl taint nodes worker-1 team=data:NoSchedule-"

  @shared-cluster
  Scenario: NoExecute with a time
    When I run "kubectl create deployment site --image=example.com/site:1 --replicas=3"
    Then deployment site eventually has 3 ready replicas
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: patient}
      spec:
        nodeName: worker-2
        terminationGracePeriodSeconds: 1
        tolerations: [{key: maintenance, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
        containers: [{name: app, image: "example.com/app:1"}]
      """
    Then pod patient eventually Ready
    When I run "kubectl taint node worker-2 maintenance=now:NoExecute"
    Then pod patient eventually gone
    And deployment site eventually has 3 ready replicas
    When I run "kubectl get node worker-2 -o jsonpath={.spec.taints}"
    And I run "kubectl taint node worker-2 maintenance=now:NoExecute"
    Then the last command fails
    When I run "kubectl taint node worker-2 maintenance-"

  @shared-cluster
  Scenario: A priority class and a pod that preempts
    When I apply:
      """
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: vip-class}
      value: 100000
      description: "goes first"
      ---
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: filler}
      spec:
        replicas: 3
        selector: {matchLabels: {app: filler}}
        template:
          metadata: {labels: {app: filler}}
          spec: {terminationGracePeriodSeconds: 2, containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "3"}}}]}
      """
    Then replicaset filler eventually has 3 ready replicas
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: vip}
      spec: {priorityClassName: vip-class, containers: [{name: app, image: "example.com/app:1", resources: {requests: {cpu: "3"}}}]}
      """
    Then pod vip eventually Ready
    When I run "kubectl get rs filler"
    And I run "kubectl get events --field-selector reason=Preempted -o custom-columns=KIND:.involvedObject.kind,MESSAGE:.message"
    And I run "kubectl get pc vip-class"
