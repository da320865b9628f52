Feature: Budgets that change, and evictions that wait

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: The set under a budget is scaled while a drain waits
    When I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: api}
      spec:
        replicas: 2
        selector: {matchLabels: {app: api}}
        template:
          metadata: {labels: {app: api}}
          spec:
            terminationGracePeriodSeconds: 1
            nodeSelector: {kubernetes.io/hostname: worker-1}
            containers: [{name: api, image: "example.com/later1/api:1"}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: api}
      spec: {minAvailable: 2, selector: {matchLabels: {app: api}}}
      """
    Then 2 pods labelled app=api eventually Ready
    And poddisruptionbudget api eventually has field .status.currentHealthy "2"
    When I run "kubectl drain worker-1 --timeout=3s"
    Then the last command fails
    When I run "kubectl scale rs api --replicas=4"
    And 2 seconds pass
    And I run "kubectl get pods"
    And I run "kubectl get pdb api -o jsonpath='{.status.expectedPods} {.status.currentHealthy} {.status.disruptionsAllowed}'"
    And I run "kubectl uncordon worker-1"
    Then 4 pods labelled app=api eventually Ready
    And poddisruptionbudget api eventually has field .status.disruptionsAllowed "2"
    When I run "kubectl get pdb"

  @shared-cluster
  Scenario: Two bare pods under a budget with maxUnavailable
    When I apply:
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: one, labels: {app: lone}}
      spec: {nodeName: worker-2, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/later2/lone:1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: two, labels: {app: lone}}
      spec: {nodeName: worker-3, terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/later2/lone:1"}]}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: lone}
      spec: {maxUnavailable: 1, selector: {matchLabels: {app: lone}}}
      """
    Then pod one eventually Ready
    And pod two eventually Ready
    When 2 seconds pass
    And I run "kubectl get pdb lone -o yaml"
    And I run "kubectl describe pdb lone"
    And I run "kubectl patch pdb lone --type=merge -p '{\"spec\":{\"maxUnavailable\":null,\"minAvailable\":1}}'"
    Then poddisruptionbudget lone eventually has field .status.disruptionsAllowed "1"
    When I run "kubectl drain worker-2 --force --timeout=20s"
    Then the last command succeeds
    When I run "kubectl drain worker-3 --force --timeout=3s"
    Then the last command fails
    When I run "kubectl get pods,pdb"
    And I run "kubectl uncordon worker-2 worker-3"

  @shared-cluster
  Scenario: A budget of all, and a deployment whose pods never get ready
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        replicas: 3
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}, annotations: {behaviour.kscenario.dev/shop: "exec: [{code: 1}]"}}
          spec:
            terminationGracePeriodSeconds: 1
            nodeSelector: {kubernetes.io/hostname: worker-2}
            containers: [{name: shop, image: "example.com/later3/shop:1", readinessProbe: {exec: {command: [fail]}, periodSeconds: 1}}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: shop}
      spec: {maxUnavailable: 0, selector: {matchLabels: {app: shop}}}
      """
    Then 3 pods labelled app=shop eventually Running
    When 2 seconds pass
    And I run "kubectl get pdb"
    And I run "kubectl get pdb shop -o jsonpath='{.status.conditions[0].type} {.status.conditions[0].status} {.status.conditions[0].reason}'"
    And I run "kubectl patch pdb shop --type=merge -p '{\"spec\":{\"maxUnavailable\":2}}'"
    And 1 second passes
    And I run "kubectl get pdb"
    And I run "kubectl delete pods -l app=shop"
    Then 3 pods labelled app=shop eventually Running
    When I run "kubectl delete deployment shop"
    Then pods labelled app=shop eventually gone
    When 1 second passes
    And I run "kubectl get pdb"

  @shared-cluster
  Scenario: A budget that selects everything and one that selects nothing
    When I apply:
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: all}
      spec: {minAvailable: "50%", selector: {}}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: none}
      spec: {minAvailable: 1}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: some}
      spec: {minAvailable: 1, selector: {matchExpressions: [{key: tier, operator: In, values: [front, back]}]}}
      """
    And I run "kubectl create deployment front --image=example.com/later4/front:1 --replicas=3"
    And I run "kubectl create deployment back --image=example.com/later4/back:1 --replicas=2"
    Then deployment front eventually has 3 available replicas
    And deployment back eventually has 2 available replicas
    When 2 seconds pass
    And I run "kubectl get pdb"
    And I run "kubectl label pods --all tier=front"
    And 2 seconds pass
    And I run "kubectl get pdb"
    And I run "kubectl scale deployment back --replicas=0"
    And 3 seconds pass
    And I run "kubectl get pdb"
    And I run "kubectl describe pdb some"
