Feature: Budgets of a team

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: Cpu and memory are counted while pods come and go
    Given I run "kubectl create quota team --hard=requests.cpu=1,limits.memory=1Gi,pods=5,services=1"
    And 1 second passes
    When I run "kubectl run plain --image=example.com/quotas1/plain:1"
    Then the last command fails
    When I apply:
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: sized}
      spec:
        replicas: 3
        selector: {matchLabels: {app: sized}}
        template:
          metadata: {labels: {app: sized}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: sized, image: "example.com/quotas1/sized:1", resources: {requests: {cpu: 400m}, limits: {memory: 256Mi}}}]
      """
    Then deployment sized eventually has 2 ready replicas
    When I run "kubectl get quota team"
    And I run "kubectl set resources deployment sized --requests=cpu=100m"
    Then deployment sized eventually has 3 updated replicas
    And deployment sized eventually has 3 ready replicas
    When I run "kubectl expose deployment sized --port=80"
    And I run "kubectl expose deployment sized --port=81 --name=again"
    Then the last command fails
    When I run "kubectl describe quota team"
    And I run "kubectl delete deployment sized"
    Then pods labelled app=sized eventually gone
    When I run "kubectl delete service sized"
    And 6 seconds pass
    And I run "kubectl get quota team -o jsonpath='{.status.used}'"

  @shared-cluster
  Scenario: Defaults of a range meet a quota
    Given I apply:
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: range}
      spec: {limits: [{type: Container, default: {cpu: 200m, memory: 128Mi}, defaultRequest: {cpu: 100m}, max: {cpu: 500m}}]}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: all}
      spec: {hard: {requests.cpu: 300m, limits.cpu: 600m, configmaps: "2", persistentvolumeclaims: "0"}}
      """
    And 1 second passes
    When I run "kubectl create deployment a --image=example.com/quotas2/a:1 --replicas=4"
    Then deployment a eventually has 3 ready replicas
    And deployment a eventually has condition ReplicaFailure=True
    When I run "kubectl create configmap one"
    And I run "kubectl create configmap two"
    And I run "kubectl describe rs -l app=a"
    And I run "kubectl describe quota all"
    And I run "kubectl describe limits range"
    And I run "kubectl scale deployment a --replicas=1"
    And 3 seconds pass
    And I run "kubectl get quota all"
