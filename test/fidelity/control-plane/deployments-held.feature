Feature: Deployments, ReplicaSets and ReplicationControllers under other hands

  Background:
    Given a cluster with 2 nodes

  @shared-cluster
  Scenario: The pods of a deployment are deleted by hand, all at once
    When I run "kubectl create deployment web --image=example.com/deployments1/web:1 --replicas=3 --port=80"
    Then deployment web eventually Available
    And deployment web eventually has 3 ready replicas
    When I run "kubectl delete pods -l app=web --now"
    Then deployment web eventually has 3 available replicas
    When I run "kubectl delete rs -l app=web"
    Then deployment web eventually has 3 available replicas
    And 3 pods labelled app=web eventually Running
    When I run "kubectl get deployment web -o jsonpath='{.metadata.generation} {.status.observedGeneration}'"
    And I run "kubectl describe deployment web"

  @shared-cluster
  Scenario: A ReplicaSet is edited beneath its deployment
    When I run "kubectl create deployment web --image=example.com/deployments2/web:1 --replicas=2"
    Then deployment web eventually has 2 available replicas
    When I run "kubectl scale rs -l app=web --replicas=5"
    And 3 seconds pass
    And I run "kubectl get deployment,rs"
    Then deployment web eventually has 2 available replicas
    When I run "kubectl annotate deployment web owner=ana"
    And I run "kubectl label deployment web tier=front"
    And 1 second passes
    And I run "kubectl get rs -o jsonpath='{.items[*].metadata.annotations} {.items[*].metadata.labels}'"
    And I run "kubectl patch deployment web -p '{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"tier\":\"front\"}}}}}'"
    And I run "kubectl rollout status deployment web"
    And I run "kubectl get pods -L tier,app"

  @shared-cluster
  Scenario: Two sets want the same pods
    When I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: one}
      spec:
        replicas: 2
        selector: {matchLabels: {app: shared}}
        template:
          metadata: {labels: {app: shared}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/deployments3/app:1"}]}
      """
    Then replicaset one eventually has 2 ready replicas
    When I apply:
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: two}
      spec:
        replicas: 1
        selector: {matchExpressions: [{key: app, operator: In, values: [shared, other]}]}
        template:
          metadata: {labels: {app: shared}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/deployments3/app:2"}]}
      """
    Then replicaset two eventually has 1 ready replicas
    When I run "kubectl delete rs one --cascade=orphan"
    And 2 seconds pass
    And I run "kubectl get rs"
    And I run "kubectl get pods -o custom-columns=OWNER:.metadata.ownerReferences[*].name --sort-by=.spec.containers[0].image"
    And I run "kubectl scale rs two --replicas=3"
    Then replicaset two eventually has 3 available replicas
    When I run "kubectl delete rs/two"
    Then pods labelled app=shared eventually gone

  @shared-cluster
  Scenario: A ReplicationController of old
    When I apply:
      """
      apiVersion: v1
      kind: ReplicationController
      metadata: {name: old}
      spec:
        replicas: 2
        minReadySeconds: 2
        template:
          metadata: {labels: {app: old, v: "1"}}
          spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "example.com/deployments4/old:1"}]}
      """
    Then replicationcontroller old eventually has 2 available replicas
    When I run "kubectl scale rc old --replicas=4"
    Then rc old eventually has 4 ready replicas
    When I run "kubectl describe rc old"
    And I run "kubectl label pods -l app=old v=2 --overwrite"
    And 2 seconds pass
    And I run "kubectl get rc -o wide"
    And I run "kubectl get pods --show-labels"
    And I run "kubectl delete rc old"
    And 3 seconds pass
    And I run "kubectl get pods -L v"

  @shared-cluster
  Scenario: A quota is too small for the whole deployment
    When I run "kubectl create quota few --hard=pods=2,count/deployments.apps=1"
    And 1 second passes
    And I run "kubectl create deployment web --image=example.com/deployments5/web:1 --replicas=3"
    And I run "kubectl create deployment more --image=example.com/deployments5/web:1"
    Then the last command fails
    And deployment web eventually has condition ReplicaFailure=True with reason FailedCreate
    And deployment web eventually has 2 ready replicas
    When I run "kubectl describe quota few"
    And I run "kubectl get deployment web"
    And I run "kubectl patch quota few -p '{\"spec\":{\"hard\":{\"pods\":\"5\"}}}'"
    And I run "kubectl scale deployment web --replicas=4"
    Then deployment web eventually has 4 available replicas
    When I run "kubectl get quota"
    And I run "kubectl get deployment web -o jsonpath='{.status.conditions[*].type}'"
