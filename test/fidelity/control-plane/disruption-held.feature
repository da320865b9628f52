Feature: Nodes are emptied for maintenance

  Background:
    Given a cluster with 3 nodes

  @shared-cluster
  Scenario: One node after the other, with a budget of one
    Given I run "kubectl create deployment api --image=example.com/disruption1/api:1 --replicas=3"
    And I run "kubectl create pdb api --selector=app=api --max-unavailable=1"
    Then deployment api eventually has 3 available replicas
    And pdb api eventually has field .status.disruptionsAllowed "1"
    When I run "kubectl cordon worker-1"
    And I run "kubectl drain worker-1 --timeout=40s"
    Then the last command succeeds
    And deployment api eventually has 3 available replicas
    When I run "kubectl drain worker-2 --timeout=40s"
    Then the last command succeeds
    And deployment api eventually has 3 available replicas
    When I run "kubectl get nodes"
    And I run "kubectl uncordon worker-1 worker-2"
    And I run "kubectl get pdb api -o jsonpath='{.status.currentHealthy}/{.status.desiredHealthy}/{.status.expectedPods} {.status.conditions[0].reason}'"

  @shared-cluster
  Scenario: Both budgets match the same pod
    Given I run "kubectl run solo --image=example.com/disruption2/solo:1 --labels=app=solo"
    And I run "kubectl create pdb first --selector=app=solo --min-available=0"
    And I run "kubectl create pdb second --selector=app --min-available=0"
    Then pod solo eventually Ready
    And pdb first eventually has field .status.expectedPods "1"
    And pdb second eventually has field .status.expectedPods "1"
    When I create:
      """
      apiVersion: policy/v1
      kind: Eviction
      metadata: {name: solo}
      """
    And I run "kubectl drain worker-1 worker-2 worker-3 --force --timeout=4s --pod-selector=app=solo"
    Then the last command fails
    When I run "kubectl delete pdb second"
    And I run "kubectl drain worker-1 worker-2 worker-3 --force --timeout=50s --pod-selector=app=solo"
    Then pod solo eventually gone
    When I run "kubectl uncordon worker-1 worker-2 worker-3"
    And I run "kubectl get pdb"

  @shared-cluster
  Scenario: A stateful set of three and half of it
    When I apply:
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: etc}
      spec:
        replicas: 3
        serviceName: etc
        selector: {matchLabels: {app: etc}}
        template:
          metadata: {labels: {app: etc}}
          spec:
            terminationGracePeriodSeconds: 2
            affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: etc}}}]}}
            containers: [{name: etc, image: "example.com/disruption3/etc:1"}]
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: etc}
      spec: {minAvailable: 51%, selector: {matchLabels: {app: etc}}}
      """
    Then statefulset etc eventually has 3 ready replicas
    And pdb etc eventually has field .status.disruptionsAllowed "1"
    When I run "kubectl drain worker-3 --timeout=30s"
    And 2 seconds pass
    And I run "kubectl get pdb"
    And I run "kubectl get sts,pods"
    And I run "kubectl drain worker-2 --timeout=4s"
    Then the last command fails
    When I run "kubectl uncordon worker-2 worker-3"
    Then statefulset etc eventually has 3 ready replicas
    And pdb etc eventually has field .status.disruptionsAllowed "1"

  @shared-cluster
  Scenario: A budget is given after the pods, changed and withdrawn
    Given I run "kubectl create deployment cache --image=example.com/disruption4/cache:1 --replicas=2"
    Then deployment cache eventually has 2 ready replicas
    When I apply:
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: cache}
      spec: {minAvailable: 3, selector: {matchLabels: {app: cache}}}
      """
    And 2 seconds pass
    And I run "kubectl describe pdb cache"
    And I run "kubectl scale deployment cache --replicas=4"
    Then pdb cache eventually has field .status.disruptionsAllowed "1"
    When I run "kubectl delete pods -l app=cache --wait=false"
    And 1 second passes
    Then deployment cache eventually has 4 ready replicas
    And pdb cache eventually has condition DisruptionAllowed=True with reason SufficientPods
    When I run "kubectl patch pdb cache -p '{\"spec\":{\"minAvailable\":4}}'"
    Then pdb cache eventually has condition DisruptionAllowed=False with reason InsufficientPods
    When I run "kubectl get pdb cache -o wide"
    And I run "kubectl delete pdb cache"
    Then pdb cache gone

  @shared-cluster
  Scenario: Drain by selector, without eviction, with another grace
    Given I run "kubectl label nodes worker-1 worker-2 pool=a"
    And I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: app}
      spec:
        replicas: 4
        selector: {matchLabels: {app: app}}
        template:
          metadata: {labels: {app: app}, annotations: {behaviour.kscenario.dev/app: "term: {after: 30s}"}}
          spec:
            nodeSelector: {pool: a}
            terminationGracePeriodSeconds: 60
            containers: [{name: app, image: "example.com/disruption5/app:1"}]
      """
    Then deployment app eventually has 4 available replicas
    When I run "kubectl drain -l pool=a --disable-eviction --grace-period=2 --timeout=60s"
    Then the last command succeeds
    When I run "kubectl get nodes -L pool"
    And I run "kubectl get pods"
    And I run "kubectl describe deployment app"
    And I run "kubectl uncordon -l pool=a"
    Then deployment app eventually has 4 available replicas
